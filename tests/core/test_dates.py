from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.dates import (
    FORMATS,
    BadDate,
    BadDateFormat,
    BadDuration,
    DurationTooLong,
    fitting_formats,
    format_minutes,
    moment_of,
    parse_date,
    parse_date_format,
    parse_minutes,
    parse_moment,
)
from callout.core.errors import Invalid
from callout.core.worktime import AmbiguousTime, DayOutOfRange, NonexistentTime, UnknownZone, local

from .support import at, explained, refused

STYLES = {
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD/MM/YYYY HH:mm": "%d/%m/%Y %H:%M",
    "DD/MM/YYYY HH:mm:ss": "%d/%m/%Y %H:%M:%S",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD.MM.YYYY HH:mm": "%d.%m.%Y %H:%M",
    "DD.MM.YYYY HH:mm:ss": "%d.%m.%Y %H:%M:%S",
    "DD-MM-YYYY": "%d-%m-%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "MM/DD/YYYY HH:mm": "%m/%d/%Y %H:%M",
    "MM/DD/YYYY hh:mm AM": "%m/%d/%Y %I:%M %p",
    "MM/DD/YYYY hh:mm:ss AM": "%m/%d/%Y %I:%M:%S %p",
    "YYYY/MM/DD": "%Y/%m/%d",
    "YYYYMMDD": "%Y%m%d",
    "ISO": "%Y-%m-%dT%H:%M:%S",
}
MOMENTS = st.datetimes(at("1900-01-01"), at("2199-12-31T23:59:59")).map(lambda moment: moment.replace(microsecond=0))


@given(st.sampled_from(FORMATS), MOMENTS)
def test_what_a_format_writes_it_reads(form, moment):
    written = moment.strftime(STYLES[form])
    assert parse_date(written, form) == moment.date()
    expected = moment
    if not parse_date_format(form).has_time:
        expected = datetime.combine(moment, time(0))
    elif "ss" not in form and form != "ISO":
        expected = moment.replace(second=0)
    assert parse_moment(written, form, "UTC") == expected.replace(tzinfo=UTC)
    assert form in fitting_formats([written])


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2/3/2026", "DD/MM/YYYY", date(2026, 3, 2)),
        ("2/3/2026", "MM/DD/YYYY", date(2026, 2, 3)),
        (" 02/03/26 ", "DD/MM/YY", date(2026, 3, 2)),
        ("2026-02-28T23:30:00-05:00", "ISO", date(2026, 2, 28)),
        ("29.2.2028", "DD.MM.YYYY", date(2028, 2, 29)),
        ("01/22/2026 12:05:39 AM", "MM/DD/YYYY hh:mm:ss AM", date(2026, 1, 22)),
    ],
)
def test_days(text, form, day):
    assert parse_date(text, form) == day


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("30/02/2026", "DD/MM/YYYY"),
        ("29/02/2026", "DD/MM/YYYY"),
        ("31/04/2026", "DD/MM/YYYY"),
        ("2026-02-30", "ISO"),
        ("20260228", "ISO"),
        ("00/01/2026", "DD/MM/YYYY"),
        ("01/13/2026", "DD/MM/YYYY"),
        ("01/02/26", "DD/MM/YYYY"),
        ("01/02/20266", "DD/MM/YYYY"),
        ("01-02-2026", "DD/MM/YYYY"),
        ("01/02/2026 10:00", "DD/MM/YYYY"),
        ("01/02/2026", "DD/MM/YYYY HH:mm"),
        ("01/02/2026 24:00", "DD/MM/YYYY HH:mm"),
        ("01/02/2026 10:60", "DD/MM/YYYY HH:mm"),
        ("01/02/2026 13:00 PM", "MM/DD/YYYY hh:mm AM"),
        ("01/02/2026 00:30 AM", "MM/DD/YYYY hh:mm AM"),
        ("01/02/2026 10:00", "MM/DD/YYYY hh:mm AM"),
        ("2026228", "YYYYMMDD"),
        ("٠١/٠٢/٢٠٢٦", "DD/MM/YYYY"),
        ("", "ISO"),
        ("today", "ISO"),
        ("9" * 500, "ISO"),
        ("2026-01-01T10:00:00+99:00", "ISO"),
    ],
)
def test_what_is_no_date_is_refused(text, form):
    error = refused(BadDate, parse_date, text, form, field="due")
    assert error.field == "due"
    assert form in explained(error)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31", "1899-12-31", "2201-01-01"])
def test_far_days_are_refused(text):
    refused(DayOutOfRange, parse_date, text, "ISO")
    refused(DayOutOfRange, parse_moment, text, "ISO", "Europe/Rome")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12:00:00 AM", "2026-01-22T05:00Z"),
        ("12:30:00 am", "2026-01-22T05:30Z"),
        ("01:00:00 A.M.", "2026-01-22T06:00Z"),
        ("12:00:00 PM", "2026-01-22T17:00Z"),
        ("11:59:59 pm", "2026-01-23T04:59:59Z"),
    ],
)
def test_the_two_halves_of_the_day(text, moment):
    assert parse_moment(f"01/22/2026 {text}", "MM/DD/YYYY hh:mm:ss AM", "America/New_York") == at(moment)


def test_moments_are_read_by_the_clock_of_the_zone():
    assert parse_moment("01/07/2026 10:00", "DD/MM/YYYY HH:mm", "Europe/Rome") == at("2026-07-01T08:00Z")
    assert parse_moment("2026-07-01T10:00:00-05:00", "ISO", "Europe/Rome") == at("2026-07-01T15:00Z")
    assert parse_moment("2026-07-01T10:00Z", "ISO", "Europe/Rome").tzinfo is UTC
    assert parse_moment("2026-07-01", "ISO", "Europe/Rome") == at("2026-06-30T22:00Z")
    refused(UnknownZone, parse_moment, "2026-07-01", "ISO", "Rome", field="due")


