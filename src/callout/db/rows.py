"""Rows that are written all the time, handed to the database as one JSON value: it knows the columns by itself."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def as_values(row: models.Model) -> dict[str, Any]:
    """What stands in each column of a row that is about to be inserted, its key included."""
    return {column: field.pre_save(row, True) for column, field in _columns(type(row))}


def as_json(values: Any) -> str:
    """Values for jsonb_populate_record; times and decimals as the database reads them."""
    return json.dumps(values, default=str)


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one table in one statement. The database gives their keys; the objects do not learn them."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_insert(type(rows[0])), [as_json([as_values(row) for row in rows])])


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, Any]]:
    return [(str(field.column), field) for field in model._meta.concrete_fields]


@cache
def _insert(model: type[models.Model]) -> str:
    table, key = model._meta.db_table, model._meta.pk.column
    names = ", ".join(f'"{column}"' for column, _field in _columns(model) if column != key)
    return f'INSERT INTO "{table}" ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::"{table}", %s)'
