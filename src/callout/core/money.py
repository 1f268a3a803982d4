"""Amounts of money, exactly: rounded once, taxed by rate, shared without losing a cent, read and shown by locale.

Amounts are Decimals beside the ISO 4217 code of their currency. Rounding is half up (away from zero), as invoices want.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from math import lcm

from babel import Locale
from babel.core import get_global
from babel.numbers import NumberPattern, format_decimal, get_currency_symbol, get_decimal_symbol, get_group_symbol

from callout.core.errors import N_, Invalid

MAX_DIGITS = 12
"""Digits before the decimal point of the largest amount or quantity."""
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
_HUNDRED = Decimal(100)
# ISO 4217, minor units other than two, of the currencies in use.
_WITHOUT_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_WITH_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


class UnknownCurrency(Invalid):
    """No currency that is in use."""

    code = "unknown_currency"
    what = N_("There is no currency “{currency}”.")
    remedy = N_("Choose one by its three letters, such as EUR.")


class NotANumber(Invalid):
    """No number in the notation of this language."""

    code = "not_a_number"
    what = N_("“{text}” is no number.")
    remedy = N_("Write it like {example}.")


class AmbiguousNumber(Invalid):
    """A separator that may stand for thousands or for decimals."""

    code = "ambiguous_number"
    what = N_("“{text}” can mean {one} or {other}.")
    remedy = N_("Leave out the separator of thousands, or write the decimals.")


class TooManyDecimals(Invalid):
    """More decimals than the currency or the field has."""

    code = "too_many_decimals"
    what = N_("{text} has more than {most} decimals.")
    remedy = N_("Round it.")


class NumberTooBig(Invalid):
    """More digits than can be meant."""

    code = "number_too_big"
    what = N_("The number has more than {most} digits before the decimals.")
    remedy = N_("Check it for a key pressed too often.")


class BadDiscount(Invalid):
    """A discount that is none."""

    code = "bad_discount"
    what = N_("{percent} is no discount: it goes from 0 to 100 percent.")


@cache
def currencies() -> frozenset[str]:
    """The codes of the currencies that are legal tender somewhere."""
    histories = get_global("territory_currencies").values()
    return frozenset(code for spans in histories for code, _, ended, tender in spans if tender and ended is None)


def minor_units(currency: str, *, field: str | None = "currency") -> int:
    """How many decimals the currency has. Raises UnknownCurrency."""
    if currency not in currencies():
        raise UnknownCurrency(field, currency=currency[:10])
    return 0 if currency in _WITHOUT_DECIMALS else 3 if currency in _WITH_THREE else 2


def round_money(amount: Decimal, currency: str) -> Decimal:
    """The amount with exactly the currency's decimals, half up; never minus zero. Raises UnknownCurrency."""
    rounded = amount.quantize(Decimal(1).scaleb(-minor_units(currency)), context=_EXACT)
    return abs(rounded) if rounded.is_zero() else rounded


def check_amount(amount: Decimal, currency: str, *, field: str | None = None) -> Decimal:
    """The amount, when it is finite, not huge and has no more decimals than the currency; with all its decimals.

    Raises NotANumber, NumberTooBig, TooManyDecimals, UnknownCurrency.
    """
    return check_number(amount, minor_units(currency), field=field)


def check_number(number: Decimal, decimals: int, *, field: str | None = None) -> Decimal:
    """The number with that many decimals, when it has no more. Raises NotANumber, NumberTooBig, TooManyDecimals."""
    if not number.is_finite():
        raise NotANumber(field, text=str(number), example="1234.56")
    if number.adjusted() >= MAX_DIGITS:
        raise NumberTooBig(field, most=MAX_DIGITS)
    fitted = number.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    if fitted != number:
        raise TooManyDecimals(field, text=str(number)[:40], most=decimals)
    return abs(fitted) if fitted.is_zero() else fitted


