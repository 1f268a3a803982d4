"""Working hours follow the clock on the resource's own wall, on the nights when it changes too."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from callout.core.intervals import Interval
from callout.planning import queries
from callout.planning.errors import OnHoliday, OutsideHours
from callout.planning.models import ActivityType, Resource, WorkingHours
from tests import builders
from tests.planning.support import MONDAY, book, window, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind() -> ActivityType:
    return builders.activity_type("Repair")


def on_nights(kind: ActivityType) -> Resource:
    """Somebody who works from Saturday 22:00 to Sunday 06:00, where Easter Sunday is no public holiday."""
    made = builders.technician("Notturno", builders.branch(country="FR"), performs=(kind,))
    WorkingHours.objects.filter(resource=made).delete()
    WorkingHours.objects.create(resource=made, weekday=5, starts=time(22), ends=time(6))
    return made


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [
        (datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC), 9),
        (datetime(2027, 3, 27, 21, tzinfo=UTC), datetime(2027, 3, 28, 4, tzinfo=UTC), 7),
        (datetime(2026, 11, 21, 21, tzinfo=UTC), datetime(2026, 11, 22, 5, tzinfo=UTC), 8),
    ],
)
def test_a_night_shift_is_as_long_as_the_clock_makes_it(
    kind: ActivityType, starts: datetime, ends: datetime, hours: int
) -> None:
    resource = on_nights(kind)
    assert ends - starts == timedelta(hours=hours)
    with pytest.raises(OutsideHours) as refused:
        book(resource, kind, Interval(starts, ends + timedelta(minutes=1)))
    assert refused.value.facts["hours"] == "22:00-06:00"
    with pytest.raises(OutsideHours):
        book(resource, kind, Interval(starts - timedelta(minutes=1), ends))
    assert book(resource, kind, Interval(starts, ends)).pk


def test_an_hour_that_comes_twice_holds_two_appointments(kind: ActivityType) -> None:
    resource = on_nights(kind)
    first = Interval(datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
    second = Interval(first.ends, first.ends + timedelta(hours=1))
    assert book(resource, kind, first).pk != book(resource, kind, second).pk


def test_hours_are_by_the_resources_own_clock(kind: ActivityType) -> None:
    works = builders.branch(country="US", time_zone="America/New_York", currency="USD")
    smith = builders.technician("Smith", works, performs=(kind,))
    Resource.objects.filter(pk=smith.pk).update(time_zone="America/New_York")
    with pytest.raises(OutsideHours) as refused:
        book(smith, kind, window(MONDAY, "08:00", "09:00", "Europe/Rome"))
    assert refused.value.facts["hours"] == "08:00-12:00, 13:00-17:00"
    assert refused.value.facts["day"] == MONDAY
    assert book(smith, kind, window(MONDAY, "08:00", "09:00", "America/New_York")).starts.hour == 13
    with pytest.raises(OnHoliday) as holiday:
        book(smith, kind, window(date(2026, 11, 26), "09:00", "10:00", "America/New_York"))
    assert "2026" in words(holiday.value) or "26" in words(holiday.value)


def test_a_window_over_midnight_is_judged_on_both_days(kind: ActivityType) -> None:
    resource = builders.technician(performs=(kind,))
    WorkingHours.objects.create(resource=resource, weekday=0, starts=time(20), ends=time(0))
    WorkingHours.objects.create(resource=resource, weekday=1, starts=time(0), ends=time(4))
    assert book(resource, kind, window(MONDAY, "22:00", "02:00")).pk
    with pytest.raises(OutsideHours) as refused:
        book(resource, kind, window(MONDAY, "22:30", "04:30"))
    assert refused.value.facts["day"] == date(2026, 11, 24)


def test_a_calendar_covers_the_local_days_that_the_time_touches(kind: ActivityType) -> None:
    resource = builders.technician(performs=(kind,))
    night = Interval(datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC))
    day = queries.calendar([resource], night.starts, night.ends)[resource.pk]
    assert day.presence == [window(MONDAY, "08:00", "12:00"), window(MONDAY, "13:00", "17:00")]
