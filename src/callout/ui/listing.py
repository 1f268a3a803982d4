"""What the address of a list says: search, filters, columns, sort, size. Whatever it should not say is ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import structlog
from django.http import QueryDict

from callout.core.text import has_forbidden
from callout.ui.columns import Column
from callout.ui.filters import Filter, OddValue, Params, Reading

log = structlog.get_logger("callout.lists")
SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
NARROWEST, WIDEST = 40, 900
LONGEST_SEARCH = 200
# What the component itself reads; `after`, `panel` and `export` ask for a part and are no part of the view.
VIEW_KEYS = ("q", "sort", "size", "cols")
PART_KEYS = ("after", "panel", "export", "_", "up", "down")


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as this view shows it."""

    column: Column
    width: int | None = None

    @property
    def code(self) -> str:
        """The column in an address: its name, with a width that somebody gave it."""
        return f"{self.column.name}:{self.width}" if self.width else self.column.name


@dataclass(frozen=True)
class View:
    """One view of a list, as its address describes it."""

    path: str
    q: str = ""
    sort: str = ""
    size: int = DEFAULT_SIZE
    shown: tuple[Shown, ...] = ()
    is_default_columns: bool = True
    values: Mapping[Filter, Any] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter leaves rows out."""
        return bool(self.q or self.values)

    def params(self) -> Params:
        """The parameters that make this view, none of which only repeats a default."""
        found: Params = [("q", self.q)] if self.q else []
        for one, value in self.values.items():
            found += one.params(value)
        if self.sort:
            found.append(("sort", self.sort))
        if self.size != DEFAULT_SIZE:
            found.append(("size", str(self.size)))
        if not self.is_default_columns:
            found.append(("cols", ",".join(one.code for one in self.shown)))
        return found

    def url(self, **parts: str) -> str:
        """The address of this view, or of a part of it."""
        query = urlencode([*self.params(), *parts.items()], safe=",:")
        return f"{self.path}?{query}" if query else self.path

    @property
    def query(self) -> str:
        """The view without its path, to be kept under a name."""
        return urlencode(self.params(), safe=",:")

    def without(self, one: Filter) -> "View":
        """The view without a filter."""
        return replace(self, values={key: value for key, value in self.values.items() if key is not one})

    def cleared(self) -> "View":
        """The view with its columns and order, but of every row."""
        return replace(self, q="", values={})

    def sorted_by(self, sort: str) -> "View":
        """The view in another order."""
        return replace(self, sort=sort)


class Reader:
    """Reads the view out of an address; notes what it ignored."""

    def __init__(self, name: str, columns: Sequence[Column], filters: Sequence[Filter]) -> None:
        self.name = name
        self.columns = {column.name: column for column in columns}
        self.filters = filters
        self.known = {*VIEW_KEYS, *PART_KEYS} | {key for one in filters for key in one.keys}

    def read(self, data: QueryDict, *, path: str, reading: Reading) -> View:
        """The view; unknown parameters and values that no list wrote are left out and logged."""
        odd = [key for key in data if key not in self.known]
        view = View(
            path=path,
            q=self._search(data, odd),
            sort=self._sort(data, odd),
            size=self._size(data, odd),
            values=self._values(data, odd, reading),
        )
        view = replace(view, shown=self._columns(data, odd))
        default = tuple(Shown(column, None) for column in self.columns.values() if column.default)
        if odd:
            log.warning("list.odd_parameter", list=self.name, parameters=sorted(key[:40] for key in set(odd))[:20])
        return replace(view, is_default_columns=view.shown == default)

    def _search(self, data: QueryDict, odd: list[str]) -> str:
        text = " ".join(data.get("q", "").split())
        if has_forbidden(text) or len(text) > LONGEST_SEARCH:
            odd.append("q")
            return ""
        return text

    def _sort(self, data: QueryDict, odd: list[str]) -> str:
        sort = data.get("sort", "")
        column = self.columns.get(sort.removeprefix("-"))
        if sort and not (column and column.sort_fields):
            odd.append("sort")
            return ""
        return sort

    def _size(self, data: QueryDict, odd: list[str]) -> int:
        text = data.get("size", "")
        if text in map(str, SIZES):
            return int(text)
        if text:
            odd.append("size")
        return DEFAULT_SIZE

    def _values(self, data: QueryDict, odd: list[str], reading: Reading) -> dict[Filter, Any]:
        values: dict[Filter, Any] = {}
        for one in self.filters:
            try:
                value = one.read(data, reading)
            except OddValue:
                odd.append(one.name)
                continue
            if value is not None:
                values[one] = value
        return values

    def _columns(self, data: QueryDict, odd: list[str]) -> tuple[Shown, ...]:
        """The chosen columns in their order; `cols` may come once with commas, or once for each box that is ticked."""
        found: dict[str, Shown] = {}
        for code in (part for text in data.getlist("cols") for part in text.split(",") if part):
            name, _colon, width = code.partition(":")
            if name not in self.columns or (width and not (width.isascii() and width.isdigit() and len(width) < 5)):
                odd.append("cols")
                continue
            found[name] = Shown(self.columns[name], min(max(int(width), NARROWEST), WIDEST) if width else None)
        return tuple(found.values()) or tuple(Shown(column) for column in self.columns.values() if column.default)
