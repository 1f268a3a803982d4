"""Queries that are asked all the time, put together once.

Django writes many of them longer than the database answers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import RelatedPopulator, get_related_populators

from callout.db.rows import loaded

Row = TypeVar("Row", bound=models.Model)


class Compiled(Generic[Row]):
    """A queryset with open values, whose statement is written at its first use.

    `make(**blanks)` builds the queryset; each blank, a number, a text or a day, stands for an open value and differs
    from the others and from every other value in the query. Given values have to lead to the same statement: no None,
    no lists. Rows come as from the queryset itself, with what is select_related, annotated or deferred.
    """

    def __init__(self, make: Callable[..., models.QuerySet[Row]], **blanks: int | str | date) -> None:
        self._make = make
        self._blanks = blanks

    @cached_property
    def _written(self) -> "_Written":
        return _Written(self._make(**self._blanks), {blank: _Open(name) for name, blank in self._blanks.items()})

    def all(self, **given: Any) -> list[Row]:
        """The rows for these values, one for each blank; one statement."""
        return self._written.rows(given)

    def first(self, **given: Any) -> Row | None:
        """The first row for these values, None when there is none; every row is fetched, so there should be few."""
        rows = self.all(**given)
        return rows[0] if rows else None


class _Written:
    """A statement, and how its rows become objects: what Django's ModelIterable works out anew for each query."""

    def __init__(self, found: models.QuerySet[Any], open_values: "dict[int | str | date, _Open]") -> None:
        self.db = found.db
        self.compiler = found.query.get_compiler(found.db)
        self.statement, values = self.compiler.as_sql()
        self.values = [_as_open(value, open_values) for value in values]
        select, klass = self.compiler.select, self.compiler.klass_info
        self.converters = self.compiler.get_converters([column[0] for column in select])
        fields = klass["select_fields"]
        self.model, self.own = klass["model"], slice(fields[0], fields[-1] + 1)
        self.names = [column[0].target.attname for column in select[self.own]]
        made = get_related_populators(klass, select, self.db)  # type: ignore[call-arg]  # stubs of a later Django
        self.related = [_Related(each) for each in made]
        self.annotations = list(self.compiler.annotation_col_map.items())

    def rows(self, given: Mapping[str, Any]) -> list[Any]:
        """The objects for these values."""
        values = [given[value.name] if isinstance(value, _Open) else value for value in self.values]
        with connections[self.db].cursor() as cursor:
            cursor.execute(self.statement, values)
            found = cursor.fetchall()
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        return [self._object(row) for row in found]

    def _object(self, row: Sequence[Any]) -> Any:
        made = loaded(self.model, self.names, row[self.own], self.db)
        for related in self.related:
            related.populate(row, made)
        for name, column in self.annotations:
            setattr(made, name, row[column])
        return made


class _Related:
    """Where a select_related object stands in a row: what Django's populator knows, with objects made by `loaded`."""

    def __init__(self, found: RelatedPopulator) -> None:
        if found.reorder_for_init:
            raise ValueError(f"{found.model_cls.__name__} inherits columns of another table")
        self.model, self.names, self.db = found.model_cls, found.init_list, found.db
        self.own, self.key = slice(found.cols_start, found.cols_end), found.cols_start + found.pk_idx
        self.attach, self.attach_back = found.local_setter, found.remote_setter
        self.related = [_Related(each) for each in found.related_populators]

    def populate(self, row: Sequence[Any], owner: Any) -> None:
        """Give `owner` its object, or None where there is none."""
        if row[self.key] is None:
            self.attach(owner, None)
            return
        made = loaded(self.model, self.names, row[self.own], self.db)
        for related in self.related:
            related.populate(row, made)
        self.attach(owner, made)
        self.attach_back(made, owner)


class _Open:
    """The place of an open value among the values of a statement."""

    def __init__(self, name: str) -> None:
        self.name = name


def _as_open(value: Any, open_values: dict[int | str | date, _Open]) -> Any:
    """The open value in whose place a blank stands; other values as they are (True is no 1 here)."""
    if isinstance(value, bool) or not isinstance(value, int | str | date):
        return value
    return open_values.get(value, value)
