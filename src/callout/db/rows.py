"""Rows that are written all the time, handed to the database as one JSON value: it knows the columns by itself."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


def as_values(row: models.Model) -> dict[str, Any]:
    """What stands in each column of a row that is about to be inserted, its key included."""
    return {column: field.pre_save(row, True) for column, field in _columns(type(row))}


def as_json(values: Any) -> str:
    """Values for jsonb_populate_record; times and decimals as the database reads them."""
    return json.dumps(values, default=str)


def partial(model: type[Row], names: Sequence[str], values: Sequence[Any]) -> Row:
    """A row of which only these columns were read; Django reads the others when somebody asks for them."""
    return loaded(model, names, values, connection.alias)


def loaded(model: type[Row], names: Sequence[str], values: Sequence[Any], using: str) -> Row:
    """A row of database `using` as Model.from_db makes it, put together in a fifth of the time.

    Nobody here listens when a model is made, and no model makes itself in its own way: only the values count.
    """
    row = model.__new__(model)
    row._state = state = ModelState()
    state.adding, state.db = False, using
    row.__dict__.update(zip(names, values, strict=True))
    return row


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one table in one statement. The database gives their keys; the objects do not learn them."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(insertion(type(rows[0]), "%s"), [rows_json(rows)])


def rows_json(rows: Sequence[models.Model]) -> str:
    """What stands in the place that `insertion` leaves open."""
    return as_json([as_values(row) for row in rows])


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, Any]]:
    return [(str(field.column), field) for field in model._meta.concrete_fields]


@cache
def insertion(model: type[models.Model], place: str) -> str:
    """The statement that inserts rows of this table, given as `rows_json` in `place`, under keys of the database."""
    table, key = model._meta.db_table, model._meta.pk.column
    names = ", ".join(f'"{column}"' for column, _field in _columns(model) if column != key)
    source = f'jsonb_populate_recordset(NULL::"{table}", {place})'
    return f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {source}'  # noqa: S608 - the program's own names


def read(statement: str, values: Mapping[str, Any], *, prepare: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a statement whose best plan depends on its values, so that it is planned anew each time.

    With `prepare` it is kept ready like any other.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # Django offers no way to tell the driver that a statement should not be kept ready.
        cursor.cursor.execute(statement, values, prepare=None if prepare else False)
        return list(cursor.fetchall())
