"""The history of a record in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from callout.audit.models import Entry
from callout.documents import registry

LONGEST = 200
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
    facts = [(registry.fact_label(name), _short(value)) for name, value in entry.facts.items() if value not in NOTHING]
    return Told(at=entry.at, who=entry.actor_name, what=registry.action_label(entry.action), facts=facts)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        text = gettext("yes") if value else gettext("no")
    elif isinstance(value, dict):
        text = ", ".join(f"{registry.fact_label(key)}: {_short(one)}" for key, one in value.items())
    elif isinstance(value, list):
        text = " → ".join(map(_short, value)) if len(value) == 2 else ", ".join(map(_short, value))
    else:
        text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
