"""Free time that is kept equals free time that is worked out, whatever happens to the calendars."""

from contextlib import suppress
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from callout.core.errors import DomainError
from callout.core.free import Stretch
from callout.core.intervals import Interval
from callout.core.slots import Wish
from callout.core.worktime import Shift
from callout.planning import commands, queries
from callout.planning.commands import free
from callout.planning.models import Appointment, FreeTime, Presence, Resource
from tests import builders
from tests.planning.support import MONDAY, NOW, administrator, book, dispatcher, window

STARTS = window(MONDAY, "00:00", "01:00").starts


def kept(resource):
    rows = FreeTime.objects.filter(resource=resource).order_by("starts").values_list("starts", "ends", "zone_id")
    return [Stretch(Interval(starts, ends), zone or 0) for starts, ends, zone in rows]


def worked_out(resource):
    fresh = Resource.objects.select_related("user", "branch").get(pk=resource.pk)
    return queries.free_times([fresh], Interval(fresh.free_from, fresh.free_until))[resource.pk]


def technician(name, kind):
    made = builders.technician(name, performs=(kind,))
    free.rebuild(resource_id=made.pk, now=NOW)
    return made


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "move", "release", "revive", "absence", "back", "hours"]),
        st.integers(0, 1),  # who
        st.integers(0, 4 * 24 * 12),  # five-minute steps from Monday
        st.sampled_from([15, 60, 90, 240]),
        st.integers(0, 5),  # which
    ),
    max_size=14,
)


class AnyDay(TestCase):
    """Random days of two technicians, each step refused or carried out by its command."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_kept_is_worked_out_after_every_step(self, steps):
        kind = builders.activity_type(minutes=60)
        people = [technician("Rossi", kind), technician("Bianchi", kind)]
        for name, who, at, minutes, which in steps:
            starts = STARTS + timedelta(minutes=5 * at)
            slot = Interval(starts, starts + timedelta(minutes=minutes))
            with suppress(DomainError):
                self._step(name, people, who, slot, kind, which)
            for person in people:
                assert kept(person) == worked_out(person), name
        self._slots_agree(kind, people)

    def _step(self, name, people, who, slot, kind, which):
        actor = dispatcher()
        held = list(Appointment.objects.order_by("pk"))
        away = list(queries.absences_visible_to(actor).order_by("pk"))
        match name:
            case "book":
                book(people[who], kind, slot)
            case "move" if held:
                commands.move(
                    appointment=held[which % len(held)], resource_id=people[who].pk, window=slot, actor=actor, now=NOW
                )
            case "release" if held:
                commands.release(appointment=held[which % len(held)], actor=actor, now=NOW)
            case "revive" if held:
                commands.set_category(appointment=held[which % len(held)], category="planned", actor=actor, now=NOW)
            case "absence":
                commands.add_absence(resource_id=people[who].pk, window=slot, reason="x", actor=actor, now=NOW)
            case "back" if away:
                commands.remove_absence(absence_id=away[which % len(away)].pk, version=None, actor=actor, now=NOW)
            case "hours":
                hour = slot.starts.replace(minute=0, second=0, microsecond=0).time()
                later = slot.starts.replace(minute=45, second=0, microsecond=0).time()
                commands.change_resource(
                    resource_id=people[who].pk, version=None, hours=[Shift(which, hour, later)],
                    actor=administrator(), now=NOW,
                )  # fmt: skip

    def _slots_agree(self, kind, people):
        for wish in (Wish(), Wish(frozenset({0, 2}), STARTS.replace(hour=9).time(), STARTS.replace(hour=15).time())):
            asked = {"actor": dispatcher(), "wish": wish, "limit": 10, "days": 10}
            fast = queries.free_slots(kind, NOW, **asked)
            Resource.objects.update(free_until=None)
            slow = queries.free_slots(kind, NOW, **asked)
            Resource.objects.update(free_until=NOW + timedelta(days=100))
            assert [(o.interval, o.resource_id, o.others) for o in fast] == [
                (o.interval, o.resource_id, o.others) for o in slow
            ]
            if not wish.has_hours:
                assert [o.interval.starts for o in fast] == multirange(people, kind.minutes)[:10]


def multirange(people, minutes):
    """The oracle: for each day, the database's own difference of multiranges, each piece's first quarter of an hour."""
    found = set()
    for person in people:
        day = queries.calendar([person], NOW, NOW + timedelta(days=10))[person.pk]
        bookable = "{" + ",".join(f"[{each.starts},{each.ends})" for each in day.bookable) + "}"
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH free AS (
                    SELECT unnest(%s::tstzmultirange - coalesce(
                        (SELECT range_agg(tstzrange(starts, ends)) FROM planning_appointment
                         WHERE resource_id = %s AND blocks), '{}')) AS piece
                ), days AS (
                    SELECT day AT TIME ZONE 'Europe/Rome' AS starts, (day + interval '1 day') AT TIME ZONE 'Europe/Rome'
                        AS ends FROM generate_series(%s::date::timestamp, %s::date::timestamp, '1 day') AS day
                )
                SELECT DISTINCT start FROM free, days, LATERAL (
                    SELECT to_timestamp(ceil(extract(epoch FROM greatest(lower(piece), days.starts, %s)) / 900) * 900)
                ) AS quarter (start)
                WHERE lower(piece) < days.ends AND upper(piece) > days.starts AND start < days.ends
                    AND upper(piece) - start >= make_interval(mins => %s)
                    AND greatest(lower(piece), days.starts, %s) < %s
                """,
                [bookable, person.pk, NOW.date(), (NOW + timedelta(days=10)).date(), NOW, minutes, NOW,
                 NOW + timedelta(days=10)],
            )  # fmt: skip
            found |= {row[0] for row in cursor.fetchall()}
    return sorted(found)


