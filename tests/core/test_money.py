from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.money import (
    AmbiguousNumber,
    BadDiscount,
    NotANumber,
    NumberTooBig,
    Taxable,
    TooManyDecimals,
    UnknownCurrency,
    allocate,
    check_amount,
    check_number,
    currencies,
    format_money,
    format_number,
    line_total,
    minor_units,
    parse_money,
    parse_number,
    round_money,
    vat_summary,
)

from .support import explained, refused

D = Decimal
LANGUAGES = ["en", "it", "ro", "de-ch", "fr", "es", "hi", "en_IN", "pl", "sv", "pt-pt"]
CURRENCIES = ["EUR", "RON", "USD", "JPY", "KWD", "RSD"]
CURRENCY = st.sampled_from(CURRENCIES)
NUMBERS = st.decimals(-(10**11), 10**11, places=6)


def amounts(currency):
    return st.decimals(-(10**9), 10**9, places=minor_units(currency))


@pytest.mark.parametrize(("currency", "units"), [("EUR", 2), ("RON", 2), ("JPY", 0), ("KWD", 3), ("RSD", 2)])
def test_minor_units_are_those_of_the_standard(currency, units):
    assert minor_units(currency) == units


@pytest.mark.parametrize("currency", ["", "eur", "ITL", "ROL", "XXX", "CLF", "EURO", "E" * 100])
def test_unknown_currencies_are_refused(currency):
    assert refused(UnknownCurrency, minor_units, currency).field == "currency"
    assert {"EUR", "RON", "USD"} <= currencies()


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("1.005", "EUR", "1.01"),
        ("2.5", "JPY", "3"),
        ("-0.004", "EUR", "0.00"),
        ("1E+3", "EUR", "1000.00"),
        ("0.0005", "KWD", "0.001"),
    ],
)
def test_rounding_is_half_up(amount, currency, rounded):
    assert str(round_money(D(amount), currency)) == rounded


@given(NUMBERS, CURRENCY)
def test_rounding_is_off_by_half_a_coin_at_most(amount, currency):
    rounded = round_money(amount, currency)
    coin = D(1).scaleb(-minor_units(currency))
    assert abs(rounded - amount) <= coin / 2
    assert round_money(rounded, currency) == rounded
    assert round_money(-amount, currency) == -rounded


@given(st.decimals(0, 10**6, places=4), st.decimals(0, 10**6, places=6), st.decimals(0, 100, places=3), CURRENCY)
def test_a_line_is_rounded_once(quantity, price, discount, currency):
    exact = Fraction(quantity) * Fraction(price) * (1 - Fraction(discount) / 100)
    total = line_total(quantity, price, currency, discount_percent=discount)
    scaled = exact * 10 ** minor_units(currency)
    assert total.scaleb(minor_units(currency)) == int(scaled + Fraction(1, 2))


def test_a_discount_is_a_percentage():
    assert line_total(D(3), D("0.335"), "EUR") == D("1.01")
    assert line_total(D(3), D("10"), "EUR", discount_percent=D(100)) == 0
    for percent in ("-1", "100.01"):
        assert refused(BadDiscount, line_total, D(1), D(1), "EUR", discount_percent=D(percent)).field == "discount"


@given(CURRENCY, st.data())
def test_vat_is_rounded_once_by_rate_and_adds_up(currency, data):
    rates = st.sampled_from([D("22"), D("22.00"), D("10"), D("5.5"), D("0")])
    lines = data.draw(st.lists(st.builds(Taxable, amounts(currency), rates, st.sampled_from(["", "N4"])), max_size=8))
    summary = vat_summary(lines, currency)
    assert summary.net == sum((line.net for line in lines), D(0))
    assert summary.total == summary.net + summary.tax
    assert summary.tax == sum((group.tax for group in summary.groups), D(0))
    assert len({(g.rate, g.code) for g in summary.groups}) == len(summary.groups)
    for group in summary.groups:
        own = [line.net for line in lines if (line.rate, line.code) == (group.rate, group.code)]
        assert group.base == sum(own, D(0))
        coin = D(1).scaleb(-minor_units(currency))
        assert group.tax == (group.base * group.rate / 100).quantize(coin, rounding=ROUND_HALF_UP)
    assert vat_summary(list(reversed(lines)), currency) == summary


