"""How far it is between many places at once, as tables that the search for routes reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callout.core.travel import EARTH_KM, Place, Roads

Table = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ways:
    """Seconds and metres from each place to each other one, [from, to]; the diagonal is zero."""

    seconds: Table
    metres: Table

    def ordered(self, order: Sequence[int]) -> Ways:
        """The same ways with the places in another order, each given by where it stands now."""
        return Ways(self.seconds[np.ix_(order, order)], self.metres[np.ix_(order, order)])


def straight_ways(places: Sequence[Place], roads: Roads) -> Ways:
    """What `roads` says of every pair, in whole seconds and metres, by the haversine formula as in core.travel."""
    at = np.radians(np.array([(place.latitude, place.longitude) for place in places], dtype=float).reshape(-1, 2))
    phi, away = at[:, 0], at[:, 1]
    half = np.sin((phi[None, :] - phi[:, None]) / 2) ** 2
    half += np.cos(phi[:, None]) * np.cos(phi[None, :]) * np.sin((away[None, :] - away[:, None]) / 2) ** 2
    km = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(half))) * roads.factor
    return Ways(np.rint(km / roads.speed * 3600).astype(np.int32), np.rint(km * 1000).astype(np.int32))


def with_unknown(ways: Ways, unknown: int, *, seconds: int, metres: int) -> Ways:
    """The tables with so many places more, of which nobody knows where they are: each is an assumed way from all."""
    known = len(ways.seconds)
    size = known + unknown
    tables = []
    for table, assumed in ((ways.seconds, seconds), (ways.metres, metres)):
        whole = np.full((size, size), assumed, dtype=np.int32)
        whole[:known, :known] = table
        np.fill_diagonal(whole, 0)
        tables.append(whole)
    return Ways(*tables)


def rounded_up(table: Table, step: int) -> Table:
    """The table with every number raised to a multiple of `step`."""
    raised: Table = (-(-table.astype(np.int64) // step) * step).astype(np.int32)
    return raised
