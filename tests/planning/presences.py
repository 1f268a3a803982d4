"""Patterns and presences for tests."""

import re
from datetime import datetime, time, timedelta

from callout.customers.models import Zone
from callout.planning.commands import patterns as commands
from callout.planning.models import ActivityType, PresencePattern, Resource
from callout.planning.queries.patterns import Choice
from tests import builders
from tests.planning.support import MONDAY, NOW, dispatcher

FRIDAY = MONDAY + timedelta(days=4)
WEEK = Choice(MONDAY, FRIDAY)
HOURS = {"starts": time(8), "ends": time(12)}


def by_patterns(*kinds: ActivityType) -> Resource:
    """Rossi, who performs these types and works by presence patterns."""
    made = builders.technician("Rossi", performs=kinds)
    made.presence = "patterns"
    made.save()
    return made


def zone(name: str = "North") -> Zone:
    return Zone.objects.create(name=name, code=f"Z{builders.n()}")


def add(resource: Resource, *, actor=None, **fields) -> PresencePattern:
    start = {"unit": "week", "weekdays": list(range(5)), "starts_on": MONDAY, **HOURS}
    return commands.add_pattern(resource_id=resource.pk, actor=actor or dispatcher(), now=NOW, **{**start, **fields})


def change(pattern: PresencePattern, **fields) -> PresencePattern:
    pattern.refresh_from_db()
    return commands.change_pattern(
        pattern_id=pattern.pk, version=pattern.version, actor=dispatcher(), now=NOW, **fields
    )


def generate(resource: Resource, choice: Choice = WEEK, now: datetime = NOW, **fields) -> dict[str, int]:
    return commands.generate(resource_id=resource.pk, choice=choice, actor=dispatcher(), now=now, **fields)


def some(tally: dict[str, int]) -> dict[str, int]:
    return {fate: count for fate, count in tally.items() if count}


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def generate_data(**fields) -> dict:
    return {"first": MONDAY.isoformat(), "last": FRIDAY.isoformat(), "clear": "", **fields}
