"""Filters of a list: what the address says, what it narrows, and how it reads on the page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.core.text import has_forbidden
from callout.ui.keyset import resolve
from callout.ui.shapes import day_writer

Apply = Callable[[QuerySet, Any], QuerySet]
Params = list[tuple[str, str]]
LONGEST = 200
MOST_OPTIONS = 400


class OddValue(ValueError):
    """The address holds a value that this filter never writes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads the list, and the date it is for that person."""

    actor: Actor
    today: date


class Filter:
    """A filter by `name`. `lookup` is the field path it narrows by; `apply(queryset, value)` does so instead."""

    template = "ui/filters/text.html"

    def __init__(self, name: str, label: Any, lookup: str = "", apply: Apply | None = None) -> None:
        self.name, self.label, self.lookup, self.apply = name, label, lookup or name, apply

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters of the address that belong to this filter."""
        return (self.name,)

    def read(self, data: QueryDict, reading: Reading) -> Any:
        """The value in the address, None when there is none. Raises OddValue."""
        raise NotImplementedError

    def params(self, value: Any) -> Params:
        """The value as parameters of an address."""
        return [(self.name, str(value))]

    def words(self, value: Any, reading: Reading) -> str:
        """The value as the reader says it."""
        return str(value)

    def narrow(self, queryset: QuerySet, value: Any) -> QuerySet:
        """The rows that pass."""
        return self.apply(queryset, value) if self.apply else queryset.filter(self.condition(queryset, value))

    def condition(self, queryset: QuerySet, value: Any) -> Q:
        """What a row has to fulfil."""
        return Q(**{self.lookup: value})

    def context(self, value: Any, reading: Reading) -> dict[str, Any]:
        """What the filter's template shows in the panel."""
        return {"filter": self, "value": value}


class TextFilter(Filter):
    """Part of a text; a lookup of one's own (`code__istartswith`) is used as it is."""

    def __init__(self, name: str, label: Any, lookup: str = "", apply: Apply | None = None) -> None:
        super().__init__(name, label, lookup or f"{name}__icontains", apply)

    def read(self, data: QueryDict, reading: Reading) -> str | None:
        """The text without spaces around it."""
        text = data.get(self.name, "").strip()
        if has_forbidden(text) or len(text) > LONGEST:
            raise OddValue(self.name)
        return text or None


class BoolFilter(Filter):
    """Yes or no."""

    template = "ui/filters/bool.html"

    def read(self, data: QueryDict, reading: Reading) -> bool | None:
        """True for 1, False for 0."""
        text = data.get(self.name, "")
        if text not in ("", "0", "1"):
            raise OddValue(self.name)
        return text == "1" if text else None

    def params(self, value: bool) -> Params:
        """1 or 0."""
        return [(self.name, "1" if value else "0")]

    def words(self, value: bool, reading: Reading) -> str:
        """Yes or no."""
        return gettext("yes") if value else gettext("no")


class ChoiceFilter(Filter):
    """One or several of fixed values; `choices` are pairs, or a callable that gives them."""

    template = "ui/filters/choice.html"

    def __init__(
        self,
        name: str,
        label: Any,
        choices: Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]],
        lookup: str = "",
        apply: Apply | None = None,
    ) -> None:
        super().__init__(name, label, lookup, apply)
        self._choices = choices

    @property
    def choices(self) -> list[tuple[Any, Any]]:
        """The values and their words."""
        return list(self._choices() if callable(self._choices) else self._choices)

    def read(self, data: QueryDict, reading: Reading) -> tuple[Any, ...] | None:
        """The chosen values, in the order of the choices."""
        wanted = {part for part in data.getlist(self.name) if part}
        known = {str(key): key for key, _label in self.choices if str(key) in wanted}
        if wanted - known.keys():
            raise OddValue(self.name)
        return tuple(known.values()) or None

    def params(self, value: tuple[Any, ...]) -> Params:
        """A parameter for each value."""
        return [(self.name, str(one)) for one in value]

    def words(self, value: tuple[Any, ...], reading: Reading) -> str:
        """The words of the values."""
        return ", ".join(str(label) for key, label in self.choices if key in value)

    def context(self, value: tuple[Any, ...] | None, reading: Reading) -> dict[str, Any]:
        """The values to choose from."""
        return {**super().context(value, reading), "choices": self.choices}

    def condition(self, queryset: QuerySet, value: tuple[Any, ...]) -> Q:
        """Any of the values."""
        return Q(**{self.lookup: value[0]}) if len(value) == 1 else Q(**{f"{self.lookup}__in": value})


