"""The next free times for a type of work."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from callout.planning import commands, queries
from callout.planning.commands import free
from callout.planning.models import Resource
from tests import builders
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db


def offered(kind, after, **fields):
    found = queries.free_slots(kind, after, actor=fields.pop("actor", None) or dispatcher(), **fields)
    return [(offer.name, offer.interval) for offer in found]


def test_each_start_is_offered_once_earliest_first() -> None:
    kind = builders.activity_type(minutes=60)
    rossi = builders.technician("Rossi", performs=(kind,))
    builders.technician("Bianchi", performs=(kind,))
    book(rossi, kind, window(MONDAY, "08:00", "09:30"))
    assert offered(kind, NOW, limit=4) == [
        ("Bianchi", window(MONDAY, "08:00", "09:00")),
        ("Rossi", window(MONDAY, "09:30", "10:30")),
        ("Rossi", window(MONDAY, "13:00", "14:00")),
        ("Rossi", window(MONDAY + timedelta(days=1), "08:00", "09:00")),
    ]
    third = queries.free_slots(kind, NOW, actor=dispatcher(), limit=4)[2]
    assert third.others == 1


def test_starts_lie_on_quarters_and_not_before_the_asked_time() -> None:
    kind = builders.activity_type(minutes=30)
    builders.technician("Rossi", performs=(kind,))
    after = datetime(2026, 11, 23, 7, 50, 1, tzinfo=UTC)
    [(_, slot)] = offered(kind, after, limit=1)
    assert slot == window(MONDAY, "09:00", "09:30")


def test_what_is_too_short_closed_or_not_theirs_is_left_out() -> None:
    kind = builders.activity_type(minutes=240)
    rossi = builders.technician("Rossi", performs=(kind,))
    away = builders.technician("Bianchi", performs=(kind,))
    gone = builders.technician("Neri", performs=(kind,))
    builders.technician("Stranger")
    Resource.objects.filter(pk=gone.pk).update(active=False)
    actor = dispatcher()
    long_leave = window(MONDAY, "00:00", "01:00").starts
    commands.add_absence(
        resource_id=away.pk, window=type(window(MONDAY, "08:00", "09:00"))(long_leave, long_leave + timedelta(days=30)),
        reason="leave", actor=actor, now=NOW,
    )  # fmt: skip
    book(rossi, kind, window(MONDAY, "08:00", "08:30"))
    first = offered(kind, NOW, limit=2)
    assert first == [
        ("Rossi", window(MONDAY, "13:00", "17:00")),
        ("Rossi", window(MONDAY + timedelta(days=1), "08:00", "12:00")),
    ]
    assert offered(kind, NOW, limit=9, minutes=300) == []


def test_holidays_offer_nothing() -> None:
    kind = builders.activity_type()
    builders.technician("Rossi", performs=(kind,))
    eve = datetime(2026, 12, 7, 16, tzinfo=UTC)
    [(_, slot)] = offered(kind, eve, limit=1)
    assert slot == window(date(2026, 12, 9), "08:00", "09:00")


def test_many_people_take_the_same_statements_as_one(django_assert_num_queries) -> None:
    kind = builders.activity_type()
    for _ in range(20):
        builders.technician(performs=(kind,))
    actor = dispatcher()
    for pk in Resource.objects.values_list("pk", flat=True):
        free.rebuild(resource_id=pk, now=NOW)
    with django_assert_num_queries(0):  # one statement, which goes past Django's count
        assert len(offered(kind, NOW, limit=20, actor=actor)) == 20


@pytest.mark.parametrize("keep", [False, True])
def test_without_places_times_are_offered_without_a_detour(keep: bool) -> None:
    kind = builders.activity_type(minutes=60)
    homeless = builders.technician("Rossi", performs=(kind,))
    nowhere = builders.site()
    if keep:
        free.rebuild(resource_id=homeless.pk, now=NOW)
    commands.book(
        resource_id=homeless.pk, window=window(MONDAY, "08:00", "09:00"), activity_type=kind, title="Visit",
        site=nowhere, actor=dispatcher(), now=NOW,
    )  # fmt: skip
    for site in (nowhere, builders.site(latitude=Decimal("45.46"), longitude=Decimal("9.19"))):
        [offer] = queries.free_slots(kind, NOW, actor=dispatcher(), site=site, limit=1)
        assert (offer.interval, offer.detour_km) == (window(MONDAY, "09:00", "10:00"), None)
