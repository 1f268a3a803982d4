"""Amounts of money: rounding, tax, shares, and how people write them; currencies are ISO 4217."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from functools import lru_cache

from babel.core import get_global
from babel.numbers import NumberFormatError, format_currency, format_decimal, parse_decimal

from callout.core.errors import N_, Invalid

MAX_AMOUNT = Decimal("999999999999.99")
_MAX_LENGTH = 40
_PERCENT = Decimal("0.01")


class BadAmount(Invalid):
    """What was written is not an amount."""

    code = "bad_amount"
    what = N_("“{text}” is not an amount.")
    remedy = N_("Write it like {example}.")


class TooManyDecimals(Invalid):
    """The amount is finer than the currency."""

    code = "too_many_decimals"
    what = N_("“{text}” has more decimals than {currency} has.")
    remedy = N_("Write at most {decimals} decimals.")


class AmountTooLarge(Invalid):
    """The amount is beyond what can be kept."""

    code = "amount_too_large"
    what = N_("“{text}” is too large.")
    remedy = N_("The largest amount is {most}.")


@lru_cache(maxsize=256)
def decimals_of(currency: str) -> int:
    """How many decimals the currency has in ISO 4217, as CLDR lists them: 2 for EUR, 0 for JPY."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


def round_money(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's smallest unit, half away from zero."""
    with localcontext() as context:
        context.prec = 60
        return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), rounding=ROUND_HALF_UP)


def line_total(quantity: Decimal, price: Decimal, currency: str) -> Decimal:
    """The net amount of a line: quantity times price, rounded once."""
    return round_money(quantity * price, currency)


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What the lines of one rate come to. `percent` is the rate; `tax` is rounded."""

    percent: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document comes to; `total` is exactly `net` plus `tax`."""

    net: Decimal
    tax: Decimal
    total: Decimal
    rates: tuple[RateTotal, ...]


def vat_totals(lines: Iterable[tuple[Decimal, Decimal]], currency: str) -> Totals:
    """Totals of (rounded net, VAT percent) pairs: tax is computed on each rate's sum and rounded once per rate.

    This is how EN 16931 computes it (BR-CO-17: VAT category tax amount = taxable amount x rate / 100, rounded).
    """
    sums: dict[Decimal, Decimal] = {}
    for net, percent in lines:
        rate = percent.quantize(_PERCENT)
        sums[rate] = sums.get(rate, Decimal(0)) + net
    rates = tuple(
        RateTotal(percent, round_money(net, currency), round_money(net * percent / 100, currency))
        for percent, net in sorted(sums.items(), reverse=True)
    )
    net = sum((rate.net for rate in rates), round_money(Decimal(0), currency))
    tax = sum((rate.tax for rate in rates), round_money(Decimal(0), currency))
    return Totals(net, tax, net + tax, rates)


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Shares of `total` in proportion to `weights`, which add up to it exactly; what is left over by rounding goes to
    the largest remainders, first come first.

    Raises ValueError when a weight is negative or all are zero.
    """
    if any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError("weights must not be negative, nor all zero")
    unit = Decimal(1).scaleb(-decimals_of(currency))
    units = int(round_money(total, currency) / unit)
    sign, units = (-1, -units) if units < 0 else (1, units)
    scale = sum(weights)
    with localcontext() as context:
        context.prec = 60
        exact = [units * weight / scale for weight in weights]
    shares = [int(share) for share in exact]
    remainders = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in remainders[: units - sum(shares)]:
        shares[place] += 1
    return [share * sign * unit for share in shares]


def parse_amount(text: str, *, currency: str, locale: str, field: str | None = None) -> Decimal:
    """The amount that somebody wrote in the notation of `locale` ("1.234,56" in Italian), or plainly ("1234.56").

    Raises BadAmount, also for what could mean two things, TooManyDecimals or AmountTooLarge.
    """
    plain = "".join(text.split())
    value = _parse(plain, locale)
    if value is None:
        raise BadAmount(field, text=text[:_MAX_LENGTH], example=format_decimal(Decimal("1234.56"), locale=locale))
    if abs(value) > MAX_AMOUNT:
        raise AmountTooLarge(field, text=text[:_MAX_LENGTH], most=MAX_AMOUNT)
    if value != round_money(value, currency):
        raise TooManyDecimals(field, text=text[:_MAX_LENGTH], currency=currency, decimals=decimals_of(currency))
    return round_money(value, currency)


def _parse(text: str, locale: str) -> Decimal | None:
    if not text or len(text) > _MAX_LENGTH or not any(character.isdigit() for character in text):
        return None
    if any(character not in "0123456789.,'+-\u2019" for character in text):
        return None
    try:
        return parse_decimal(text, locale=locale, strict=True)
    except NumberFormatError:
        pass
    if "," in text or "'" in text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    # "1.234" in a locale that groups with points was read above; anything else with one point is plain notation.
    return value if value.is_finite() else None


def format_money(amount: Decimal, currency: str, locale: str) -> str:
    """The amount with its currency as the locale writes it."""
    return format_currency(amount, currency, locale=locale)
