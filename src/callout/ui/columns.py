"""Columns of a list: how each value is shown on a page and written into a file."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from callout.ui import shapes
from callout.ui.templatetags.callout import pill

Getter = Callable[[Any], Any]
Writer = Callable[[Any], str]
RIGHT_ALIGNED = {"number", "money"}
KINDS = {"text", "number", "money", "date", "datetime", "status", "bool", "phone"}
_PLACE = 902_173_640_551_823  # stands for a primary key while an address is worked out


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `value` is a dotted attribute path (the name itself when left out) or a callable of the row.

    `kind` says what the value is: text, number, money (an amount, or amount and currency), date, datetime, status (a
    word and a colour), bool or phone. `sort` names the model fields to sort by. `link` is a URL name that takes the
    row's primary key, or a callable of the row that gives an address. A column that is not `default` is shown when
    somebody chooses it. `width`, in pixels, is what the column has at least; a width that somebody chose cuts what does
    not fit. `share`, in percent, is the part of the table that a column of long texts takes as long as the others have
    room: it cuts what does not fit, which a pointer reads. `total` adds the column up below the list, while it can be
    counted.
    """

    name: str
    label: Any
    value: str | Getter | None = None
    sort: str | Sequence[str] | None = None
    kind: str = "text"
    link: str | Callable[[Any], str] | None = None
    default: bool = True
    width: int | None = None
    share: int | None = None
    total: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.name}: no kind of column: {self.kind}")
        if self.share and self.kind != "text":
            raise ValueError(f"{self.name}: only texts can be cut")

    @property
    def sort_fields(self) -> tuple[str, ...]:
        """The model fields that this column sorts by."""
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort or ())

    @property
    def numeric(self) -> bool:
        """Whether the figures stand at the right."""
        return self.kind in RIGHT_ALIGNED

    def getter(self) -> Getter:
        """Reads the value from a row; None where the path ends early."""
        if callable(self.value):
            return self.value
        first, *rest = (self.value or self.name).split(".")

        def read(row: Any) -> Any:
            found = getattr(row, first)
            for part in rest:
                if found is None:
                    return None
                found = getattr(found, part)
            return found() if callable(found) else found

        return read


def address_writer(url_name: str) -> Callable[[Any], str]:
    """Makes a row's address without working through the URL patterns for each row."""
    before, after = reverse(url_name, args=[_PLACE]).split(str(_PLACE))
    return lambda row: f"{before}{row.pk}{after}"


def shown_by_kind(kind: str) -> Writer:
    """Writes a value that is not None as HTML, in the language and time zone that are active now."""
    makers: dict[str, Callable[[], Writer]] = {
        "text": lambda: lambda value: escape(str(value)),
        "number": lambda: _number,
        "money": lambda: lambda value: escape(_money(value)),
        "date": _dates,
        "datetime": _moments,
        "status": lambda: lambda value: str(_pill(str(value[0]), value[1])),
        "bool": _yes_no,
        "phone": lambda: _call_link,
    }
    return makers[kind]()


def _number(value: Any) -> str:
    return shapes.grouped(value, 0) if isinstance(value, int) else shapes.quantity(value)


def _money(value: Any) -> str:
    return shapes.money(*value) if isinstance(value, tuple) else shapes.money(value)


def _dates() -> Writer:
    write = shapes.day_writer()
    return lambda value: f'<time datetime="{value.isoformat()}">{escape(write(value))}</time>'


def _moments() -> Writer:
    write = shapes.moment_writer()
    return lambda value: f'<time datetime="{value.isoformat(timespec="seconds")}">{escape(write(value))}</time>'


def _yes_no() -> Writer:
    yes, no = escape(gettext("yes")), escape(gettext("no"))
    return lambda value: yes if value else no


@lru_cache(maxsize=512)
def _pill(label: str, colour: str) -> str:
    return pill(label, colour)


@lru_cache(maxsize=4_096)
def _call_link(number: str) -> str:
    digits = re.sub(r"[^\d+]", "", number)
    return f'<a href="tel:{digits}">{escape(shapes.phone(number))}</a>' if digits else escape(number)


def row_writer(columns: Sequence[Column], row_url: str | None, sized: Collection[str] = ()) -> Writer:
    """Writes a row of the table. The first column leads to the row's page, whatever it shows.

    Columns whose names are in `sized` have a width of their own and cut what does not fit.
    """
    cells = [
        _cell(column, row_url if place == 0 else None, column.name in sized) for place, column in enumerate(columns)
    ]
    return lambda row: f"<tr>{''.join([cell(row) for cell in cells])}</tr>"


def _cell(column: Column, row_url: str | None, is_sized: bool) -> Writer:
    read, write, link = column.getter(), shown_by_kind(column.kind), column.link or row_url
    looks = (("num", column.numeric), ("sized", is_sized), ("share", column.share and not is_sized))
    classes = " ".join(name for name, wanted in looks if wanted)
    look = f' class="{classes}"' if classes else ""
    start = f'<td{look} data-label="{escape(str(column.label))}"'
    if link is not None:
        return _linked(f"{start}>", read, write, link)
    cut = bool(column.share)

    def plain(row: Any) -> str:
        value = read(row)
        text = "" if value is None else write(value)
        return f'{start} title="{text}">{text}</td>' if cut and text else f"{start}>{text}</td>"

    return plain


def _linked(start: str, read: Getter, write: Writer, link: str | Callable[[Any], str]) -> Writer:
    to = address_writer(link) if isinstance(link, str) else link
    missing = escape(pgettext("link", "open"))

    def linked(row: Any) -> str:
        value = read(row)
        text = missing if value is None or value == "" else write(value)
        return f'{start}<a href="{escape(to(row))}">{text}</a></td>'

    return linked


def cell_values(column: Column) -> Getter:
    """Reads what a file holds for a row: numbers and dates as such, moments as local time, the rest as words."""
    read = column.getter()
    convert = _FILE_VALUES.get(column.kind, lambda: str)()

    def value_of(row: Any) -> Any:
        value = read(row)
        return None if value is None or value == "" else convert(value)

    return value_of


def _local() -> Getter:
    zone = timezone.get_current_timezone()
    return lambda value: value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value


def _answer() -> Getter:
    yes, no = gettext("yes"), gettext("no")
    return lambda value: yes if value else no


def _amount(value: Any) -> Any:
    amount = value[0] if isinstance(value, tuple) else value
    return amount if isinstance(amount, int | Decimal) else Decimal(str(amount))


def _as_it_is(value: Any) -> Any:
    return value


_FILE_VALUES: dict[str, Callable[[], Getter]] = {
    "number": lambda: _as_it_is,
    "money": lambda: _amount,
    "date": shapes.local_day,
    "datetime": _local,
    "status": lambda: lambda value: str(value[0]),
    "bool": _answer,
}


def printed_values(column: Column) -> Callable[[Model], str]:
    """Reads what a printed list shows for a row."""
    read = column.getter()
    day, moment = shapes.day_writer(), shapes.moment_writer()
    writers: dict[str, Writer] = {
        "number": _number, "money": _money, "date": day, "datetime": moment, "bool": _answer(), "phone": shapes.phone,
        "status": lambda value: str(value[0]),
    }  # fmt: skip
    write = writers.get(column.kind, str)

    def text(row: Model) -> str:
        value = read(row)
        return "" if value is None else write(value)

    return text
