"""Presence patterns, and what becomes of their days, in the reader's language."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import dates, formats
from django.utils.translation import gettext, ngettext, pgettext_lazy

from callout.core.worktime import zone_of
from callout.planning.models import Absence, AbsenceRequest, PresencePattern
from callout.planning.rules.patterns import Fate, Why

FATES: dict[str, tuple[Any, str]] = {
    Fate.WRITE.value: (pgettext_lazy("presence", "new"), "green"),
    Fate.REPLACE.value: (pgettext_lazy("presence", "changed"), "blue"),
    Fate.REMOVE.value: (pgettext_lazy("presence", "taken away"), "orange"),
    Fate.KEEP.value: (pgettext_lazy("presence", "there already"), "secondary"),
    Fate.REFUSE.value: (pgettext_lazy("presence", "left out"), "red"),
}
"""What each fate is called, and its colour."""


def recurrence(row: PresencePattern) -> str:
    """On which days the pattern falls, in words."""
    if row.unit == PresencePattern.Unit.DAY:
        return ngettext("every day", "every %(count)d days", row.every) % {"count": row.every}
    if row.unit == PresencePattern.Unit.MONTH:
        words = ngettext("every month on day %(day)d", "every %(count)d months on day %(day)d", row.every)
        return words % {"count": row.every, "day": row.starts_on.day}
    names = ", ".join(str(dates.WEEKDAYS_ABBR[weekday]) for weekday in row.weekdays)
    words = ngettext("every week: %(days)s", "every %(count)d weeks: %(days)s", row.every)
    return words % {"count": row.every, "days": names}


def unit_word(code: str) -> str:
    """What a recurrence counts, in the reader's language."""
    return str(dict(PresencePattern.Unit.choices).get(code, code))


def weekday_names(numbers: str | int) -> str:
    """The weekdays whose numbers stand between commas, 0 being Monday."""
    return ", ".join(str(dates.WEEKDAYS_ABBR[int(each)]) for each in str(numbers).split(","))


def hours(row: PresencePattern) -> str:
    """From and to by the clock; midnight at the end is 24:00."""
    ends = "24:00" if f"{row.ends:%H:%M}" == "00:00" else f"{row.ends:%H:%M}"
    return f"{row.starts:%H:%M} – {ends}"


def span(starts: datetime, ends: datetime, zone: str) -> str:
    """From and to by the clock of that zone, with the day of the end where it is more than the night after."""
    there = zone_of(zone)
    begin, end = starts.astimezone(there), ends.astimezone(there)
    text = f"{begin:%H:%M} – {end:%H:%M}"
    return text if (end.date() - begin.date()).days < 2 else f"{text} ({shown_day(end.date())})"


def shown_day(day: date) -> str:
    """The day with its weekday."""
    return formats.date_format(day, "l j F Y")


def away(row: Absence | AbsenceRequest) -> tuple[str, str]:
    """From when to when somebody is away, by that person's own clock: days alone where they are whole."""
    zone = zone_of(row.resource.time_zone)
    starts, ends = row.starts.astimezone(zone), row.ends.astimezone(zone)
    if starts.time() == ends.time() == time(0):
        last = ends.date() - timedelta(days=1)
        form = "SHORT_DATE_FORMAT"
        return formats.date_format(starts.date(), form), formats.date_format(last, form)
    form = "SHORT_DATETIME_FORMAT"
    return formats.date_format(starts, form), formats.date_format(ends, form)


def away_words(row: Absence | AbsenceRequest) -> str:
    """When somebody is away, in one text; one whole day is named once."""
    first, last = away(row)
    return first if first == last else f"{first} – {last}"


def reason(line: dict[str, Any], zone: str) -> str:
    """Why a day is left out, or what closes a part of it; nothing for a day without a clash."""
    written = line["fate"] in (Fate.WRITE.value, Fate.REPLACE.value)
    label = {"name": line["label"]}
    if line["why"] == Why.OVERLAP.value:
        return _overlap(line, zone)
    if written:
        parts = {
            Why.HOLIDAY.value: gettext("A public holiday closes a part of it: %(name)s."),
            Why.ABSENCE.value: gettext("An absence closes a part of it: %(name)s."),
        }
        return parts[line["why"]] % label if line["why"] in parts else ""
    wholes = {
        Why.HOLIDAY.value: gettext("Public holiday: %(name)s."),
        Why.ABSENCE.value: gettext("Away: %(name)s."),
        Why.OUTSIDE_HOURS.value: gettext("Outside the working hours."),
        Why.WORK.value: gettext("Work is planned in it: %(name)s."),
        Why.BEGUN.value: gettext("It has begun already."),
    }
    return wholes[line["why"]] % label if line["why"] in wholes else ""


def _overlap(line: dict[str, Any], zone: str) -> str:
    there = ""
    if line["clash"]:
        starts, ends = (datetime.fromisoformat(each) for each in line["clash"])
        there = span(starts, ends, zone)
    if line["label"]:
        words = gettext("Overlaps the presence %(hours)s in the zone %(zone)s.")
        return words % {"hours": there, "zone": line["label"]}
    return gettext("Overlaps the presence %(hours)s.") % {"hours": there}
