"""Queries that are asked all the time, put together once: Django writes many of them longer than the database answers.

Every app above may use this; it lives in the lowest one that has tables everybody reads.
"""

import copy
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class Compiled(Generic[Row]):
    """A queryset with open values, whose statement is written at its first use.

    `make(**blanks)` builds the queryset; each blank, a number, a text or a day, stands for an open value and differs
    from the others and from every other value in the query. Given values have to lead to the same statement: no None,
    no lists.
    Rows come as from the queryset itself, with what is select_related, annotated or deferred.
    """

    def __init__(self, make: Callable[..., models.QuerySet[Row]], **blanks: int | str | date) -> None:
        self._make = make
        self._blanks = blanks

    @cached_property
    def _written(self) -> tuple[models.QuerySet[Row], SQLCompiler, str, list[Any]]:
        found = self._make(**self._blanks)
        compiler = found.query.get_compiler(found.db)
        statement, values = compiler.as_sql()
        open_values = {blank: _Open(name) for name, blank in self._blanks.items()}
        return found, compiler, statement, [_as_open(value, open_values) for value in values]

    def all(self, **given: Any) -> list[Row]:
        """The rows for these values, one for each blank; one statement."""
        found, compiler, statement, values = self._written
        ready = copy.copy(compiler)
        ready.connection = connections[found.db]  # each thread has its own
        filled = tuple(given[value.name] if isinstance(value, _Open) else value for value in values)
        ready.as_sql = lambda *args, **kwargs: (statement, filled)  # type: ignore[method-assign]  # written before
        asked = found.all()
        asked.query.get_compiler = lambda *args, **kwargs: ready  # type: ignore[method-assign]
        return list(asked)

    def first(self, **given: Any) -> Row | None:
        """The first row for these values, None when there is none; every row is fetched, so there should be few."""
        rows = self.all(**given)
        return rows[0] if rows else None


class _Open:
    """The place of an open value among the values of a statement."""

    def __init__(self, name: str) -> None:
        self.name = name


def _as_open(value: Any, open_values: dict[int | str | date, _Open]) -> Any:
    """The open value in whose place a blank stands; other values as they are (True is no 1 here)."""
    if isinstance(value, bool) or not isinstance(value, int | str | date):
        return value
    return open_values.get(value, value)
