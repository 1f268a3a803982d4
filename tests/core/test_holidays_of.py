from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.holidays_of import holidays_between, knows_holidays

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_holidays_of_italy_and_romania_by_their_names():
    italian = dict(holidays_between("IT", "", *YEAR, "it"))
    assert italian[date(2026, 6, 2)] == "Festa della Repubblica"
    assert italian[date(2026, 4, 6)] == "Lunedì dell'Angelo"
    assert dict(holidays_between("IT", "", *YEAR, "en"))[date(2026, 6, 2)] == "Republic Day"
    romanian = dict(holidays_between("RO", "", *YEAR, "ro"))
    assert romanian[date(2026, 12, 1)] == "Ziua Națională a României"
    assert romanian[date(2026, 4, 13)] == "Paștele"


def test_a_language_that_is_missing_gives_the_countrys_own():
    assert dict(holidays_between("IT", "", *YEAR, "ro"))[date(2026, 6, 2)] == "Festa della Repubblica"
    assert dict(holidays_between("RO", "", *YEAR, "it"))[date(2026, 12, 1)] == "Ziua Națională a României"
    assert dict(holidays_between("IT", "", *YEAR, "en-gb"))[date(2026, 6, 2)] == "Republic Day"
    assert dict(holidays_between("DE", "", *YEAR, ""))[date(2026, 10, 3)] == "Tag der Deutschen Einheit"


def test_regions_have_holidays_of_their_own():
    whole = {day for day, _ in holidays_between("IT", "", *YEAR, "it")}
    bolzano = {day for day, _ in holidays_between("it", "BZ", *YEAR, "it")}
    assert bolzano - whole == {date(2026, 5, 25)}
    assert holidays_between("IT", "no such", *YEAR, "it") == holidays_between("IT", "", *YEAR, "it")


@pytest.mark.parametrize("country", ["XX", "", "Italy", "__class__", "EntityLoader", "../x", "ITA"])
def test_an_unknown_country_has_no_holidays(country):
    assert holidays_between(country, "", *YEAR, "it") == []
    assert not knows_holidays(country)


def test_what_is_known_can_be_asked():
    assert knows_holidays("it")
    assert knows_holidays("IT", "BZ")
    assert not knows_holidays("IT", "ZZ")


def test_both_ends_are_included_and_years_may_be_crossed():
    found = holidays_between("IT", "", date(2025, 12, 26), date(2026, 1, 1), "it")
    assert [day for day, _ in found] == [date(2025, 12, 26), date(2026, 1, 1)]
    assert holidays_between("IT", "", date(2026, 1, 2), date(2026, 1, 1), "it") == []


def test_years_that_are_not_covered_have_none():
    assert holidays_between("IT", "", date(1, 1, 1), date(1, 12, 31), "it") == []
    assert holidays_between("IT", "", date(9999, 1, 1), date.max, "it") == []


@given(
    st.sampled_from(["IT", "RO", "US", "DE", "GB", "JP", "XX"]),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.integers(0, 800),
    st.integers(0, 800),
)
def test_a_range_is_its_two_halves(country, start, first, second):
    middle = date.fromordinal(start.toordinal() + first)
    end = date.fromordinal(middle.toordinal() + 1 + second)
    after = date.fromordinal(middle.toordinal() + 1)
    halves = holidays_between(country, "", start, middle, "en") + holidays_between(country, "", after, end, "en")
    assert halves == holidays_between(country, "", start, end, "en")
    assert halves == sorted(halves)
    assert all(name for _, name in halves)
