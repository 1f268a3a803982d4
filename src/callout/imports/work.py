"""Going through an import's file chunk by chunk, for the job and the command line. An edge: it reads the clock."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db import OperationalError

from callout.accounts.actor import SYSTEM, Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.core.tabular import Row
from callout.imports import commands, reading
from callout.imports.models import ImportRun
from callout.imports.registry import kind
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
    rows = (row for row in reading.rows_of(run) if row.line > run.position)
    for chunk in _chunks(rows, kind(run.kind).chunk):
        _take(run.pk, chunk, actor)
    return commands.end_stage(import_id=run.pk, actor=actor, now=clock.now())


def who_started(run: ImportRun) -> Actor:
    """The person who started the import, with the rights that he or she has now."""
    if run.started_by_id is None:
        return SYSTEM
    return actor_for(User.objects.get(pk=run.started_by_id))


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _take(import_id: int, chunk: list[Row], actor: Actor) -> None:
    for tries_left in reversed(range(TRIES)):
        try:
            commands.take_rows(import_id=import_id, rows=chunk, actor=actor, now=clock.now())
            return
        except OperationalError as error:
            if not tries_left or getattr(error.__cause__, "sqlstate", "") not in _CROSSED:
                raise
