"""The board's data costs a fixed number of statements, by indexes, whatever its size."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection

from callout.board import queries
from callout.planning.models import Appointment
from tests import builders
from tests.board.support import browser, call, company
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db


def test_the_board_takes_nine_statements(django_assert_num_queries) -> None:
    made = company()
    crew = builders.team("Crew")
    for number in range(10):
        resource = builders.technician(f"T{number}", made.rossi.branch, performs=(made.kind,))
        resource.user.membership_set.create(team=crew)
        book(resource, made.kind, window(MONDAY, "09:00", "10:00"))
    actor = made.actor
    with django_assert_num_queries(9):
        found = json.loads(queries.board(actor, start=MONDAY, days=7, team=None, now=NOW))
    assert (len(found["resources"]), len(found["appointments"])) == (12, 10)


def test_waiting_work_takes_two_statements(django_assert_num_queries) -> None:
    made = company()
    for number in range(5):
        call(made, subject=f"Call {number}")
    actor = made.actor
    with django_assert_num_queries(2):
        assert len(queries.unplanned(actor).items) == 6


def test_a_request_takes_two_statements_more_for_who_asks(django_assert_num_queries) -> None:
    client = browser(company().dispatcher)
    client.get("/api/sectors")  # the session is written once a minute
    with django_assert_num_queries(11):
        assert client.get("/api/board?start=2026-11-23&days=7").status_code == 200


def test_a_week_among_years_is_found_by_index() -> None:
    kind = builders.activity_type()
    resources = [builders.technician(performs=(kind,)) for _ in range(4)]
    first = book(resources[0], kind, window(MONDAY, "08:00", "08:30"))
    Appointment.objects.bulk_create(
        Appointment(
            resource=resource, activity_type=kind, state=first.state, starts=first.starts + timedelta(hours=hour),
            ends=first.starts + timedelta(hours=hour, minutes=30), title="Visit", created_at=NOW,
        )
        for resource in resources
        for hour in range(1, 3000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("analyze planning_appointment")
    week = queries.span(dispatcher(), date(2027, 2, 1), 7)
    rows = queries.appointments_within([each.pk for each in resources], week)
    plan = rows.explain()
    assert "appointment_calendar" in plan or "appointment_by_time" in plan, plan
    assert "Seq Scan on planning_appointment" not in plan
    assert rows.count() == 4 * 7 * 24