class ModelFilter(Filter):
    """One or several records; `queryset` may be a callable of the actor, who then sees only what it gives.

    With `picker` (the URL name of a picker's search) one record is looked for instead of chosen from a list.
    """

    template = "ui/filters/choice.html"

    def __init__(
        self,
        name: str,
        label: Any,
        queryset: QuerySet | Callable[[Actor], QuerySet],
        lookup: str = "",
        apply: Apply | None = None,
        picker: str = "",
    ) -> None:
        super().__init__(name, label, lookup, apply)
        self._queryset, self.picker = queryset, picker
        if picker:
            self.template = "ui/filters/picker.html"

    def offered(self, actor: Actor) -> QuerySet:
        """The records that the actor may choose."""
        return self._queryset(actor) if callable(self._queryset) else self._queryset.all()

    def read(self, data: QueryDict, reading: Reading) -> tuple[int, ...] | None:
        """The primary keys."""
        texts = [text for text in data.getlist(self.name) if text]
        if any(not (text.isascii() and text.isdigit() and len(text) < 19) for text in texts) or len(texts) > LONGEST:
            raise OddValue(self.name)
        return tuple(dict.fromkeys(map(int, texts))) or None

    def params(self, value: tuple[int, ...]) -> Params:
        """A parameter for each record."""
        return [(self.name, str(pk)) for pk in value]

    def words(self, value: tuple[int, ...], reading: Reading) -> str:
        """The names of the records that the actor may see: the one statement that a filter adds to a page."""
        return ", ".join(str(found) for found in self.offered(reading.actor).filter(pk__in=value)) or "–"

    def condition(self, queryset: QuerySet, value: tuple[int, ...]) -> Q:
        """Any of the records."""
        return Q(**{self.lookup: value[0]}) if len(value) == 1 else Q(**{f"{self.lookup}__in": value})

    def context(self, value: tuple[int, ...] | None, reading: Reading) -> dict[str, Any]:
        """The records to choose from, or the search that finds one."""
        found = super().context(value, reading)
        if self.picker:
            chosen = self.words(value, reading) if value else ""
            return {**found, "url": reverse(self.picker), "label": chosen, "chosen": value[0] if value else ""}
        return {**found, "choices": [(row.pk, str(row)) for row in self.offered(reading.actor)[:MOST_OPTIONS]]}


@dataclass(frozen=True, slots=True)
class DateRange:
    """From the beginning of one date to the end of another; an open end is None. `preset` names how it was chosen."""

    start: date | None
    end: date | None
    preset: str = ""


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(6)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(32)).replace(day=1) - timedelta(1)


PRESETS: dict[str, tuple[Any, Callable[[date], tuple[date | None, date | None]]]] = {
    "today": (_("today"), lambda today: (today, today)),
    "yesterday": (_("yesterday"), lambda today: (today - timedelta(1), today - timedelta(1))),
    "tomorrow": (_("tomorrow"), lambda today: (today + timedelta(1), today + timedelta(1))),
    "this_week": (_("this week"), _week),
    "last_week": (_("last week"), lambda today: _week(today - timedelta(7))),
    "next_week": (_("next week"), lambda today: _week(today + timedelta(7))),
    "this_month": (_("this month"), _month),
    "last_month": (_("last month"), lambda today: _month(today.replace(day=1) - timedelta(1))),
    "past": (_("in the past"), lambda today: (None, today - timedelta(1))),
}


class DateFilter(Filter):
    """A named span (this week) or two dates, both included; moments count by the reader's own days.

    `apply` gets a DateRange.
    """

    template = "ui/filters/date.html"

    @property
    def keys(self) -> tuple[str, ...]:
        """Name of a span, or two dates."""
        return self.name, f"{self.name}_from", f"{self.name}_to"

    def read(self, data: QueryDict, reading: Reading) -> DateRange | None:
        """The span in the address; two dates win over a name."""
        texts = [data.get(key, "") for key in self.keys[1:]]
        if any(texts):
            start, end = (self._date(text) for text in texts)
            if start and end and end < start:
                raise OddValue(self.name)
            return DateRange(start, end)
        preset = data.get(self.name, "")
        if not preset:
            return None
        if preset not in PRESETS:
            raise OddValue(self.name)
        return DateRange(*PRESETS[preset][1](reading.today), preset)

    def _date(self, text: str) -> date | None:
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError as error:
            raise OddValue(self.name) from error
        if day and not 1900 <= day.year <= 2200:
            raise OddValue(self.name)
        return day

    def params(self, value: DateRange) -> Params:
        """The name of the span, so that a saved view stays up to date; else the dates."""
        if value.preset:
            return [(self.name, value.preset)]
        ends = zip(self.keys[1:], (value.start, value.end), strict=True)
        return [(key, day.isoformat()) for key, day in ends if day]

    def words(self, value: DateRange, reading: Reading) -> str:
        """The span in the reader's notation."""
        if value.preset:
            return str(PRESETS[value.preset][0])
        write = day_writer()
        if value.start and value.end:
            return f"{write(value.start)} – {write(value.end)}"
        if value.start:
            return pgettext("dates", "from %(date)s") % {"date": write(value.start)}
        return pgettext("dates", "until %(date)s") % {"date": write(value.end)} if value.end else ""

    def condition(self, queryset: QuerySet, value: DateRange) -> Q:
        """From the first moment of the first date to the last of the last, in the active time zone."""
        field, path, _nullable = resolve(queryset, self.lookup)
        if not isinstance(field, DateTimeField):
            bounds = {"gte": value.start, "lte": value.end}
        else:
            bounds = {"gte": _midnight(value.start), "lt": _midnight(value.end + timedelta(1) if value.end else None)}
        return Q(**{f"{path}__{lookup}": bound for lookup, bound in bounds.items() if bound is not None})

    def context(self, value: DateRange | None, reading: Reading) -> dict[str, Any]:
        """The named spans and the dates."""
        dates = value if value and not value.preset else None
        presets = [(key, label) for key, (label, _span) in PRESETS.items()]
        return {**super().context(value, reading), "presets": presets, "dates": dates}


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, time.min))