def test_clock_changes_are_refused_unless_chosen():
    form = "DD/MM/YYYY HH:mm"
    assert refused(NonexistentTime, parse_moment, "29/03/2026 02:30", form, "Europe/Rome", field="due").field == "due"
    refused(AmbiguousTime, parse_moment, "25/10/2026 02:30", form, "Europe/Rome")
    assert parse_moment("25/10/2026 02:30", form, "Europe/Rome", fold=0) == at("2026-10-25T00:30Z")
    assert parse_moment("25/10/2026 02:30", form, "Europe/Rome", fold=1) == at("2026-10-25T01:30Z")


def test_cells_that_hold_dates_already():
    assert moment_of(date(2026, 7, 1), "DD/MM/YYYY", "Europe/Rome") == at("2026-06-30T22:00Z")
    assert moment_of(at("2026-07-01T10:00"), "DD/MM/YYYY", "Europe/Rome") == at("2026-07-01T08:00Z")
    assert moment_of(at("2026-07-01T10:00+00:00"), "DD/MM/YYYY", "Europe/Rome") == at("2026-07-01T10:00Z")
    assert moment_of("01/07/2026", "DD/MM/YYYY", "Europe/Rome") == at("2026-06-30T22:00Z")
    refused(NonexistentTime, moment_of, at("2026-03-29T02:30"), "ISO", "Europe/Rome")


@pytest.mark.parametrize(
    "form",
    [
        "",
        "MM/DD",
        "YYYY-MM",
        "DD/MM/YYYY YY",
        "DD/MM/YYYY DD",
        "DD/MM/YYYY HH",
        "DD/MM/YYYY mm",
        "DD/MM/YYYY hh:mm",
        "DD/MM/YYYY HH:mm AM",
        "DD/MM/YYYY HH:hh:mm AM",
        "%d/%m/%Y",
        "iso",
        "DD/MM/YYYY" + "x" * 60,
    ],
)
def test_a_format_that_tells_no_date_is_refused(form):
    assert refused(BadDateFormat, parse_date, "01/01/2026", form).field == "format"


def test_signs_in_a_format_stand_for_themselves():
    assert parse_date("[01] (02)* 2026?", "[DD] (MM)* YYYY?") == date(2026, 2, 1)


def test_the_formats_that_fit_are_offered():
    assert fitting_formats(["01/02/2026", "", "31/02/2026"]) == []
    assert fitting_formats(["01/02/2026", "03/04/2026"]) == ["DD/MM/YYYY", "MM/DD/YYYY"]
    assert fitting_formats(["01/02/2026", "13/04/2026"]) == ["DD/MM/YYYY"]
    assert fitting_formats(["2026-02-28", "2026-02-28T10:00"]) == ["ISO"]
    assert fitting_formats(["", " "]) == []


@given(st.text("0123456789/-.: TZAPMW+", max_size=30) | st.text(max_size=30), st.sampled_from(FORMATS))
def test_any_text_is_a_moment_or_refused(text, form):
    try:
        moment = parse_moment(text, form, "Europe/Rome")
    except Invalid as error:
        assert explained(error)
    else:
        assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1:30", 90),
        ("0:05", 5),
        ("100:00", 6000),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1,5 ore", 90),
        ("2 hours", 120),
        ("1 ora", 60),
        ("1 oră", 60),
        ("90 min", 90),
        ("90min.", 90),
        ("90'", 90),
        ("90 minuti", 90),
        ("45 minute", 45),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("1H30M", 90),
        ("0.333 h", 20),
        ("2.5 min", 3),
        ("0h", 0),
    ],
)
def test_durations(text, minutes):
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "90",
        "1.5",
        "h",
        "min",
        "1:60",
        "1:5",
        "-1h",
        "1h90",
        "1.5h30",
        "1h 1.5 min",
        "1h2h",
        "one hour",
        "1:30:00",
        "١h",
    ],
)
def test_what_is_no_duration_is_refused(text):
    assert refused(BadDuration, parse_minutes, text, field="duration").field == "duration"


def test_a_duration_has_a_limit():
    assert parse_minutes("24h", most=1440) == 1440
    error = refused(DurationTooLong, parse_minutes, "30h", most=1440)
    assert error.facts == {"minutes": 1800, "most": 1440}
    refused(DurationTooLong, parse_minutes, "99999h")


@given(st.integers(0, 31 * 24 * 60))
def test_durations_are_shown_as_they_are_read(minutes):
    assert parse_minutes(format_minutes(minutes)) == minutes
    assert parse_minutes(f"{minutes // 60}h{minutes % 60:02}") == minutes
    assert parse_minutes(f"{minutes} min") == minutes
    assert format_minutes(-90) == "-1:30"


@given(st.text("0123456789:.,hmin' ore", max_size=15))
def test_any_text_is_a_duration_or_refused(text):
    try:
        assert 0 <= parse_minutes(text) <= 31 * 24 * 60
    except (BadDuration, DurationTooLong) as error:
        assert explained(error)


def test_strict_input_is_that_of_the_clock():
    assert parse_moment("01/07/2026 10:00", "DD/MM/YYYY HH:mm", "Asia/Kathmandu") == local(
        at("2026-07-01T10:00"), "Asia/Kathmandu"
    )
