"""Calendars for tests: people with names, windows by the clock of a place."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callout.accounts.actor import Actor
from callout.core.errors import DomainError
from callout.core.intervals import Interval
from callout.planning import commands
from callout.planning.models import ActivityType, Appointment, Resource
from callout.ui.refusals import explain
from tests import builders

MONDAY = date(2026, 11, 23)
NOW = builders.MONDAY


def window(day: date, starts: str, ends: str, zone: str = "Europe/Rome") -> Interval:
    """From one time of the day to another by the clock of `zone`; an end before the start is on the next day."""
    there = ZoneInfo(zone)
    begin = datetime.combine(day, time.fromisoformat(starts), there)
    end = datetime.combine(day, time.fromisoformat(ends), there)
    return Interval(begin, end if time.fromisoformat(ends) > time.fromisoformat(starts) else end + timedelta(days=1))


def dispatcher(**fields) -> Actor:
    """Somebody who plans."""
    return builders.actor("dispatcher", **fields)


def administrator() -> Actor:
    """Somebody who sets up planning."""
    return builders.actor("administrator")


def book(
    resource: Resource, kind: ActivityType, slot: Interval, *, actor: Actor | None = None, title: str = "Visit"
) -> Appointment:
    """An appointment made by a dispatcher."""
    return commands.book(
        resource_id=resource.pk, window=slot, activity_type=kind, title=title, site=None,
        actor=actor or dispatcher(), now=NOW,
    )  # fmt: skip


def words(error: DomainError) -> str:
    """What a reader is told."""
    return explain(error).text
