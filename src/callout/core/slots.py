"""Free slots: where an appointment of a given length still fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from callout.core.intervals import Interval, normalise, subtract

_EPOCH = datetime.fromtimestamp(0, tz=UTC)


def free_slots(
    bookable: Sequence[Interval],
    busy: Iterable[Interval],
    minutes: int,
    step: int,
    limit: int,
    after: datetime,
    *,
    grid: datetime = _EPOCH,
) -> list[Interval]:
    """The first `limit` slots of that many minutes within bookable time that nothing takes, in their order.

    `bookable` is normalised, `busy` may come in any order and overlap. Slots begin at `after` or later, at moments that
    lie a whole number of `step` minutes from `grid`: give the midnight of the people concerned where their zone is not
    off by a multiple of `step`. Slots are choices, so they may overlap one another.
    Raises ValueError for minutes, step or limit below 1.
    """
    if minutes < 1 or step < 1 or limit < 1:
        raise ValueError("minutes, step and limit are at least 1")
    free = subtract(bookable, normalise(busy))
    length, stride = timedelta(minutes=minutes), timedelta(minutes=step)
    found = (slot for piece in free for slot in _within(piece, length, stride, after, grid))
    return list(islice(found, limit))


def _within(
    piece: Interval, length: timedelta, stride: timedelta, after: datetime, grid: datetime
) -> Iterator[Interval]:
    earliest = max(piece.starts, after)
    starts = earliest + (grid - earliest) % stride
    while starts + length <= piece.ends:
        yield Interval(starts, starts + length)
        starts += stride