@pytest.mark.django_db
def test_free_time_moves_on_with_the_days_and_heals_what_was_wrong():
    kind = builders.activity_type()
    rossi = technician("Rossi", kind)
    assert free.rebuild(resource_id=rossi.pk, now=NOW + timedelta(days=1)) == 0
    FreeTime.objects.filter(resource=rossi, starts=window(MONDAY + timedelta(days=7), "08:00", "09:00").starts).delete()
    assert free.rebuild(resource_id=rossi.pk, now=NOW + timedelta(days=2)) == 1
    assert kept(rossi) == worked_out(rossi)
    free.rebuild_all(now=NOW + timedelta(days=30))
    assert kept(rossi) == worked_out(rossi)
    assert not FreeTime.objects.filter(ends__lt=NOW + timedelta(days=27)).exists()


@pytest.mark.django_db
def test_a_zone_is_served_only_while_somebody_is_present_in_it():
    kind = builders.activity_type(minutes=60)
    rossi = builders.technician("Rossi", performs=(kind,))
    north, south = builders.zone("North"), builders.zone("South")
    Resource.objects.filter(pk=rossi.pk).update(presence="patterns")
    for zone, hours in ((north, ("08:00", "12:00")), (south, ("13:00", "17:00"))):
        slot = window(MONDAY, *hours)
        Presence.objects.create(resource=rossi, zone=zone, starts=slot.starts, ends=slot.ends)
    for keep in (False, True):
        if keep:
            free.rebuild(resource_id=rossi.pk, now=NOW)
        for zone, first in ((north, "08:00"), (south, "13:00"), (None, "08:00")):
            site = builders.site(zone=zone)
            found = queries.free_slots(kind, NOW, actor=dispatcher(), site=site)
            assert found[0].interval.starts == window(MONDAY, first, "18:00").starts


@pytest.mark.django_db
def test_of_several_who_are_free_the_one_with_the_least_driving_is_offered():
    kind = builders.activity_type(minutes=60)
    far, near = technician("Far", kind), technician("Near", kind)
    Resource.objects.filter(pk=far.pk).update(home_latitude=Decimal("45.9"), home_longitude=Decimal("9.2"))
    Resource.objects.filter(pk=near.pk).update(home_latitude=Decimal("45.5"), home_longitude=Decimal("9.2"))
    site = builders.site(latitude=Decimal("45.46"), longitude=Decimal("9.19"))
    offer = queries.free_slots(kind, NOW, actor=dispatcher(), site=site)[0]
    assert (offer.name, offer.others) == ("Near", 1)
    assert offer.detour_km == pytest.approx(2 * 1.3 * 4.5, abs=1)


@pytest.mark.django_db
def test_a_free_stretch_in_the_night_is_offered_over_midnight():
    kind = builders.activity_type(minutes=120)
    rossi = technician("Rossi", kind)
    night = Shift(0, time(23), time(2))
    commands.change_resource(resource_id=rossi.pk, version=None, hours=[night], actor=administrator(), now=NOW)
    offer = queries.free_slots(kind, NOW, actor=dispatcher())[0]
    assert offer.interval == window(MONDAY, "23:00", "01:00")
