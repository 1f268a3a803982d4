"""A month of every calendar, day by day: how much stands on it and how much could."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from pydantic_core import to_json

from callout.accounts.actor import Actor
from callout.board.queries.calendars import Company, span, type_list
from callout.board.queries.cards import appointments_within
from callout.core.intervals import Interval
from callout.core.worktime import check_day, day_of, zone_of
from callout.planning import queries as planning
from callout.planning.queries.calendar import ResourceDay


def month(actor: Actor, *, start: date, team: int | None, now: datetime) -> bytes:
    """The month that `start` lies in, as JSON; days are local days of the actor.

    Each calendar has a cell for each day: appointments that begin on it, their minutes, bookable minutes, and why the
    day is closed. Eight statements, nine where presences are generated. Raises NotFound for an unknown team.
    """
    first = check_day(start.replace(day=1), field="start")
    days = ((first + timedelta(days=32)).replace(day=1) - first).days
    whole = span(actor, first, days)
    company = Company(actor, team)
    calendars = planning.calendar(company.shown, whole.starts, whole.ends)
    planned = _planned(actor, [each.pk for each in company.shown], whole)
    bounds = [day_of(first + timedelta(days=number), actor.time_zone).starts for number in range(days)]
    answer = {
        "time_zone": actor.time_zone,
        "start": first,
        "days": days,
        "now": now,
        "resources": [
            company.who(each) | {"cells": _cells(calendars[each.pk], bounds, whole, planned.get(each.pk, {}), first)}
            for each in company.shown
        ],
        "activity_types": type_list(),
        "teams": company.team_list,
        "branches": company.branch_list,
    }
    return to_json(answer)


def _planned(actor: Actor, resource_ids: list[int], whole: Interval) -> dict[int, dict[date, tuple[int, int]]]:
    """For each calendar and day: how many appointments begin on it, and their minutes; one statement."""
    rows = appointments_within(resource_ids, whole).filter(blocks=True, starts__gte=whole.starts)
    by_day = rows.annotate(day=TruncDate("starts", tzinfo=zone_of(actor.time_zone))).values_list("resource_id", "day")
    found: dict[int, dict[date, tuple[int, int]]] = {}
    for resource_id, day, count, length in by_day.annotate(count=Count("pk"), length=Sum(F("ends") - F("starts"))):
        found.setdefault(resource_id, {})[day] = (count, int(length.total_seconds() // 60))
    return found


def _cells(
    calendar: ResourceDay, bounds: list[datetime], whole: Interval, planned: dict[date, tuple[int, int]], first: date
) -> list[dict[str, Any]]:
    bookable = minutes_by_day(calendar.bookable, bounds, whole.ends)
    labels = [""] * len(bounds)
    for closure in calendar.closures:
        for number in _days_of(closure.interval, bounds, whole):
            labels[number] = labels[number] or closure.label
    cells = []
    for number in range(len(bounds)):
        count, minutes = planned.get(first + timedelta(days=number), (0, 0))
        cells.append({"count": count, "planned": minutes, "bookable": bookable[number], "closed": labels[number]})
    return cells


def _days_of(stretch: Interval, bounds: list[datetime], whole: Interval) -> range:
    """The numbers of the days that a stretch touches."""
    starts, ends = max(stretch.starts, whole.starts), min(stretch.ends, whole.ends)
    if starts >= ends:
        return range(0)
    return range(bisect_right(bounds, starts) - 1, bisect_right(bounds, ends - timedelta(microseconds=1)))


def minutes_by_day(stretches: Iterable[Interval], bounds: list[datetime], end: datetime) -> list[int]:
    """How many minutes of the stretches lie in each day; days begin at `bounds`, the last ends at `end`."""
    minutes = [0.0] * len(bounds)
    edges = [*bounds, end]
    for stretch in stretches:
        for number in _days_of(stretch, bounds, Interval(bounds[0], end)):
            inside = min(stretch.ends, edges[number + 1]) - max(stretch.starts, edges[number])
            minutes[number] += inside.total_seconds() / 60
    return [round(one) for one in minutes]
