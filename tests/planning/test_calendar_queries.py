"""Calendars are read in a bounded number of statements, by indexes."""

from datetime import timedelta

import pytest
from django.db import connection

from callout.core.worktime import ClosureKind
from callout.planning import commands, queries
from callout.planning.models import Appointment, Presence, Resource
from tests import builders
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db
WEEK = (window(MONDAY, "00:00", "01:00").starts, window(MONDAY + timedelta(days=7), "00:00", "01:00").starts)


def test_a_week_of_many_takes_three_statements(django_assert_num_queries) -> None:
    for number in range(12):
        made = builders.technician()
        if number % 2:
            Resource.objects.filter(pk=made.pk).update(presence="patterns")
    resources = list(queries.resources_visible_to(dispatcher()))
    with django_assert_num_queries(3):
        found = queries.calendar(resources, *WEEK)
    assert len(found) == 12


def test_a_calendar_holds_presence_absences_and_holidays() -> None:
    rossi = builders.technician("Rossi")
    commands.add_absence(
        resource_id=rossi.pk, window=window(MONDAY, "08:00", "09:00"), reason="doctor", actor=dispatcher(), now=NOW
    )
    start = WEEK[0] + timedelta(days=14)
    december = queries.calendar([rossi], start, start + timedelta(days=7))[rossi.pk]
    assert [closure.kind for closure in december.closures] == [ClosureKind.HOLIDAY]
    assert len(december.bookable) == 8
    november = queries.calendar([rossi], *WEEK)[rossi.pk]
    assert [closure.label for closure in november.closures] == ["doctor"]
    assert november.bookable[0] == window(MONDAY, "09:00", "12:00")


def test_generated_presences_count_only_within_working_hours() -> None:
    rossi = builders.technician("Rossi")
    Resource.objects.filter(pk=rossi.pk).update(presence="patterns")
    rossi.refresh_from_db()
    for slot in (window(MONDAY, "06:00", "09:00"), window(MONDAY, "11:00", "14:00")):
        Presence.objects.create(resource=rossi, starts=slot.starts, ends=slot.ends)
    day = queries.calendar([rossi], *WEEK)[rossi.pk]
    assert day.presence == [
        window(MONDAY, "08:00", "09:00"),
        window(MONDAY, "11:00", "12:00"),
        window(MONDAY, "13:00", "14:00"),
    ]


def test_what_takes_time_is_found_by_index() -> None:
    kind = builders.activity_type()
    rossi = builders.technician(performs=(kind,))
    first = book(rossi, kind, window(MONDAY, "08:00", "08:30"))
    begins = first.starts
    Appointment.objects.bulk_create(
        Appointment(
            resource=rossi, activity_type=kind, state=first.state, starts=begins + timedelta(hours=hour),
            ends=begins + timedelta(hours=hour, minutes=30), title="Visit", created_at=NOW,
        )
        for hour in range(1, 4000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("analyze planning_appointment")
    rows = queries.unfinished(rossi, begins + timedelta(hours=3000), begins + timedelta(hours=3001))
    plan = rows.explain()
    assert "appointment_calendar" in plan or "appointment_by_time" in plan, plan
    assert "Seq Scan" not in plan
    assert [each.starts for each in rows] == [begins + timedelta(hours=3000)]
    [busy] = queries.busy([rossi.pk], begins + timedelta(hours=3000), begins + timedelta(hours=3001))[rossi.pk]
    assert busy.interval.starts == begins + timedelta(hours=3000)
