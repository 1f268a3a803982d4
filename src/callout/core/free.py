"""Free time that is kept: stretches in which somebody could still take work, and what a change does to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from callout.core.intervals import Interval, intersect, normalise, subtract


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Free time in one zone; `zone` 0 means anywhere. Stretches of one person never overlap."""

    interval: Interval
    zone: int = 0


def free_time(
    bookable: Sequence[Interval], busy: Iterable[Interval], zones: Sequence[Stretch] | None, within: Interval
) -> list[Stretch]:
    """What of `within` is bookable and not taken, in order. `bookable` is normalised; `busy` comes as it likes.

    `zones` says where somebody is present and when; without it, free time is free anywhere.
    """
    free = subtract(intersect(bookable, [within]), normalise(busy))
    if zones is None:
        return [Stretch(each) for each in free]
    found = [Stretch(each, zone) for zone, present in _by_zone(zones).items() for each in intersect(free, present)]
    return sorted(found)


def patched(kept: Iterable[Stretch], window: Interval, fresh: Iterable[Stretch]) -> list[Stretch]:
    """The kept stretches, with `fresh` in place of what lies in `window`; joined where they meet.

    Give all stretches that overlap or touch the window; those further away stay as they are.
    """
    outside = [Stretch(part, each.zone) for each in kept for part in subtract([each.interval], [window])]
    pieces = _by_zone([*outside, *fresh])
    return sorted(Stretch(each, zone) for zone, joined in pieces.items() for each in joined)


def _by_zone(stretches: Iterable[Stretch]) -> dict[int, list[Interval]]:
    ordered = sorted(stretches, key=lambda each: each.zone)
    return {
        zone: normalise(each.interval for each in group) for zone, group in groupby(ordered, lambda each: each.zone)
    }
