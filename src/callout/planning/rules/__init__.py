"""What an appointment, a week of working hours and a mailing list must be like."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from callout.core.errors import N_, Invalid
from callout.core.intervals import Interval
from callout.core.worktime import Busy, Closure, Reason, Refusal, Shift, parse_clock
from callout.planning.errors import (
    BadAddress,
    BadColour,
    BadHours,
    BadLength,
    HoursOverlap,
    NotPresent,
    OnAbsence,
    OnHoliday,
    OutsideHours,
    SlotTaken,
    Unbookable,
)

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
MOVABLE = frozenset({"open", "planned", "confirmed"})
"""Categories of appointments that may still be put elsewhere."""
MAIL_EVENTS = {
    "created": N_("an appointment is made"),
    "moved": N_("an appointment is moved"),
    "cancelled": N_("an appointment is cancelled"),
}
MAX_ADDRESSES = 50
_HOURS = re.compile(r"(\d{1,2}(?:[:.]\d\d)?)\s*[-\u2013\u2014]\s*(\d{1,2}(?:[:.]\d\d)?)")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WEEK = timedelta(days=7)
_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - hours of a week by the clock on the wall, of no zone


def check_length(window: Interval) -> None:
    """Refuse an appointment shorter than 5 minutes or longer than 24 hours. Raises BadLength on `ends`."""
    if not SHORTEST <= window.length <= LONGEST:
        raise BadLength("ends", minutes=int(window.length.total_seconds() // 60))


def check_colour(colour: str) -> None:
    """Refuse what is not #rrggbb. Raises BadColour."""
    if not _COLOUR.fullmatch(colour):
        raise BadColour("colour", colour=colour[:20])


def check_place(latitude: Decimal | None, longitude: Decimal | None) -> None:
    """Refuse half a place, and one that is not on Earth. Raises Invalid."""
    if (latitude is None) != (longitude is None):
        raise Invalid("home_latitude" if latitude is None else "home_longitude")
    if latitude is not None and not -90 <= latitude <= 90:
        raise Invalid("home_latitude")
    if longitude is not None and not -180 <= longitude <= 180:
        raise Invalid("home_longitude")


def check_mail_events(events: Collection[str]) -> None:
    """Refuse an occasion for a mail that there is not. Raises Invalid."""
    if not set(events) <= MAIL_EVENTS.keys():
        raise Invalid("mail_customer_on")


def addresses(text: str) -> list[str]:
    """The e-mail addresses of a mailing list, written one per line or between commas; each once, in their order.

    Raises BadAddress for anything else in the text, and for more than 50.
    """
    found = [part for part in re.split(r"[\s,;]+", text) if part]
    for address in found:
        if not _ADDRESS.fullmatch(address) or len(address) > 254:
            raise BadAddress("mailing_list", address=address[:80])
    unique = list(dict.fromkeys(found))
    if len(unique) > MAX_ADDRESSES:
        raise BadAddress("mailing_list", address=unique[MAX_ADDRESSES])
    return unique


def check_hours(shifts: Iterable[Shift]) -> None:
    """Refuse weekly hours that overlap, over midnight and over the end of the week too. Raises HoursOverlap."""
    spans = sorted(_span(shift) for shift in shifts)
    if len(spans) > 1:
        spans.append((spans[0][0] + _WEEK, spans[0][1] + _WEEK, spans[0][2]))
    for (_, ends, one), (starts, _, other) in pairwise(spans):
        if starts < ends:
            raise HoursOverlap(f"hours_{other.weekday}", one=shown_shift(one), other=shown_shift(other))


def day_hours(weekday: int, text: str) -> list[Shift]:
    """The hours of one day as people write them: `8-12, 13-17:30`, `22-6` over midnight, nothing for a day off.

    Raises BadHours on `hours_` and the weekday, 0 being Monday.
    """
    field = f"hours_{weekday}"
    if _HOURS.sub("", text).strip(" ,;"):
        raise BadHours(field, text=text[:40])
    return [_shift(weekday, match[1], match[2], field) for match in _HOURS.finditer(text)]


def _shift(weekday: int, starts: str, ends: str, field: str) -> Shift:
    begin, end = (parse_clock(part if len(part) > 2 else f"{part}:00", field=field) for part in (starts, ends))
    if begin == end and (begin != time(0) or starts == ends):
        raise BadHours(field, text=f"{starts}-{ends}")
    return Shift(weekday, begin, end)


def shown_shift(shift: Shift) -> str:
    """The hours by the clock, without the day: `08:00-12:00`; midnight at the end is 24:00."""
    ends = "24:00" if shift.ends == time(0) else f"{shift.ends:%H:%M}"
    return f"{shift.starts:%H:%M}-{ends}"


def shown_hours(stretches: Sequence[Interval], zone: ZoneInfo) -> str:
    """Stretches of one day by the clock of that zone: `08:00-12:00, 13:00-17:00`."""
    return ", ".join(f"{s.starts.astimezone(zone):%H:%M}-{s.ends.astimezone(zone):%H:%M}" for s in stretches)


def back_on(ends: datetime, zone: ZoneInfo) -> datetime | date:
    """When an absence is over, as people say it: the day alone when it ends at midnight."""
    there = ends.astimezone(zone)
    return there.date() if there.time() == time(0) else ends


def unbookable(
    refusal: Refusal,
    zone: ZoneInfo,
    presence: Sequence[Interval],
    shut: Iterable[Closure | Busy],
    **facts: Any,
) -> Unbookable:
    """The refusal in full, with what a reader needs to understand it; `shut` are the closures and what takes time.

    `facts` hold at least `person` and `free`, the names of colleagues who could take the window.
    """
    day = refusal.clash.starts.astimezone(zone).date()
    if refusal.reason == Reason.OUTSIDE_HOURS:
        hours = [each for each in presence if _touches(each, day, zone)]
        if not hours:
            return NotPresent("starts", day=day, **facts)
        return OutsideHours("starts", day=day, hours=shown_hours(hours, zone), **facts)
    what = next(each for each in shut if each.label == refusal.label and each.interval.overlaps(refusal.clash))
    if refusal.reason == Reason.HOLIDAY:
        return OnHoliday("starts", day=day, holiday=refusal.label, **facts)
    if refusal.reason == Reason.ABSENCE:
        return OnAbsence("starts", until=back_on(what.interval.ends, zone), reason=refusal.label, **facts)
    taken = what.interval
    return SlotTaken("starts", taken_by=refusal.label, starts=taken.starts, ends=taken.ends, **facts)


def _touches(stretch: Interval, day: date, zone: ZoneInfo) -> bool:
    last = stretch.ends - timedelta(microseconds=1)
    return stretch.starts.astimezone(zone).date() <= day <= last.astimezone(zone).date()


def _span(shift: Shift) -> tuple[datetime, datetime, Shift]:
    day = _MONDAY + timedelta(days=shift.weekday)
    starts = datetime.combine(day, shift.starts)
    ends = datetime.combine(day, shift.ends)
    return starts, ends if ends > starts else ends + timedelta(days=1), shift
