"""From calendars and waiting work to a proposal: what goes where, what is left out and why, and what it costs."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import Branch
from callout.audit.models import Entry
from callout.core.intervals import Interval
from callout.dispatch import queries
from callout.dispatch.rules import Choice, Lunch
from callout.dispatch.rules.building import build
from callout.planning import commands as planning
from callout.planning.models import Presence, Resource
from callout.ui import clock
from tests import builders
from tests.dispatch.support import CITIES, company, workday, worked_out
from tests.planning.support import window

pytestmark = pytest.mark.django_db


def test_a_day_is_proposed_with_its_costs_and_reasons() -> None:
    made = company("Rossi")
    Resource.objects.update(home_latitude=CITIES[1][0], home_longitude=CITIES[1][1])
    meeting = planning.book(
        resource_id=made.technicians[0].pk, window=window(workday(), "09:00", "10:00"), activity_type=made.kind,
        title="Meeting", site=None, actor=made.actor, now=clock.now(),
    )  # fmt: skip
    made.call(kind=builders.activity_type("Welding"))
    made.call(None)
    proposal = worked_out(made, lunch=Lunch(time(12), time(13), 30))
    assert (proposal.status, proposal.run.status, proposal.run.error) == ("open", "done", "")
    assert proposal.run.result["url"] == f"/board/dispatch/{proposal.pk}/"
    sheet = queries.sheet(proposal, actor=made.actor)
    assert [(row.work_order_id, row.reason) for row in sheet.left_out] == [(made.orders[3].pk, "skill")]
    assert {each.suggestion.work_order_id for each in sheet.places} == {made.orders[at].pk for at in (0, 1, 2, 4)}
    held = Interval(meeting.starts, meeting.ends)
    for each in sheet.places:
        row = each.suggestion
        assert each.stale == "" and row.starts.minute % 5 == 0
        assert not Interval(row.starts, row.ends).overlaps(held)
    figures = proposal.figures
    assert figures["before"] == {"metres": 0, "travel": 0, "overtime": 0}
    assert figures["after"]["metres"] > 50_000 and figures["people"][0]["orders"] == 4
    assert proposal.notes == {"roads": "straight", "assumed": 1, "cut": False, "stopped": False}
    assert Entry.objects.filter(action="proposal.ready", subject_id=proposal.pk).count() == 1


def test_work_goes_to_whoever_is_in_its_zone_then() -> None:
    made = company("Rossi", calls=0)
    north, south = builders.zone("North"), builders.zone("South")
    Resource.objects.update(presence="patterns")
    for zone, starts, ends in ((north, "08:00", "12:00"), (south, "13:00", "17:00")):
        there = window(workday(), starts, ends)
        Presence.objects.create(resource=made.technicians[0], zone=zone, starts=there.starts, ends=there.ends)
    made.call(zone=south)
    made.call(zone=builders.zone("East"))
    proposal = worked_out(made)
    [place] = queries.sheet(proposal, actor=made.actor).places
    assert place.suggestion.work_order_id == made.orders[0].pk
    assert place.suggestion.starts >= window(workday(), "13:00", "17:00").starts
    [left] = queries.sheet(proposal, actor=made.actor).left_out
    assert (left.work_order_id, left.reason) == (made.orders[1].pk, "skill")


def test_a_situation_is_read_in_few_statements_however_many_orders() -> None:
    made = company(calls=2)
    choice = Choice(days=(workday(),))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            queries.situation(choice, actor=made.actor)
        counts.append(len(seen))
        made.call()
        made.call(CITIES[2])
    assert counts[0] == counts[1] <= 14


def test_people_and_work_are_narrowed_as_chosen() -> None:
    made = company("Rossi", "Bianchi", calls=2)
    other = builders.activity_type("Welding")
    welder = builders.technician("Verdi", Branch.objects.get(), performs=(other,))
    made.call(kind=other)

    def found(**fields) -> tuple[set[int], set[int]]:
        situation = queries.situation(Choice(days=(workday(),), **fields), actor=made.actor)
        return {person.id for person in situation.people}, {work.id for work in situation.works}

    everybody = {each.pk for each in made.technicians} | {welder.pk}
    everything = {each.pk for each in made.orders}
    assert found() == (everybody, everything)
    assert found(resource_ids=frozenset({welder.pk})) == ({welder.pk}, {made.orders[2].pk})
    team = builders.team()
    welder.user.membership_set.create(team=team)
    assert found(team_ids=frozenset({team.pk})) == ({welder.pk}, {made.orders[2].pk})
    assert found(type_ids=frozenset({other.pk})) == (everybody, {made.orders[2].pk})
    assert found(sector_ids=frozenset({other.sector_id})) == (everybody, everything)


def test_dispatching_today_puts_nothing_before_now() -> None:
    made = company("Rossi", calls=1)
    now = datetime.combine(workday(), time(10, 2), UTC)
    situation = queries.situation(Choice(days=(workday(),)), actor=made.actor)
    built = build(situation.people, situation.standing, situation.works, days=[workday()], now=now)
    [job] = [job for job in built.jobs if job.id in built.work]
    assert built.moment(job.windows[0][0]) == now + timedelta(minutes=3)
