"""The way of a work order, its time, and the arithmetic of its lines. Money and quantities are Decimal, net."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from callout.core.errors import N_
from callout.core.intervals import Interval
from callout.core.worktime import day_of, zone_of
from callout.planning.rules import LONGEST, SHORTEST
from callout.tickets.rules import CLOCK_SKEW
from callout.workorders.errors import (
    BadMinutes,
    DayTooLong,
    EndBeforeStart,
    HelperElsewhen,
    HoursInFuture,
    LinesClosed,
    Negative,
    NoNumber,
    NotPositive,
    StartTooEarly,
    StepRefused,
    TimeInFuture,
    TooBig,
    TooPrecise,
    VisitTooLong,
)

WAY: Mapping[str, Mapping[str, str]] = {
    "foreseen": {"plan": "planned", "not_needed": "not_needed", "cancel": "cancelled"},
    "planned": {
        "reschedule": "planned", "unplan": "foreseen", "start": "under_way", "not_needed": "not_needed",
        "cancel": "cancelled", "crew": "planned",
    },
    "under_way": {
        "join": "under_way", "pause": "under_way", "resume": "under_way", "end": "done", "crew": "under_way",
    },
    "done": {"resume": "under_way", "report": "reported"},
    "reported": {"verify": "verified", "send_back": "done"},
    "verified": {"bill": "billed", "unverify": "reported"},
    "billed": {"unbill": "verified"},
    "not_needed": {"reopen": "foreseen"},
    "cancelled": {"reopen": "foreseen"},
}  # fmt: skip
"""Where each step leads from each status; a step that does not stand there is refused."""

STATUSES: Mapping[str, str] = {
    "foreseen": N_("foreseen"),
    "planned": N_("planned"),
    "under_way": N_("under way"),
    "done": N_("done"),
    "reported": N_("reported"),
    "verified": N_("verified"),
    "billed": N_("billed"),
    "not_needed": N_("not needed"),
    "cancelled": N_("cancelled"),
}
WAYS_OUT: Mapping[str, str] = {
    "foreseen": N_("It can be planned, cancelled or resolved by phone."),
    "planned": N_("It can be started, moved, unplanned or cancelled."),
    "under_way": N_("The work can be paused, resumed or ended."),
    "done": N_("It can be reported, or the work resumed."),
    "reported": N_("It can be verified now, or sent back to the technician."),
    "verified": N_("It can be billed, or the verification taken back."),
    "billed": N_("Cancel its invoice first."),
    "not_needed": N_("It can be reopened."),
    "cancelled": N_("It can be reopened."),
}
ESTIMATE_OPEN = frozenset({"foreseen", "planned", "under_way", "done"})
ACTUALS_OPEN = frozenset({"under_way", "done"})
CORRECTABLE = ACTUALS_OPEN | {"reported"}
BEGUN = frozenset({"under_way", "done", "reported", "verified", "billed"})
UNTOUCHED = frozenset({"foreseen", "planned"})

CENT = Decimal("0.01")
DAY_HOURS = Decimal(24)
MOST_MONEY = Decimal("9999999999.99")
MOST_QUANTITY = Decimal("99999999.99")
LONGEST_STRETCH = timedelta(hours=24)


def step(status: str, name: str, *, code: str) -> str:
    """The status to which step `name` leads. Raises StepRefused, which says what is possible instead."""
    if name not in WAY[status]:
        raise StepRefused(code=code, status=STATUSES[status], remedy=WAYS_OUT[status])
    return WAY[status][name]


def check_estimate(status: str, *, code: str) -> None:
    """The estimate is open until the report. Raises LinesClosed."""
    if status not in ESTIMATE_OPEN:
        raise LinesClosed(code=code, status=STATUSES[status])


def check_actuals(status: str, *, code: str) -> None:
    """What happened is written from the start of the work until the report. Raises LinesClosed."""
    if status not in ACTUALS_OPEN:
        raise LinesClosed(code=code, status=STATUSES[status])


def check_correction(status: str, *, code: str) -> None:
    """Administrators correct what happened until it is verified. Raises LinesClosed."""
    if status not in CORRECTABLE:
        raise LinesClosed(code=code, status=STATUSES[status])


def check_minutes(minutes: int, *, field: str = "minutes") -> int:
    """A duration to plan with, 5 minutes to 24 hours. Raises BadMinutes."""
    if not 5 <= minutes <= 1440:
        raise BadMinutes(field, minutes=minutes)
    return minutes


def follow(helper: Interval, *, before: Interval, after: Interval) -> Interval:
    """A helper's time after the leader's went from `before` to `after`: it always touches `after`.

    An edge that was the leader's follows it, another one keeps its distance when the whole visit moves and its place
    when the visit only gets longer or shorter. What is left with no time at all takes the leader's.
    """
    moves = before.length == after.length or (before.starts != after.starts and before.ends != after.ends)
    shift = after.starts - before.starts if moves else timedelta()
    starts = after.starts if helper.starts == before.starts else helper.starts + shift
    ends = after.ends if helper.ends == before.ends else helper.ends + shift
    if not SHORTEST <= ends - starts <= LONGEST or starts >= after.ends or ends <= after.starts:
        return after
    return Interval(starts, ends)


def check_helper_time(window: Interval, visit: Interval) -> None:
    """A helper is there while the leader is, for a part of it at least. Raises HelperElsewhen."""
    if not window.overlaps(visit):
        raise HelperElsewhen("starts", starts=visit.starts, ends=visit.ends)


def check_past(at: datetime, *, now: datetime, field: str = "at") -> datetime:
    """A time that has come, give or take a wrong clock. Raises TimeInFuture."""
    if at > now + CLOCK_SKEW:
        raise TimeInFuture(field, at=at)
    return at


def check_resume(at: datetime, last_end: datetime | None) -> None:
    """Work goes on after the last stretch ended, not before. Raises StartTooEarly."""
    if last_end is not None and at < last_end:
        raise StartTooEarly("at", at=at, ended=last_end)


def check_stretch(started: datetime, ended: datetime, *, may_be_empty: bool = False) -> None:
    """A stretch of work ends after it began and within 24 hours. Raises EndBeforeStart, VisitTooLong."""
    if ended < started or (ended == started and not may_be_empty):
        raise EndBeforeStart("at", started=started, ended=ended)
    if ended - started > LONGEST_STRETCH:
        hours = Decimal((ended - started).total_seconds()) / 3600
        raise VisitTooLong("at", started=started, ended=ended, hours=hours.quantize(Decimal("0.1")))


def money(value: Decimal, *, field: str = "price") -> Decimal:
    """A net price, zero or more, two decimals at most. Raises NoNumber, Negative, TooPrecise, TooBig."""
    if not value.is_finite():
        raise NoNumber(field)
    if value < 0:
        raise Negative(field, value=value)
    return _two_decimals(value, MOST_MONEY, field)


def quantity(value: Decimal, *, field: str = "quantity", may_be_zero: bool = False) -> Decimal:
    """A quantity above zero (or zero), two decimals at most. Raises NoNumber, NotPositive, TooPrecise, TooBig."""
    if not value.is_finite():
        raise NoNumber(field)
    if value < 0 and may_be_zero:
        raise Negative(field, value=value)
    if value < 0 or (value == 0 and not may_be_zero):
        raise NotPositive(field, value=value)
    return _two_decimals(value, MOST_QUANTITY, field)


def _two_decimals(value: Decimal, most: Decimal, field: str) -> Decimal:
    if value > most:
        raise TooBig(field, value=value, most=most)
    if value != value.quantize(CENT):
        raise TooPrecise(field, value=value)
    return value.quantize(CENT)


def check_hours_day(day: date, *, today: date) -> None:
    """Hours are of a day that has come. Raises HoursInFuture."""
    if day > today:
        raise HoursInFuture("day", day=day)


def check_day_total(worked: Decimal, others: Decimal, *, day: date, name: str) -> None:
    """No day has more than 24 hours, whatever work orders they are on. Raises DayTooLong."""
    if worked + others > DAY_HOURS:
        raise DayTooLong("worked", name=name, hours=worked + others, day=day)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that somebody worked, [started, ended)."""

    resource_id: int
    started: datetime
    ended: datetime


