"""Going through an import's file chunk by chunk, for the job and the command line. An edge: it reads the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import OperationalError

from callout.accounts.actor import SYSTEM, Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.core.tabular import Row
from callout.imports import commands, reading
from callout.imports.models import ImportRun, Stage
from callout.imports.registry import kind
from callout.imports.rules.mapping import identity
from callout.jobs.commands import progress
from callout.ui import clock

TRIES = 5
_CROSSED = ("40P01", "40001")
"""Two transactions in each other's way: PostgreSQL ended this one, which may simply try again."""


def carry_on(run: ImportRun) -> ImportRun:
    """Deal with every row behind the import's position and end its stage.

    Safe to call again after a kill, and twice at once: the position moves in the transaction of the rows. Raises
    RunCancelled, DomainError (the file is gone, the person lost a right), OperationalError.
    """
    actor = who_started(run)
    if run.run is not None and run.run.total is None:
        progress(run_id=run.run.pk, done=0, total=sum(1 for _row in reading.rows_of(run)))
    repeats = Repeats(run) if run.stage == Stage.CHECKING else None
    for chunk in _chunks(reading.rows_of(run), kind(run.kind).chunk):
        waiting = [row for row in chunk if row.line > run.position]
        if waiting:
            _take(run.pk, waiting, repeats.before(waiting) if repeats else (), actor)
        if repeats:
            repeats.note(chunk)
    return commands.end_stage(import_id=run.pk, actor=actor, now=clock.now())


def who_started(run: ImportRun) -> Actor:
    """The person who started the import, with the rights that he or she has now."""
    if run.started_by_id is None:
        return SYSTEM
    return actor_for(User.objects.get(pk=run.started_by_id))


class Repeats:
    """The rows of a file about records that it holds more than once.

    A check undoes every chunk, so that a later one does not find what an earlier one would have made. The first and
    the last row about a record, taken in again, make it as it would be there.
    """

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._kind = kind(run.kind)
        self._rows: dict[str, list[Row]] = {}
        seen: set[str] = set()
        self._twice: set[str] = set()
        if any(name in run.columns for name in self._kind.known_by):
            for row in reading.rows_of(run):
                key = self._key(row)
                if key is not None:
                    (self._twice if key in seen else seen).add(key)

    def _key(self, row: Row) -> str | None:
        if row.error is not None:
            return None
        return identity(self._kind, self._run.columns, reading.cells_by_header(self._run.headers, row))

    def _known(self, rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
        if self._twice:
            for row in rows:
                key = self._key(row)
                if key is not None and key in self._twice:
                    yield key, row

    def note(self, rows: Iterable[Row]) -> None:
        """Remember these rows, the next ones of the file."""
        for key, row in self._known(rows):
            self._rows[key] = [*self._rows.get(key, ())[:1], row]

    def before(self, rows: Iterable[Row]) -> list[Row]:
        """The noted rows about the same records as these, in the order of the file."""
        keys = {key for key, _row in self._known(rows)}
        return sorted((row for key in keys for row in self._rows.get(key, ())), key=lambda row: row.line)


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _take(import_id: int, chunk: Sequence[Row], repeated: Sequence[Row], actor: Actor) -> None:
    for tries_left in reversed(range(TRIES)):
        try:
            commands.take_rows(import_id=import_id, rows=chunk, repeated=repeated, actor=actor, now=clock.now())
            return
        except OperationalError as error:
            if not tries_left or getattr(error.__cause__, "sqlstate", "") not in _CROSSED:
                raise
