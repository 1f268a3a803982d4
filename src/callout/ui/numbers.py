"""Numbers as people type and read them."""

import re
from decimal import Decimal, InvalidOperation

from django.utils import formats

_SPACES = re.compile(r"[\s'’_]+")
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")


def separators() -> tuple[str, str]:
    """The decimal and the thousands separator of the reader's language."""
    return formats.get_format("DECIMAL_SEPARATOR"), formats.get_format("THOUSAND_SEPARATOR")


def plain_number(text: str) -> str:
    """A number as somebody wrote it, in the notation that programs read: `1.234,50` becomes `1234.50`.

    A point or comma that could be either is read as the reader's language writes it; one that can only be the decimal
    mark is taken as such in any language. Text that is no number comes back unchanged, for the field to refuse it.
    """
    compact = _SPACES.sub("", text)
    sign, digits = (compact[0], compact[1:]) if compact[:1] in ("-", "+", "−") else ("", compact)
    if not re.fullmatch(r"[\d.,]+", digits) or not digits.isascii():
        return text
    whole, mark, part = digits.rpartition(_decimal_mark(digits)) if _decimal_mark(digits) else (digits, "", "")
    if whole and not re.fullmatch(r"\d+", whole) and not _GROUPED.fullmatch(whole):
        return text
    plain = whole.replace(".", "").replace(",", "") + ("." + part if mark else "")
    return ("-" if sign in ("-", "−") else "") + plain


def _decimal_mark(digits: str) -> str:
    """Which character, if any, separates the decimals."""
    present = {mark for mark in ".," if mark in digits}
    if len(present) == 2:
        return max(present, key=digits.rindex)
    if not present:
        return ""
    mark = present.pop()
    decimal = separators()[0]
    return mark if mark == decimal or not _GROUPED.fullmatch(digits) else ""


def typed_number(value: object) -> str:
    """A number as an input field shows it: the reader's decimal mark, no thousands marks."""
    if value is None or value == "":
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    return f"{number:f}".replace(".", separators()[0])