def line_total(
    quantity: Decimal, unit_price: Decimal, currency: str, *, discount_percent: Decimal = Decimal(0)
) -> Decimal:
    """Quantity times unit price less the discount, rounded once at the end.

    Raises BadDiscount (field `discount`) for a discount outside 0 to 100, UnknownCurrency.
    """
    if not 0 <= discount_percent <= 100:
        raise BadDiscount("discount", percent=discount_percent)
    gross = _EXACT.multiply(quantity, unit_price)
    return round_money(_EXACT.multiply(gross, _percent(_HUNDRED - discount_percent)), currency)


def _percent(rate: Decimal) -> Decimal:
    return _EXACT.divide(rate, _HUNDRED)


@dataclass(frozen=True, slots=True)
class Taxable:
    """A net amount (rounded already) with its rate in percent and a code that tells equal rates apart (`N4`, say)."""

    net: Decimal
    rate: Decimal
    code: str = ""


@dataclass(frozen=True, slots=True)
class VatGroup:
    """All amounts of one rate and code, and the tax on their sum."""

    rate: Decimal
    code: str
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class VatSummary:
    """The groups, highest rate first, and what they make together; `total` is `net` plus `tax` exactly."""

    groups: tuple[VatGroup, ...]
    net: Decimal
    tax: Decimal
    total: Decimal


