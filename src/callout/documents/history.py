"""The history of a record in words."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from callout.audit.models import Entry
from callout.documents import registry
from callout.ui import shapes

LONGEST = 200
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NOTHING: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: when, who, what, and its facts as (name, value)."""

    at: datetime
    who: str
    what: str
    facts: list[tuple[str, str]]


def told(entry: Entry) -> Told:
    """An entry for the page; nested facts are shortened."""
    facts = [
        (registry.fact_label(name), value_words(name, value))
        for name, value in entry.facts.items()
        if value not in NOTHING
    ]
    return Told(at=entry.at, who=entry.actor_name, what=registry.action_label(entry.action), facts=facts)


def value_words(name: str, value: Any) -> str:
    """The value of the fact with that name in the reader's language and time zone; a long one is cut."""
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = gettext("yes") if value else gettext("no")
    elif isinstance(value, dict):
        text = ", ".join(f"{registry.fact_label(key)}: {value_words(key, one)}" for key, one in value.items())
    elif isinstance(value, list):
        text = (" → " if len(value) == 2 else ", ").join(value_words(name, one) for one in value)
    else:
        text = _dated(value) or registry.fact_value(name, value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _dated(value: Any) -> str:
    """A day or a moment as the reader writes it; nothing for any other value."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return shapes.day_writer()(date.fromisoformat(value))
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return shapes.moment_writer()(datetime.fromisoformat(value))
    return ""