def hours_by_day(stretches: Iterable[Stretch], *, zone: str) -> dict[tuple[int, date], Decimal]:
    """The hours of each person and local day, rounded to two decimals; days without any are left out."""
    seconds: dict[tuple[int, date], float] = {}
    for stretch in stretches:
        for day, length in _days(stretch, zone):
            key = (stretch.resource_id, day)
            seconds[key] = seconds.get(key, 0) + length.total_seconds()
    found = {key: hours(timedelta(seconds=total)) for key, total in sorted(seconds.items())}
    return {key: worked for key, worked in found.items() if worked > 0}


def _days(stretch: Stretch, zone: str) -> Iterable[tuple[date, timedelta]]:
    """The part of a stretch that falls on each local day."""
    if stretch.ended <= stretch.started:
        return
    whole = Interval(stretch.started, stretch.ended)
    there = zone_of(zone)
    day, last = whole.starts.astimezone(there).date(), whole.ends.astimezone(there).date()
    while day <= last:
        of_day = day_of(day, zone)
        starts, ends = max(whole.starts, of_day.starts), min(whole.ends, of_day.ends)
        if starts < ends:
            yield day, ends - starts
        day += timedelta(days=1)


def hours(length: timedelta) -> Decimal:
    """A length in hours, to two decimals, half up."""
    return (Decimal(length / timedelta(seconds=1)) / 3600).quantize(CENT, ROUND_HALF_UP)


def share_estimate(worked: Sequence[Decimal], estimated: Decimal | None, *, whole: bool = True) -> list[Decimal]:
    """The hours to bill for each line of hours worked: what was estimated, filled from the first on.

    The last line takes what is left over, unless further lines are to come (`whole` False). Without an estimate the
    hours worked are billed.
    """
    if estimated is None:
        return list(worked)
    left, shares = estimated, []
    for done in worked:
        share = min(done, left)
        shares.append(share)
        left -= share
    if shares and whole:
        shares[-1] += left
    return shares


def left_to_bill(worked: Decimal, *, estimated: Decimal | None, billed: Decimal) -> Decimal:
    """The hours to bill that a new line starts with: what is left of the estimate, else what was worked."""
    return worked if estimated is None else max(estimated - billed, Decimal(0))
