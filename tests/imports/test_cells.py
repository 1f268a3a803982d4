"""What the text of a cell means."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from callout.core.errors import Invalid
from callout.imports.registry import Field
from callout.imports.rules.cells import value_of


def read(cell, kind="text", *, choices=(), **options):
    return value_of(cell, Field("f", "F", kind=kind, choices=choices), options)


@pytest.mark.parametrize("cell", ["", "   ", "\u00a0", None, "\u200b"])
def test_blank_cells_say_nothing(cell):
    assert read(cell) is None


def test_odd_spacing_becomes_single_spaces():
    assert read("  60 EAST   93\tSTREET ") == "60 EAST 93 STREET"
    assert read(" a  b \n\n c ", "lines") == "a b\n\nc"


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("1234.5", "", "1234.5"), ("1,234.50", "", "1234.50"), ("1.234,50", "", "1234.50"), ("12,5", "", "12.5"),
        ("1,234,567", "", "1234567"), ("1 234,5", "", "1234.5"), ("1'234.5", "", "1234.5"), ("-7", "", "-7"),
        ("1,234", ",", "1.234"), ("1,234", ".", "1234"), ("1.234", ",", "1234"), ("€ 5.00", "", "5.00"),
        (Decimal("0.1"), "", "0.1"), (12, "", "12"), (".5", "", "0.5"), ("\u22123", "", "-3"),
    ],
)  # fmt: skip
def test_numbers_in_many_notations(cell, mark, value):
    assert read(cell, "decimal", decimal=mark) == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("x", "cell_not_number"), ("1,234", "cell_ambiguous_number"), ("NaN", "cell_not_number"),
        ("1e5", "cell_not_number"), ("1.2.3", "cell_not_number"), ("--1", "cell_not_number"),
    ],
)  # fmt: skip
def test_what_is_no_number_or_could_be_two_is_refused(cell, code):
    with pytest.raises(Invalid) as refused:
        read(cell, "decimal")
    assert (refused.value.code, refused.value.field) == (code, "f")


def test_whole_numbers():
    assert read("12.0", "integer") == 12
    with pytest.raises(Invalid):
        read("12.5", "integer")


@pytest.mark.parametrize(
    ("cell", "order", "value"),
    [
        ("2026-03-09", "iso", date(2026, 3, 9)),
        ("9.3.2026", "dmy", date(2026, 3, 9)),
        ("03/09/26", "mdy", date(2026, 3, 9)),
        ("20260309", "%Y%m%d", date(2026, 3, 9)),
        (date(2026, 3, 9), "dmy", date(2026, 3, 9)),
        (datetime(2026, 3, 9, 12, 30, tzinfo=UTC), "dmy", date(2026, 3, 9)),
        ("2026-03-09", "dmy", date(2026, 3, 9)),
    ],
)
def test_dates(cell, order, value):
    assert read(cell, "date", format=order) == value


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("30/02/2026", "dmy"), ("09/13/2026", "dmy"), ("9.3.2026", "iso"), ("x", "dmy"), ("0001-01-01", "iso"),
        ("2026-01-01 25:00", "iso"), ("1/1/2026 13:00 PM", "mdy"),
    ],
)  # fmt: skip
def test_days_that_do_not_exist_are_refused(cell, order):
    with pytest.raises(Invalid) as refused:
        read(cell, "date", format=order)
    assert refused.value.code == "cell_not_date"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("06/26/2018 10:58:54 AM", datetime(2018, 6, 26, 14, 58, 54, tzinfo=UTC)),
        ("06/26/2018 12:50:01 AM", datetime(2018, 6, 26, 4, 50, 1, tzinfo=UTC)),
        ("12/26/2018 12:00:00 PM", datetime(2018, 12, 26, 17, 0, tzinfo=UTC)),
        ("12/26/2018 17:00", datetime(2018, 12, 26, 22, 0, tzinfo=UTC)),
        ("2018-12-26T17:00:00+01:00", datetime(2018, 12, 26, 16, 0, tzinfo=UTC)),
        ("2018-12-26 17:00:00Z", datetime(2018, 12, 26, 17, 0, tzinfo=UTC)),
    ],
)
def test_moments_are_placed_in_their_zone(cell, value):
    assert read(cell, "datetime", format="mdy", time_zone="America/New_York") == value


def test_local_times_that_never_were_or_were_twice():
    zone = {"format": "mdy", "time_zone": "America/New_York"}
    with pytest.raises(Invalid) as refused:
        read("03/11/2018 02:30:00 AM", "datetime", **zone)
    assert refused.value.code == "cell_no_such_time"
    with pytest.raises(Invalid) as refused:
        read("11/04/2018 01:30:00 AM", "datetime", **zone)
    assert refused.value.code == "cell_twice"
    first = read("11/04/2018 01:30:00 AM", "datetime", **zone, twice="first")
    second = read("11/04/2018 01:30:00 AM", "datetime", **zone, twice="second")
    assert (second - first).total_seconds() == 3600


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Germany", "DE"), ("Germania", "DE"), ("de", "DE"), ("UK", "GB"), ("USA", "US"), ("România", "RO"),
        ("Italy ", "IT"), ("Venezuela", "VE"),
    ],
)  # fmt: skip
def test_countries_by_name_or_code(cell, code):
    assert read(cell, "country") == code


def test_unknown_countries_choices_and_answers_are_refused():
    for cell, kind in (("Atlantis", "country"), ("maybe", "boolean"), ("urgent", "choice")):
        with pytest.raises(Invalid):
            read(cell, kind, choices=[("low", "Low")])


def test_choices_by_value_or_label_yes_and_no():
    assert read("HIGH", "choice", choices=[("high", "alta")]) == "high"
    assert read("Alta", "choice", choices=[("high", "alta")]) == "high"
    assert [read(word, "boolean") for word in ("Yes", "sì", "DA", "1", "no", "NU", "0", True)] == [True] * 4 + [
        False
    ] * 3 + [True]


def test_values_are_replaced_before_they_are_read():
    assert read("Phone ", choices=(), values={"PHONE": "telefono"}) == "telefono"
    assert read("Unspecified", values={"unspecified": ""}) is None
    assert read(1, "boolean", values={"1": "no"}) is False


def test_characters_that_cannot_be_kept_are_refused():
    with pytest.raises(Invalid) as refused:
        read("a\0b")
    assert refused.value.code == "cell_bad_characters"
