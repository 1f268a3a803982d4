"""Writing many rows by COPY: indexes and foreign keys are made anew afterwards, which also proves them."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import psycopg


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows went into a table beside those that were there, and the seconds it took, indexes included."""

    table: str
    before: int
    rows: int
    seconds: float


def load(session: psycopg.Connection, table: str, rows: Iterable[dict]) -> Loaded:
    """COPY dictionaries with the same keys into a table that nobody else uses; commits."""
    before = session.execute(f"select count(*) from {table}").fetchone()[0]  # type: ignore[index]  # always a row
    started = time.perf_counter()
    makings = _unmake(session, table)
    count = _copy(session, table, iter(rows))
    for statement in makings:
        session.execute(statement)
    session.execute(f"analyze {table}")
    session.commit()
    return Loaded(table, before, count, time.perf_counter() - started)


def _copy(session: psycopg.Connection, table: str, rows: Iterator[dict]) -> int:
    first = next(rows, None)
    if first is None:
        return 0
    columns = ", ".join(f'"{name}"' for name in first)
    count = 1
    with session.cursor().copy(f"copy {table} ({columns}) from stdin") as stream:
        stream.write_row(tuple(first.values()))
        for row in rows:
            stream.write_row(tuple(row.values()))
            count += 1
    return count


def _unmake(session: psycopg.Connection, table: str) -> list[str]:
    """Drop the table's foreign keys and its indexes that no constraint needs; the statements that make them again."""
    keys = session.execute(
        "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = 'f'",
        [table],
    ).fetchall()
    indexes = session.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i "
        "where i.indrelid = %s::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid)",
        [table],
    ).fetchall()
    for name, _definition in keys:
        session.execute(f'alter table {table} drop constraint "{name}"')
    for name, _definition in indexes:
        session.execute(f"drop index {name}")
    made = [definition for _name, definition in indexes]
    return made + [f'alter table {table} add constraint "{name}" {definition}' for name, definition in keys]


def array(values: Iterable[str]) -> str:
    """A text[] as COPY reads it; the values hold neither quotes nor backslashes."""
    return "{" + ",".join(f'"{value}"' for value in values) + "}"


def next_ids(session: psycopg.Connection, tables: Iterable[str]) -> None:
    """Let the sequences go on behind the rows."""
    for table in tables:
        session.execute(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), (select coalesce(max(id), 1) from {table}))"
        )