def vat_summary(amounts: Iterable[Taxable], currency: str) -> VatSummary:
    """Tax by rate: computed on the sum of each rate's amounts and rounded once per rate. Raises UnknownCurrency."""
    bases: dict[tuple[Decimal, str], Decimal] = {}
    for each in amounts:
        key = (each.rate.normalize(), each.code)
        bases[key] = _EXACT.add(bases.get(key, Decimal(0)), each.net)
    ordered = sorted(bases.items(), key=lambda item: (-item[0][0], item[0][1]))
    groups = tuple(
        VatGroup(rate, code, round_money(base, currency), round_money(_EXACT.multiply(base, _percent(rate)), currency))
        for (rate, code), base in ordered
    )
    zero = round_money(Decimal(0), currency)
    net = sum((group.base for group in groups), zero)
    tax = sum((group.tax for group in groups), zero)
    return VatSummary(groups, net, tax, net + tax)


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Shares of the total in proportion to the weights that add up to it exactly.

    Each share is at most one smallest coin off its exact value; the coins left over go to the largest remainders, the
    earlier of equal ones. Equal shares when all weights are zero.
    Raises ValueError without weights or with a negative one, TooManyDecimals for a total with fractions of a coin.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("shares need weights, none of them negative")
    units = minor_units(currency)
    coins = int(abs(check_amount(total, currency)).scaleb(units))
    parts = _whole(weights)
    whole = sum(parts)
    shares = [coins * part // whole for part in parts]
    remainders = [coins * part % whole for part in parts]
    largest_first = sorted(range(len(parts)), key=lambda at: (-remainders[at], at))
    for at in largest_first[: coins - sum(shares)]:
        shares[at] += 1
    sign = -1 if total < 0 else 1
    return [round_money(Decimal(sign * share).scaleb(-units), currency) for share in shares]


def _whole(weights: Sequence[Decimal]) -> list[int]:
    """The weights as whole numbers in the same proportion, all one when all are zero."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(denominator for _, denominator in ratios))
    parts = [numerator * (common // denominator) for numerator, denominator in ratios]
    return parts if any(parts) else [1] * len(parts)


_SPACES = re.compile("[ \u00a0\u2007\u2009\u202f]")
# Where a currency shown by its letters touches the amount; CLDR wants a space there.
_LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_MINUSES = str.maketrans("\u2212\u2013\ufe63\uff0d", "----")


@dataclass(frozen=True, slots=True)
class _Notation:
    """How a language writes numbers."""

    whole: re.Pattern[str]
    """A number with or without thousands; the group `grouped` is there when it has any."""
    group: str
    decimal: str
    example: str


@cache
def _notation(language: str) -> _Notation:
    locale = Locale.parse(language.replace("-", "_"))
    group, decimal = get_group_symbol(locale), get_decimal_symbol(locale)
    group = " " if _SPACES.fullmatch(group) else group.replace("’", "'")
    first, further = locale.decimal_formats[None].grouping
    marks = f"[{re.escape(group)} ]"
    grouped = rf"[1-9][0-9]{{0,{further - 1}}}(?P<mark>{marks})(?:[0-9]{{{further}}}(?P=mark))*[0-9]{{{first}}}"
    whole = re.compile(
        rf"(?P<sign>[-+]?) ?(?:(?P<grouped>{grouped})|(?P<plain>[0-9]*))(?:{re.escape(decimal)}(?P<decimals>[0-9]+))?"
    )
    return _Notation(whole, group, decimal, format_decimal(Decimal("1234.56"), locale=locale))


def parse_number(text: str, language: str, *, decimals: int, field: str | None = None) -> Decimal:
    """The number that the text means in the notation of that language, with at most that many decimals.

    Strict: groups of thousands have to be where they belong, in the language's mark or spaces; other marks, exponents,
    NaN and infinity are refused. Where as many as three decimals are allowed, `1.234` in Italian (or `1,234` in
    English) could be either and is refused; where only two are, it can only mean thousands.
    Raises NotANumber, AmbiguousNumber, TooManyDecimals, NumberTooBig.
    """
    notation = _notation(language)
    plain = _SPACES.sub(" ", text.strip().translate(_MINUSES)).replace("’", "'")
    match = notation.whole.fullmatch(plain)
    digits = re.sub("[^0-9]", "", (match["grouped"] or match["plain"]) if match else "")
    if match is None or not (digits or match["decimals"]):
        raise NotANumber(field, text=text[:40], example=notation.example)
    places = match["decimals"] or ""
    number = Decimal(f"{match['sign']}{digits or '0'}.{places or '0'}") if len(digits) <= 40 >= len(places) else None
    if number is None or len(digits.lstrip("0")) > MAX_DIGITS:
        raise NumberTooBig(field, most=MAX_DIGITS)
    if len(places) > decimals:
        raise TooManyDecimals(field, text=text[:40], most=decimals)
    if decimals >= 3 and not places and match["grouped"] and _one_mark(match["grouped"], notation):
        other = match["grouped"].replace(match["mark"], notation.decimal)
        raise AmbiguousNumber(field, text=text[:40], one=digits, other=other)
    return check_number(number, decimals, field=field)


def _one_mark(grouped: str, notation: _Notation) -> bool:
    """Whether the only mark is a point or comma, which somebody may have meant for decimals."""
    return notation.group in (".", ",") and grouped.count(notation.group) == 1 and " " not in grouped


def parse_money(text: str, currency: str, language: str, *, field: str | None = None) -> Decimal:
    """The amount that the text means, with the currency's decimals; the currency's code or sign may stand with it.

    Raises UnknownCurrency and what `parse_number` raises.
    """
    units = minor_units(currency)
    plain = _SPACES.sub(" ", text).strip()
    signs = {currency, get_currency_symbol(currency, locale=language.replace("-", "_"))}
    for sign in sorted(signs, key=len, reverse=True):
        bare = plain.removesuffix(sign).removeprefix(sign)
        if bare != plain:
            plain = bare.strip()
            break
    return parse_number(plain, language, decimals=units, field=field)


def format_money(amount: Decimal, currency: str, language: str) -> str:
    """The amount as people of that language write it, with the currency and all its decimals.

    Raises UnknownCurrency.
    """
    units = minor_units(currency)
    locale = Locale.parse(language.replace("-", "_"))
    pattern = _with_places(locale.currency_formats["standard"], units)
    shown: str = pattern.apply(round_money(amount, currency), locale, currency=currency, currency_digits=False)
    return _LETTER_DIGIT.sub("\u00a0", shown)


def _with_places(pattern: NumberPattern, places: int) -> NumberPattern:
    """The language's pattern with exactly that many decimals instead of its own."""
    changed = copy(pattern)
    changed.frac_prec = (places, places)
    return changed


def format_number(number: Decimal, language: str, *, decimals: int | None = None) -> str:
    """The number as people of that language write it, with its own decimals or exactly that many."""
    locale = Locale.parse(language.replace("-", "_"))
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    exponent = number.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    shown: str = _with_places(locale.decimal_formats[None], places).apply(number, locale)
    return shown
