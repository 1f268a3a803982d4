"""What higher apps tell this one when they start: whose files and history may be read by whom, which settings exist."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from callout.accounts.actor import Actor

MayRead = Callable[[Actor, int], bool]

_subjects: dict[str, MayRead] = {}


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """An entry of the settings page; shown to who has `right`. `label` and `text` are lazy translations."""

    url_name: str
    label: Any
    text: Any
    icon: str
    right: str


_settings: dict[str, SettingsPage] = {}


def register_subject(kind: str, *, may_read: MayRead) -> None:
    """Say who may read files and history of records of `kind` (the model's name in small letters).

    `may_read(actor, id)` is asked at every read; it has to answer False for what lies outside the actor's scope.
    """
    _subjects[kind] = may_read


def may_read(actor: Actor, kind: str, subject_id: int) -> bool:
    """Whether `actor` may read what belongs to this record; never for a kind that nobody registered."""
    check = _subjects.get(kind)
    return check is not None and check(actor, subject_id)


def register_settings(page: SettingsPage) -> None:
    """Offer a page under "Settings"."""
    _settings[page.url_name] = page


def settings_pages(actor: Actor) -> list[SettingsPage]:
    """The settings that `actor` may open, in the order in which they were registered."""
    return [page for page in _settings.values() if actor.may(page.right)]


_actions: dict[str, Any] = {}


_facts: dict[str, Any] = {}


def register_actions(labels: Mapping[str, Any], facts: Mapping[str, Any] | None = None) -> None:
    """Say in words what actions of the history are, {"ticket.cancelled": N_("Cancelled")}, and what their facts are
    called, {"reason": N_("reason")}.
    """
    _actions.update(labels)
    _facts.update(facts or {})


_writers: dict[str, Callable[[Any], str]] = {}


def register_values(facts: Iterable[str], write: Callable[[Any], str]) -> None:
    """Say how these facts are written for the reader; `write` gets one value as the history keeps it."""
    _writers.update(dict.fromkeys(facts, write))


def fact_value(name: str, value: Any) -> str:
    """A fact's value in the reader's language; one that nobody described as it is written."""
    return _writers.get(name, str)(value)


def action_label(action: str) -> str:
    """An action in the reader's language; one that nobody described as it is written."""
    label = _actions.get(action)
    return gettext(str(label)) if label else action.replace(".", ": ").replace("_", " ")


def fact_label(name: str) -> str:
    """What a fact of the history is called in the reader's language; one that nobody described as it is written."""
    label = _facts.get(name)
    return gettext(str(label)) if label else name.replace("_", " ")