def test_vat_of_a_bill():
    lines = [
        Taxable(D("10.01"), D(22)),
        Taxable(D("10.01"), D(22)),
        Taxable(D("10.01"), D(22)),
        Taxable(D("5.00"), D(10)),
    ]
    summary = vat_summary([*lines, Taxable(D("7.00"), D(0), "N4")], "EUR")
    assert [(str(g.rate), g.code, str(g.base), str(g.tax)) for g in summary.groups] == [
        ("22", "", "30.03", "6.61"),
        ("1E+1", "", "5.00", "0.50"),
        ("0", "N4", "7.00", "0.00"),
    ]
    assert (summary.net, summary.tax, summary.total) == (D("42.03"), D("7.11"), D("49.14"))
    assert str(vat_summary([], "EUR").total) == "0.00"


@given(CURRENCY, st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=9), st.data())
def test_shares_add_up_and_are_fair(currency, weights, data):
    total = data.draw(amounts(currency))
    shares = allocate(total, weights, currency)
    assert sum(shares) == total
    coin = Fraction(1, 10 ** minor_units(currency))
    whole = sum(map(Fraction, weights))
    for share, weight in zip(shares, weights, strict=True):
        exact = Fraction(total) * (Fraction(weight) / whole if whole else Fraction(1, len(weights)))
        assert abs(Fraction(share) - exact) < coin
        assert share == round_money(share, currency)


def test_left_over_coins_go_to_the_largest_remainders():
    assert allocate(D("10.00"), [D(1), D(1), D(1)], "EUR") == [D("3.34"), D("3.33"), D("3.33")]
    assert allocate(D("-0.05"), [D(3), D(7)], "EUR") == [D("-0.02"), D("-0.03")]
    assert allocate(D("1.00"), [D(0), D(0)], "EUR") == [D("0.50"), D("0.50")]
    assert allocate(D(100), [D("0.1"), D("0.2")], "JPY") == [D(33), D(67)]
    for weights in ([], [D(1), D(-1)]):
        with pytest.raises(ValueError, match="weights"):
            allocate(D(1), weights, "EUR")
    refused(TooManyDecimals, allocate, D("0.005"), [D(1)], "EUR")


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("1.234,56", "it", "1234.56"),
        ("1.234,56", "ro", "1234.56"),
        ("1,234.56", "en", "1234.56"),
        ("1.234", "it", "1234.00"),
        ("1234,5", "it", "1234.50"),
        ("1 234 567,89", "it", "1234567.89"),
        ("1\u202f234,5", "fr", "1234.50"),
        ("1’234.50", "de-ch", "1234.50"),
        ("1'234.50", "de_CH", "1234.50"),
        ("12,34,567.5", "en_IN", "1234567.50"),
        ("-5", "it", "-5.00"),
        ("\u22125,25", "sv", "-5.25"),
        ("+5", "en", "5.00"),
        (" 5 ", "en", "5.00"),
        (",5", "it", "0.50"),
        ("0", "it", "0.00"),
        ("-0", "it", "0.00"),
        ("007", "it", "7.00"),
    ],
)
def test_numbers_are_read_by_language(text, language, number):
    assert str(parse_number(text, language, decimals=2)) == number


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "it"),
        (" ", "it"),
        (",", "it"),
        ("-", "it"),
        ("5,", "it"),
        ("12.50", "it"),
        ("1,234.56", "it"),
        ("1.234,56", "en"),
        ("1.23", "it"),
        ("1.2345", "it"),
        ("0.123", "it"),
        ("1.234.56", "it"),
        ("1.234 567", "it"),
        ("12,34,567", "en"),
        ("1,2,3", "it"),
        ("NaN", "en"),
        ("Infinity", "en"),
        ("1e5", "en"),
        ("0x10", "en"),
        ("1_000", "en"),
        ("١٢", "en"),
        ("１２", "en"),
        ("--5", "en"),
        ("5-", "en"),
        ("5\n6", "en"),
    ],
)
def test_what_is_no_number_is_refused(text, language):
    error = refused(
        (NotANumber if text != "1.234\u00a0" else TooManyDecimals), parse_number, text, language, decimals=2
    )
    assert explained(error)


def test_the_refusal_shows_how_to_write():
    error = refused(NotANumber, parse_number, "12.50", "it", decimals=2, field="price")
    assert error.field == "price"
    assert "1.234,56" in explained(error)


