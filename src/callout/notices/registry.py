"""Events that higher apps send mail about, each with its built-in wording."""

from collections.abc import Mapping
from dataclasses import dataclass

from callout.notices.errors import UnknownEvent


@dataclass(frozen=True, slots=True)
class Event:
    """An event with its built-in wording in English, translated when it is used.

    `subject` and `body` hold placeholders like `{{ ticket.code }}`; `fields` names all that may be used and says what
    each is.
    """

    code: str
    label: str
    subject: str
    body: str
    fields: Mapping[str, str]


_events: dict[str, Event] = {}


def register_event(code: str, *, label: str, subject: str, body: str, fields: Mapping[str, str]) -> None:
    """Make an event known; texts are marked with N_. A second registration replaces the first."""
    _events[code] = Event(code=code, label=label, subject=subject, body=body, fields=dict(fields))


def event(code: str) -> Event:
    """The event. Raises UnknownEvent."""
    if code not in _events:
        raise UnknownEvent(event=code)
    return _events[code]


def events() -> list[Event]:
    """All events, by code."""
    return [_events[code] for code in sorted(_events)]


def label_of(code: str) -> str:
    """The name of an event, untranslated; the code itself for one that no longer exists."""
    return _events[code].label if code in _events else code
