"""Amounts round once, tax adds up, shares lose nothing, and what people write is read as they mean it or refused."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.money import (
    AmountTooLarge,
    BadAmount,
    TooManyDecimals,
    allocate,
    decimals_of,
    format_money,
    line_total,
    parse_amount,
    round_money,
    vat_totals,
)

CURRENCIES = st.sampled_from(["EUR", "RON", "USD", "JPY", "KWD"])
AMOUNTS = st.decimals(-1_000_000, 1_000_000, places=4)
LINES = st.lists(st.tuples(st.decimals(0, 100_000, places=2), st.sampled_from(["22", "22.00", "10", "0"]).map(Decimal)))


@given(AMOUNTS, CURRENCIES)
def test_rounding_moves_by_half_a_unit_at_most(amount: Decimal, currency: str) -> None:
    rounded = round_money(amount, currency)
    unit = Decimal(1).scaleb(-decimals_of(currency))
    assert abs(rounded - amount) * 2 <= unit
    assert rounded == rounded.quantize(unit)


def test_half_is_rounded_away_from_zero() -> None:
    assert round_money(Decimal("0.125"), "EUR") == Decimal("0.13")
    assert round_money(Decimal("-0.125"), "EUR") == Decimal("-0.13")
    assert line_total(Decimal("1.5"), Decimal("33.33"), "EUR") == Decimal("50.00")


@given(LINES)
def test_total_is_net_plus_tax_and_tax_is_rounded_once_per_rate(lines: list[tuple[Decimal, Decimal]]) -> None:
    totals = vat_totals(lines, "EUR")
    assert totals.total == totals.net + totals.tax
    assert totals.net == sum(net for net, _ in lines)
    assert len({rate.percent for rate in totals.rates}) == len(totals.rates)
    for rate in totals.rates:
        base = sum((net for net, percent in lines if percent == rate.percent), Decimal(0))
        assert rate.tax == (base * rate.percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(AMOUNTS, st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=20).filter(sum), CURRENCIES)
def test_shares_add_up_exactly(total: Decimal, weights: list[Decimal], currency: str) -> None:
    shares = allocate(total, weights, currency)
    assert sum(shares) == round_money(total, currency)
    unit = Decimal(1).scaleb(-decimals_of(currency))
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - sum(shares) * weight / sum(weights)) < unit


@given(st.decimals(0, 10_000_000, places=2), st.sampled_from(["en", "it", "ro"]))
def test_what_is_shown_without_a_sign_can_be_typed_back(amount: Decimal, locale: str) -> None:
    shown = format_money(amount, "EUR", locale)
    typed = "".join(character for character in shown if character in "0123456789.,")
    assert parse_amount(typed, currency="EUR", locale=locale) == amount


@pytest.mark.parametrize("text", ["", "abc", "1,2,3", "NaN", "Infinity", "1e5", "١٢", "--1", "1" * 50, "1.2.3"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount) as caught:
        parse_amount(text, currency="EUR", locale="it", field="price")
    assert caught.value.field == "price"


def test_finer_or_larger_than_kept_is_refused() -> None:
    with pytest.raises(TooManyDecimals):
        parse_amount("1,234", currency="EUR", locale="it")
    with pytest.raises(TooManyDecimals):
        parse_amount("1.5", currency="JPY", locale="en")
    with pytest.raises(AmountTooLarge):
        parse_amount("9999999999999", currency="EUR", locale="en")
