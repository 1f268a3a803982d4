"""Many at once on one calendar: one wins, the others are told, nobody waits for ever."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from callout.accounts.actor import Actor
from callout.core.errors import StaleVersion
from callout.planning import commands
from callout.planning.errors import SlotTaken
from callout.planning.models import Appointment
from tests import builders
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Run all of them at the same moment, each with a session of its own; refusals are results."""
    ready = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        ready.wait(timeout=30)
        try:
            return work()
        except (SlotTaken, StaleVersion) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_forty_on_one_slot_give_one_appointment() -> None:
    kind = builders.activity_type()
    rossi = builders.technician("Rossi", performs=(kind,))
    builders.technician("Bianchi", performs=(kind,))
    slot = window(MONDAY, "09:00", "10:00")
    actor = dispatcher()
    began = time.monotonic()
    results = at_once([lambda: book(rossi, kind, slot, actor=actor)] * 40)
    took = time.monotonic() - began
    assert sum(isinstance(result, Appointment) for result in results) == 1
    refusals = [result for result in results if isinstance(result, SlotTaken)]
    assert len(refusals) == 39
    assert {refusal.facts["free"] for refusal in refusals} == {"Bianchi"}
    assert Appointment.objects.count() == 1
    assert took < 10, f"{took:.1f} s"


def test_forty_on_the_same_twenty_slots_fill_each_once() -> None:
    kind = builders.activity_type()
    people = [builders.technician(performs=(kind,)) for _ in range(5)]
    slots = [(person, window(MONDAY, f"{hour}:00", f"{hour + 1}:00")) for person in people for hour in range(13, 17)]
    actor = dispatcher()

    def working(number: int) -> Callable[[], object]:
        def run() -> int:
            made = 0
            for at in range(len(slots)):
                person, slot = slots[(at * 7 + number) % len(slots)]
                try:
                    book(person, kind, slot, actor=actor)
                    made += 1
                except SlotTaken:
                    continue
            return made

        return run

    made = at_once([working(number) for number in range(40)])
    assert sum(made) == len(slots) == Appointment.objects.count()
    assert Appointment.objects.values("resource", "starts").distinct().count() == len(slots)


def test_overlapping_slots_race_like_equal_ones() -> None:
    kind = builders.activity_type()
    rossi = builders.technician(performs=(kind,))
    actor = dispatcher()
    slots = [window(MONDAY, f"{8 + n // 4:02}:{n % 4 * 15:02}", f"{9 + n // 4:02}:{n % 4 * 15:02}") for n in range(12)]
    results = at_once([lambda slot=slot: book(rossi, kind, slot, actor=actor) for slot in slots])
    made = sorted((a.starts, a.ends) for a in results if isinstance(a, Appointment))
    assert made
    assert all(one[1] <= other[0] for one, other in zip(made, made[1:], strict=False))


def test_two_dispatchers_move_one_appointment() -> None:
    kind = builders.activity_type()
    rossi, bianchi = (builders.technician(performs=(kind,)) for _ in range(2))
    made = book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    first, second = dispatcher(), dispatcher()

    def moving(actor: Actor, hour: int) -> Callable[[], object]:
        slot = window(MONDAY, f"{hour}:00", f"{hour + 1}:00")
        return lambda: commands.move(
            appointment=made, resource_id=bianchi.pk, window=slot, version=1, actor=actor, now=NOW
        )

    results = at_once([moving(first, 10), moving(second, 14)])
    assert sorted(type(result).__name__ for result in results) == ["Appointment", "StaleVersion"]
    assert Appointment.objects.get().version == 2


def test_two_appointments_moved_into_each_others_place_do_not_deadlock() -> None:
    kind = builders.activity_type()
    one, other = (builders.technician(performs=(kind,)) for _ in range(2))
    slot = window(MONDAY, "09:00", "10:00")
    actor = dispatcher()
    left, right = book(one, kind, slot, actor=actor), book(other, kind, slot, actor=actor)

    def swap(appointment: Appointment, to: int) -> Callable[[], object]:
        return lambda: commands.move(appointment=appointment, resource_id=to, window=slot, actor=actor, now=NOW)

    for _ in range(5):
        results = at_once([swap(left, other.pk), swap(right, one.pk)] * 4)
        assert all(isinstance(result, SlotTaken) for result in results)
    places = set(Appointment.objects.values_list("pk", "resource_id"))
    assert places == {(left.pk, one.pk), (right.pk, other.pk)}


def test_crossing_moves_into_free_time_both_succeed() -> None:
    kind = builders.activity_type()
    one, other = (builders.technician(performs=(kind,)) for _ in range(2))
    actor = dispatcher()
    left = book(one, kind, window(MONDAY, "09:00", "10:00"), actor=actor)
    right = book(other, kind, window(MONDAY, "14:00", "15:00"), actor=actor)

    def cross(appointment: Appointment, to: int, hour: int) -> Callable[[], object]:
        slot = window(MONDAY, f"{hour:02}:00", f"{hour + 1:02}:00")
        return lambda: commands.move(appointment=appointment, resource_id=to, window=slot, actor=actor, now=NOW)

    results = at_once([cross(left, other.pk, 9), cross(right, one.pk, 14)])
    assert all(isinstance(result, Appointment) for result in results)


def test_an_absence_and_a_booking_at_once_never_both_stand() -> None:
    kind = builders.activity_type()
    rossi = builders.technician(performs=(kind,))
    actor = dispatcher()
    slot = window(MONDAY, "09:00", "10:00")

    def absence() -> object:
        return commands.add_absence(resource_id=rossi.pk, window=slot, reason="ill", actor=actor, now=NOW)

    def booking() -> object:
        return book(rossi, kind, slot, actor=actor)

    results = _outcomes([absence, booking])
    assert sorted(results) in (["Absence", "OnAbsence"], ["Appointment", "WorkPlanned"])


def _outcomes(works: list[Callable[[], object]]) -> list[str]:
    from callout.core.errors import DomainError

    def named(work: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            try:
                return type(work()).__name__
            except DomainError as refusal:
                return type(refusal).__name__

        return run

    return [str(result) for result in at_once([named(work) for work in works])]
