"""Values as the reader's language writes them: money, quantities, durations, telephone numbers, dates."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.numbers import format_currency
from django.conf import settings
from django.utils import dateformat, formats, timezone
from django.utils.translation import get_language, gettext, pgettext_lazy

from callout.core import phones
from callout.ui.numbers import separators

Amount = Decimal | int | float | str | None
UNITS = {
    "pc": pgettext_lazy("unit", "pc"),
    "pair": pgettext_lazy("unit", "pair"),
    "set": pgettext_lazy("unit", "set"),
    "box": pgettext_lazy("unit", "box"),
    "day": pgettext_lazy("unit", "day"),
    "month": pgettext_lazy("unit", "month"),
}
"""Units that languages abbreviate differently; h, km, kg and the like are the same everywhere."""


def money(value: Amount, currency: str = "") -> str:
    """An amount with the digits and the place of the sign that language and currency ask for."""
    amount = _decimal(value)
    if amount is None:
        return ""
    before, digits, after = _money_pattern(get_language() or "en", currency)
    sign = "-" if round(amount, digits) < 0 else ""
    return f"{sign}{before}{grouped(abs(amount), digits)}{after}"


@lru_cache(maxsize=256)
def _money_pattern(language: str, currency: str) -> tuple[str, int, str]:
    if not currency:
        return "", 2, ""
    sample = format_currency(Decimal(1), currency, locale=language.replace("-", "_"))
    start = sample.index("1")
    end = max(place for place, char in enumerate(sample) if char.isdigit()) + 1
    before = sample[:start]
    if before[-1:].isalpha():  # letters do not touch the number, whatever the pattern says
        before += "\xa0"
    return before, max(0, end - start - 2), sample[end:]


def quantity(value: Amount) -> str:
    """A quantity without trailing zeros, three decimals at most."""
    amount = _decimal(value)
    if amount is None:
        return ""
    rounded = round(amount, 3).normalize()
    return grouped(rounded, max(0, -int(rounded.as_tuple().exponent)))


def unit(code: str) -> str:
    """A unit of quantities in the reader's language; one of a company's own as it is."""
    return str(UNITS.get(code, code))


def grouped(amount: Decimal | int, digits: int) -> str:
    """A number with thousands and decimal marks of the reader's language."""
    decimal, thousands = separators()
    text = f"{amount:,.{digits}f}"
    return text.translate({44: thousands, 46: decimal})


def duration(value: timedelta | int | Decimal | None) -> str:
    """A length of time (minutes, or a timedelta) in hours and minutes."""
    if value is None:
        return ""
    minutes = round(value.total_seconds() / 60) if isinstance(value, timedelta) else round(value)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@lru_cache(maxsize=20_000)
def phone(number: str) -> str:
    """A telephone number as it is written in the installation's country."""
    return phones.display(number, settings.DEFAULT_COUNTRY) if number else ""


def local_day() -> Callable[[date], date]:
    """Reads the day of a date, or of a moment in the reader's time zone."""
    zone = timezone.get_current_timezone()
    return lambda value: value.astimezone(zone).date() if isinstance(value, datetime) else value


def day_writer() -> Callable[[date], str]:
    """Writes dates in the reader's short form; of a moment the day in the reader's time zone."""
    pattern = formats.get_format("SHORT_DATE_FORMAT")
    language = get_language() or "en"
    day = local_day()
    return lambda value: _written(day(value), pattern, language)


def moment_writer() -> Callable[[datetime], str]:
    """Writes moments in the reader's short form and time zone."""
    pattern = formats.get_format("SHORT_DATE_FORMAT")
    language = get_language() or "en"
    zone = timezone.get_current_timezone()
    return lambda value: _written_moment(value, pattern, language, zone)


def _written_moment(value: datetime, pattern: str, language: str, zone: ZoneInfo) -> str:
    local = value.astimezone(zone)
    return f"{_written(local.date(), pattern, language)} {local.hour:02}:{local.minute:02}"


@lru_cache(maxsize=4_000)
def _written(value: date, pattern: str, language: str) -> str:
    """`language` is part of the key: names of months are written in it."""
    return dateformat.format(value, pattern)


def _decimal(value: Amount) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
