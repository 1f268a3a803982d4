"""The question for the engine: whatever the calendars are, it asks for nothing that planning would refuse."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callout.core.free import Stretch
from callout.core.intervals import Interval, covers, normalise
from callout.core.travel import Place, Roads
from callout.core.ways import rounded_up, straight_ways
from callout.dispatch.rules import Lunch, urgency
from callout.dispatch.rules.building import FARTHEST_KM, STEP, Person, Standing, Work, build

UNHURRIED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, tzinfo=UTC)
MILAN, CLUJ = Place(45.46, 9.19), Place(46.77, 23.59)


def at(minute: int) -> datetime:
    return MORNING + timedelta(minutes=minute)


spans = st.tuples(st.integers(0, 1300), st.integers(5, 400)).map(lambda each: Interval(at(each[0]), at(sum(each))))
apart = st.lists(spans, max_size=6).map(normalise)
lunches = st.none() | st.just(Lunch(time(12), time(13), 45))


def standing(intervals, spots) -> list[Standing]:
    return [Standing(pk, 1, each, spots[pk % len(spots)]) for pk, each in enumerate(intervals)]


def work(pk: int = 1, **fields) -> Work:
    return Work(**{"id": pk, "type": 5, "spot": MILAN, "minutes": 60, "priority": 2, "received_at": MORNING, **fields})


@UNHURRIED
@given(apart, st.booleans(), apart, lunches, st.lists(st.sampled_from([None, MILAN, 7]), min_size=1, max_size=3))
def test_nothing_can_be_put_where_nobody_is_or_something_stands(bookable, zoned, taken, lunch, spots) -> None:
    zones = [Stretch(each, place % 2) for place, each in enumerate(bookable)] if zoned else None
    person = Person(1, "UTC", bookable, zones, frozenset({5}), MILAN)
    built = build([person], standing(taken, spots), [work()], days=[DAY], now=MORNING, lunch=lunch)
    for shift in built.shifts:
        turn = built.turns[shift.id]
        fixed = [job for job in built.jobs if job.fixed and job.fixed[0] == shift.id]
        inside = [job.windows[0][0] >= shift.starts and job.windows[0][0] + job.seconds <= shift.ends for job in fixed]
        assert all(inside)
        closed = [
            (each.earliest, each.earliest + each.seconds) for each in shift.breaks if each.earliest == each.latest
        ]
        closed += [(job.windows[0][0], job.windows[0][0] + job.seconds) for job in fixed]
        for minute in range(0, 1440, 7):
            second = int((at(minute) - built.zero).total_seconds())
            free = shift.starts <= second < shift.ends and not any(one <= second < other for one, other in closed)
            if free:
                moment = Interval(at(minute), at(minute) + timedelta(seconds=1))
                assert covers(person.bookable, moment) and not any(each.overlaps(moment) for each in taken)
        assert turn.day == DAY
    for job in built.jobs:
        if job.id in built.standing:
            each = built.standing[job.id].interval
            assert (built.moment(job.fixed[1]), job.seconds) == (each.starts, each.length.total_seconds())


@UNHURRIED
@given(st.integers(0, 1440), st.none() | st.integers(-2000, 4000))
def test_new_work_begins_on_five_minutes_not_before_now_and_by_its_due_time_where_that_can_be(now, due) -> None:
    person = Person(1, "UTC", [Interval(at(480), at(1020))], types=frozenset({5}))
    due_at = None if due is None else at(due)
    built = build([person], [], [work(due_at=due_at)], days=[DAY], now=at(now))
    [job] = built.jobs
    earliest, latest = (built.moment(second) for second in job.windows[0])
    assert earliest >= at(now) and earliest.minute % 5 == 0 and earliest <= latest
    if due_at is not None and due_at > max(earliest, at(480)):
        assert latest <= due_at


@UNHURRIED
@given(
    st.integers(1, 3), st.integers(0, 500), st.none() | st.integers(-100, 100), st.integers(1, 3), st.integers(0, 500)
)
def test_urgency_follows_priority_and_grows_with_age(priority, days, due, other, fewer) -> None:
    def of(level: int, age: int) -> int:
        due_at = None if due is None else NOON + timedelta(days=due)
        return urgency(level, received_at=NOON - timedelta(days=age), due_at=due_at, now=NOON)

    assert 1 <= of(priority, days) <= 100
    assert of(priority, max(days, fewer)) >= of(priority, min(days, fewer))
    if priority > other:
        assert of(priority, 0) > urgency(other, received_at=at(-900_000), due_at=at(-1), now=NOON)


def test_nobody_is_sent_further_than_they_can_drive() -> None:
    hours = [Interval(at(480), at(1020))]
    near, far = (Person(pk, "UTC", hours, types=frozenset({5}), home=home) for pk, home in ((1, MILAN), (2, CLUJ)))
    anywhere = Person(3, "UTC", hours, types=frozenset({5}))
    works = [work(1), work(2, spot=CLUJ), work(3, spot=77)]
    built = build([near, far, anywhere], [], works, days=[DAY], now=MORNING)
    able = {
        built.work[job.id].id: {built.turns[shift.id].person for shift in built.shifts if job.skills <= shift.skills}
        for job in built.jobs
    }
    assert able == {1: {1, 3}, 2: {2, 3}, 3: {1, 2, 3}}
    assert FARTHEST_KM < 1000


def test_a_lunch_break_is_added_only_where_there_is_none_and_room_for_it() -> None:
    lunch = Lunch(time(12), time(13), 60)

    def breaks(pieces, taken=()) -> list[int]:
        person = Person(1, "UTC", pieces, types=frozenset({5}))
        [shift] = build([person], standing(taken, [MILAN]), [work()], days=[DAY], now=MORNING, lunch=lunch).shifts
        return [each.seconds for each in shift.breaks if each.earliest != each.latest]

    assert breaks([Interval(at(480), at(1020))]) == [3600]
    assert breaks([Interval(at(480), at(720)), Interval(at(780), at(1020))]) == []
    assert breaks([Interval(at(480), at(740))]) == []
    assert breaks([Interval(at(480), at(1020))], [Interval(at(690), at(825))]) == []


@UNHURRIED
@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-170, 170)), max_size=6))
def test_ways_are_those_of_the_rule_of_thumb(points) -> None:
    places, roads = [Place(*point) for point in points], Roads()
    ways = straight_ways(places, roads)
    for one, start in enumerate(places):
        for other, end in enumerate(places):
            assert abs(ways.metres[one, other] - roads.km(start, end) * 1000) <= 1
            assert abs(ways.seconds[one, other] - roads.minutes(start, end) * 60) <= 1
    raised = rounded_up(ways.seconds, STEP)
    assert (raised % STEP == 0).all() and (raised >= ways.seconds).all() and (raised - ways.seconds < STEP).all()
    assert np.array_equal(ways.seconds, ways.seconds.T) or len(places) > 1
