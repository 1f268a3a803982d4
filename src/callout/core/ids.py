"""Where a page of a list ends: the sort values of its last row, as text that fits into an address."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, TypeAlias, get_args

from callout.core.errors import N_, Invalid
from callout.core.text import has_forbidden

SortValue: TypeAlias = str | int | Decimal | datetime | date | bool | None

MAX_LENGTH = 2_000
"""Characters of the longest cursor that is read or made."""
MAX_VALUES = 8
_BIGGEST = 2**63 - 1
_SAFE = re.compile(r"[A-Za-z0-9_-]+")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class BadCursor(Invalid):
    """The place in the list is not one that this list gave out."""

    code = "bad_cursor"
    what = N_("This link points to a place in the list that does not exist.")
    remedy = N_("Go back to the beginning of the list.")


def encode_cursor(values: Sequence[SortValue]) -> str:
    """The cursor for a row's sort values, in the order of the sort; moments are kept in UTC, to the microsecond.

    Opaque but not secret and not signed: whoever reads it must filter by rights as on the first page.
    Raises ValueError or TypeError for what `decode_cursor` would not read: a naive moment, NaN, a number over 64 bits,
    another type, too many values, too long.
    """
    if not 0 < len(values) <= MAX_VALUES:
        raise ValueError(f"a cursor holds 1 to {MAX_VALUES} values")
    text = json.dumps([_pack(value) for value in values], separators=(",", ":"), ensure_ascii=False)
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    if len(cursor) > MAX_LENGTH:
        raise ValueError("the sort values are too long for a cursor")
    return cursor


def decode_cursor(cursor: str, *, kinds: Sequence[Any] | None = None) -> tuple[SortValue, ...]:
    """The sort values that `encode_cursor` was given, moments in UTC.

    `kinds` holds for each column the exact type, or a union of types (`datetime | None`), that its value must have.
    Raises BadCursor for anything that `encode_cursor` would not have written to the last character.
    """
    if len(cursor) > MAX_LENGTH or not _SAFE.fullmatch(cursor):
        raise BadCursor(cursor=cursor[:40])
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        packed = json.loads(raw.decode())
        values = tuple(map(_unpack, packed)) if isinstance(packed, list) else ()
        exact = encode_cursor(values) == cursor
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadCursor(cursor=cursor[:40]) from error
    if not exact or (kinds is not None and not _fits(values, kinds)):
        raise BadCursor(cursor=cursor[:40])
    return values


def _fits(values: Sequence[SortValue], kinds: Sequence[Any]) -> bool:
    allowed = [get_args(kind) if isinstance(kind, UnionType) else (kind,) for kind in kinds]
    return len(values) == len(kinds) and all(type(v) in kind for v, kind in zip(values, allowed, strict=True))


def _pack(value: SortValue) -> object:
    match value:
        case None | bool():
            return value
        case int() if -_BIGGEST <= value <= _BIGGEST:
            return value
        case str() if not has_forbidden(value):
            return value
        case Decimal() if _DECIMAL.fullmatch(f"{value:f}"):
            return {"n": f"{value:f}"}
        case datetime():
            return {"t": _moment(value).isoformat()}
        case date():
            return {"d": value.isoformat()}
    raise TypeError(f"no sort value: {value!r:.80}")


def _moment(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise ValueError("a moment in a cursor needs its time zone")
    return value.astimezone(UTC)


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError("no plain decimal number")
    return Decimal(text)


_READERS: dict[str, Callable[[str], SortValue]] = {
    "n": _decimal,
    "t": lambda text: _moment(datetime.fromisoformat(text)),
    "d": date.fromisoformat,
}


def _unpack(packed: object) -> SortValue:
    """The value behind its JSON; what is odd is left to the comparison with a fresh encoding."""
    if packed is None or isinstance(packed, bool | int | str):
        return packed
    if isinstance(packed, dict) and len(packed) == 1:
        [(tag, text)] = packed.items()
        if tag in _READERS and isinstance(text, str) and len(text) <= 64:
            return _READERS[tag](text)
    raise ValueError("no sort value")