def test_three_decimals_of_money_are_refused():
    refused(TooManyDecimals, parse_money, "1,234", "EUR", "it")
    refused(TooManyDecimals, parse_money, "12,500", "EUR", "it")
    refused(TooManyDecimals, parse_money, "1,5", "JPY", "it")
    refused(TooManyDecimals, check_amount, D("1.234"), "EUR", field="amount")
    assert parse_money("1,234", "KWD", "it") == D("1.234")


def test_a_mark_that_may_be_either_is_refused_where_three_decimals_are_allowed():
    error = refused(AmbiguousNumber, parse_number, "1.234", "it", decimals=3)
    assert error.facts == {"text": "1.234", "one": "1234", "other": "1,234"}
    refused(AmbiguousNumber, parse_number, "12,345", "en", decimals=4)
    assert parse_number("1.234.567", "it", decimals=3) == 1_234_567
    assert parse_number("1.234,0", "it", decimals=3) == 1234
    assert parse_number("1 234", "it", decimals=3) == 1234
    assert parse_number("1234", "it", decimals=3) == 1234


@pytest.mark.parametrize("text", ["1" + "0" * 12, "9" * 500, "1." + "000." * 300 + "000", "0," + "0" * 300])
def test_huge_numbers_are_refused(text):
    refused(NumberTooBig, parse_number, text, "it", decimals=2)


def test_numbers_of_machines_are_checked_too():
    assert str(check_amount(D("1E+2"), "EUR")) == "100.00"
    assert str(check_number(D("-0.000"), 2)) == "0.00"
    for bad in ("NaN", "sNaN", "Infinity", "-Infinity"):
        refused(NotANumber, check_amount, D(bad), "EUR")
    for bad in ("1E+12", "-1E+999999", "1E+30"):
        refused(NumberTooBig, check_amount, D(bad), "EUR")
    refused(TooManyDecimals, check_amount, D("1E-999999"), "EUR")


@pytest.mark.parametrize("text", ["€ 1.234,50", "1.234,50 €", "EUR 1.234,50", "1.234,50\u00a0EUR", "1.234,50"])
def test_the_currency_may_stand_with_the_amount(text):
    assert parse_money(text, "EUR", "it") == D("1234.50")


def test_another_currency_may_not():
    refused(NotANumber, parse_money, "$ 5", "EUR", "en")
    refused(NotANumber, parse_money, "EUR EUR 5", "EUR", "en")
    refused(UnknownCurrency, parse_money, "5", "ABC", "en")


@given(st.sampled_from(LANGUAGES), CURRENCY, st.data())
def test_what_is_shown_is_read_back(language, currency, data):
    amount = data.draw(amounts(currency))
    assert parse_number(format_number(amount, language, decimals=2), language, decimals=2) == round_money(amount, "EUR")
    shown = format_money(amount, currency, language)
    if minor_units(currency) < 3:
        assert parse_money(shown.replace("-", ""), currency, language) == abs(amount)
    plain = format_number(amount, language).replace("-", "\u2212")
    if minor_units(currency) < 3:
        assert parse_number(plain, language, decimals=2) == amount


def test_amounts_are_shown_with_the_decimals_of_the_standard():
    assert format_money(D("1234.5"), "EUR", "it") == "1.234,50\u00a0€"
    assert format_money(D("1234.5"), "RON", "ro") == "1.234,50\u00a0RON"
    assert format_money(D("1234.5"), "RSD", "en") == "RSD\u00a01,234.50"
    assert format_money(D("1234"), "JPY", "en") == "¥1,234"
    assert format_money(D("-0.001"), "EUR", "en") == "€0.00"
    assert format_money(D("0.005"), "EUR", "en") == "€0.01"
    assert format_number(D("1234.500"), "it") == "1.234,500"
    assert format_number(D("1E+3"), "it") == "1.000"
    assert format_number(D("2.345"), "en", decimals=2) == "2.35"


@given(st.text("0123456789.,-+ '€EURe\u00a0NaN", max_size=20), st.sampled_from(LANGUAGES), st.integers(0, 4))
def test_any_text_is_a_number_or_refused(text, language, decimals):
    try:
        number = parse_number(text, language, decimals=decimals)
    except (NotANumber, AmbiguousNumber, TooManyDecimals, NumberTooBig) as error:
        assert explained(error)
    else:
        assert number == check_number(number, decimals)
        assert int(abs(number)) == 0 or str(int(abs(number)))[0] in text
