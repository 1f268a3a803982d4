from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.numbering import (
    BadFormat,
    BadFormatText,
    BadSeries,
    BadWidth,
    BraceNotClosed,
    CodeReading,
    FormatTooLong,
    NumberMissing,
    PlaceholderRepeated,
    UnknownPlaceholder,
    parse_code,
    parse_format,
    render,
)

from .support import explained, refused

DAY = date(2026, 7, 5)
PARTS = ["{series}", "{year}", "{yy}", "{month}"]
SERIES = st.from_regex(r"[A-Z][A-Z0-9]{0,5}", fullmatch=True)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("{series}{year}-{number:05}", "TK2026-00012"),
        ("{series}-{number:06}", "TK-000012"),
        ("{number}", "12"),
        ("{number:1}/{yy}", "12/26"),
        ("{series} {yy}{month}.{number:5}", "TK 2607.00012"),
        ("FATT_{year}/{month}/{number:12}", "FATT_2026/07/000000000012"),
    ],
)
def test_formats_give_codes(pattern, code):
    assert render(pattern, series="TK", number=12, on=DAY) == code


def test_a_number_longer_than_its_width_is_not_cut():
    assert render("{number:02}", series="A", number=12345, on=DAY) == "12345"


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("", NumberMissing),
        ("{series}", NumberMissing),
        ("{number}{number}", NumberMissing),
        ("{year}{year}{number}", PlaceholderRepeated),
        ("{series", BraceNotClosed),
        ("{number}}", BraceNotClosed),
        ("{{number}}", BraceNotClosed),
        ("{series}{number:0}", BadWidth),
        ("{series}{number:13}", BadWidth),
        ("{series}{number:}", BadWidth),
        ("{series}{number:05d}", BadWidth),
        ("{series}{number:>5}", BadWidth),
        ("{series:3}{number}", BadWidth),
        ("{}{number}", UnknownPlaceholder),
        ("{Number}", UnknownPlaceholder),
        ("{number!r}", UnknownPlaceholder),
        ("{number.__class__}", UnknownPlaceholder),
        ("{0}{number}", UnknownPlaceholder),
        ("€{number}", BadFormatText),
        ("{number}\n", BadFormatText),
        ("<{number}>", BadFormatText),
        ("{number}" + "x" * 60, FormatTooLong),
    ],
)
def test_bad_formats_are_explained(pattern, kind):
    error = refused(kind, parse_format, pattern)
    assert error.field == "format"
    assert "{series}{year}-{number:05}" in explained(error)


@pytest.mark.parametrize("series", ["", "tk", "T K", "T-K", "Ț", "A" * 13])
def test_a_series_is_letters_and_digits(series):
    assert refused(BadSeries, render, "{series}{number}", series=series, number=1, on=DAY).field == "series"


def test_numbers_begin_with_one():
    with pytest.raises(ValueError, match="begin with 1"):
        render("{number}", series="A", number=0, on=DAY)


def test_a_format_knows_what_tells_its_codes_apart():
    assert parse_format("{yy}-{number}").has_year
    assert not parse_format("{month}-{number}").has_year
    assert parse_format("{month}-{number}").has_month


@given(st.text("{}seriumnby:05-é ", max_size=30))
def test_any_text_is_a_format_or_refused(pattern):
    try:
        code = parse_format(pattern).render(series="TK", number=7, on=DAY)
    except BadFormat as error:
        assert explained(error)
    else:
        assert "7" in code


@given(
    st.permutations(PARTS).flatmap(lambda p: st.tuples(st.just(p), st.integers(0, 4), st.integers(0, 4))),
    st.sampled_from(["{number}", "{number:05}"]),
    st.sampled_from(["", "-", "/"]),
    st.integers(1, 10**7),
    st.integers(1, 10**7),
)
def test_different_numbers_never_share_a_code(parts, number_part, between, one, two):
    chosen, before, after = parts
    pattern = between.join([*chosen[:before], number_part, *chosen[before : before + after]])
    codes = [render(pattern, series="A1", number=n, on=DAY) for n in (one, two)]
    assert (codes[0] == codes[1]) == (one == two)


@given(SERIES, st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 10**9), st.integers(0, 4))
def test_a_code_that_was_given_out_is_read_back(series, on, number, style):
    pattern = [
        "{series}{year}-{number:05}",
        "{series}-{yy}-{number}",
        "{series} {number:06}",
        "{series}/{number}/{year}",
        "{series}.{year}.{month}.{number:04}",
    ][style]
    code = render(pattern, series=series, number=number, on=on)
    form = parse_format(pattern)
    wanted = CodeReading(number, series, on.year if form.has_year else None, on.month if form.has_month else None)
    letters = series.rstrip("0123456789")
    if style != 0 or letters == series:
        assert wanted in parse_code(code)
        assert wanted in parse_code(f" {code.lower()} ")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("TK2026-00012", CodeReading(12, "TK", 2026)),
        ("tk 26 12", CodeReading(12, "TK", 2026)),
        ("tk12", CodeReading(12, "TK")),
        ("tk-12", CodeReading(12, "TK")),
        ("12", CodeReading(12)),
        ("00012", CodeReading(12)),
        ("#12", CodeReading(12)),
        ("26/12", CodeReading(12, None, 2026)),
        ("12/2026", CodeReading(2026, None, 2012)),
        ("TK 2026 07 12", CodeReading(12, "TK", 2026, 7)),
        ("a1-12", CodeReading(12, "A1")),
    ],
)
def test_typed_codes(typed, first):
    assert parse_code(typed)[0] == first


def test_other_readings_follow():
    assert parse_code("12/2026") == (CodeReading(2026, None, 2012), CodeReading(12, None, 2026))
    assert parse_code("202600012") == (CodeReading(202600012), CodeReading(12, None, 2026))


@pytest.mark.parametrize(
    "typed", ["", "tk", "Rossi 12 a", "12 3 4 5 6", "0", "tk 0", "１２", "12" * 40, "+39 02", "1-2-3"]
)
def test_what_is_no_code_is_not_read(typed):
    assert parse_code(typed) == ()


@given(st.text(max_size=80))
def test_any_text_may_be_typed(typed):
    for reading in parse_code(typed):
        assert reading.number > 0
