"""The first stretches of kept free time that could hold a piece of work, with the stops around them; one statement.

The database goes through the windows in order, and through the stretches of each by their starts, until it has as many
as were asked for: what lies behind them is never read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from callout.core.slots import NEAR, Window
from callout.core.travel import Place
from callout.db.rows import read
from callout.planning.rules import LONGEST

NEAREST = 8
"""Of so many people who are free at the same time, those who live nearest are compared."""

# Who may be given it, of those branches, of those named.
_ABLE = """
SELECT r.id FROM planning_resource r WHERE r.active AND r.free_until >= %(last)s AND r.user_id IN (
SELECT user_id FROM planning_eligibility WHERE activity_type_id = %(kind)s AND role = 'performs'
UNION ALL SELECT m.user_id FROM planning_eligibility e JOIN accounts_membership m ON m.team_id = e.team_id
WHERE e.activity_type_id = %(kind)s AND e.role = 'performs')
AND (%(branches)s::bigint[] IS NULL OR r.branch_id = ANY(%(branches)s::bigint[]))
AND (%(only)s::bigint[] IS NULL OR r.id = ANY(%(only)s::bigint[]))
"""
# The database knows neither how many people these are nor how many stretches a window holds, once it keeps the
# statement ready. IS TRUE makes it look each stretch up among the people; it would go through the people otherwise.
_FREE = """
SELECT r.id, r.user_id, r.position, r.home_latitude, r.home_longitude, {starts} AS starts,
least(f.ends, w.until) AS ends, f.starts AS gap_starts, f.ends AS gap_ends, row_number() OVER (
PARTITION BY {starts} ORDER BY power(r.home_latitude::float - %(latitude)s::float, 2)
+ power((r.home_longitude::float - %(longitude)s::float) * %(narrow)s::float, 2), r.position, r.id) AS rank
FROM planning_freetime f JOIN planning_resource r ON r.id = f.resource_id
WHERE {when} AND least(f.ends, w.until) >= {starts} + %(length)s::interval
AND (f.zone_id IS NULL OR %(zone)s::bigint IS NULL OR f.zone_id = %(zone)s::bigint)
AND (f.resource_id IN (SELECT id FROM able)) IS TRUE
"""
_GOING_ON = _FREE.format(starts="w.starts", when="tstzrange(f.starts, f.ends, '[)') @> w.starts")
_BEGINNING = _FREE.format(starts="f.starts", when="f.starts > w.starts AND f.starts < w.ends")
_FOUND = f"""
SELECT w.day, stretch.* FROM (
SELECT day, starts, ends, CASE WHEN %(holds)s::boolean THEN ends ELSE 'infinity'::timestamptz END AS until
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS asked (starts, ends, day)
ORDER BY day
) AS w CROSS JOIN LATERAL (
({_GOING_ON} ORDER BY rank LIMIT %(nearest)s) UNION ALL
(SELECT * FROM ({_BEGINNING}) AS near WHERE rank <= %(nearest)s ORDER BY starts, rank LIMIT %(most)s)
) AS stretch ORDER BY w.day, stretch.starts, stretch.rank LIMIT %(most)s
"""  # noqa: S608 - the program's own words
_STOP = """
SELECT a.{moment}, s.latitude, s.longitude FROM planning_appointment a JOIN customers_site s ON s.id = a.site_id
WHERE a.resource_id = found.id AND a.blocks AND s.latitude IS NOT NULL AND %(latitude)s::float IS NOT NULL
AND a.starts {near} ORDER BY a.starts {order} LIMIT 1
"""
_BEFORE = _STOP.format(
    moment="ends", order="DESC",
    near="< found.gap_starts AND a.starts > found.gap_starts - %(day)s::interval "
    "AND a.ends >= found.gap_starts - %(near)s::interval",
)  # fmt: skip
_BEHIND = _STOP.format(
    moment="starts", order="", near=">= found.gap_ends AND a.starts <= found.gap_ends + %(near)s::interval"
)
_STATEMENT = " ".join(
    f"""
WITH able AS MATERIALIZED ({_ABLE})
SELECT late.people, found.id, person.display_name, found.position, found.home_latitude, found.home_longitude,
found.starts, found.ends, before.ends, before.latitude, before.longitude,
behind.starts, behind.latitude, behind.longitude
FROM (
SELECT count(*) AS people FROM planning_resource WHERE active AND (free_until IS NULL OR free_until < %(last)s)
) AS late LEFT JOIN (({_FOUND}) AS found
JOIN accounts_user person ON person.id = found.user_id
LEFT JOIN LATERAL ({_BEFORE}) AS before ON true LEFT JOIN LATERAL ({_BEHIND}) AS behind ON true) ON true
ORDER BY found.day, found.starts, found.rank
""".split()  # noqa: S608 - the program's own words
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which work, how long, where and when, and who may be asked (None: everybody who performs it)."""

    kind: int
    minutes: int
    place: Place | None
    zone: int | None
    branches: Collection[int] | None
    only: Collection[int] | None


def stretches(asked: Asked, windows: Sequence[Window], most: int) -> tuple[int, list[tuple[Any, ...]]]:
    """The first `most` stretches that fit, by window and start, of people whose free time is kept to the last window's
    end; and how many active people there are for whom it is not.

    A row: resource, name, position, home (latitude, longitude), from, to, then when the stop before ends and where it
    is, when the stop behind begins and where.
    """
    place = asked.place
    values = {
        "kind": asked.kind, "length": timedelta(minutes=asked.minutes), "zone": asked.zone, "nearest": NEAREST,
        "branches": _ids(asked.branches), "only": _ids(asked.only), "last": windows[-1].interval.ends, "most": most,
        "starts": [each.interval.starts for each in windows], "ends": [each.interval.ends for each in windows],
        "holds": windows[0].holds, "near": NEAR, "day": NEAR + LONGEST,
        "latitude": place and place.latitude, "longitude": place and place.longitude,
        "narrow": cos(radians(place.latitude)) if place else 1.0,
    }  # fmt: skip
    rows = read(_STATEMENT, values, prepare=True)
    return rows[0][0], [row[1:] for row in rows if row[1] is not None]


def _ids(given: Collection[int] | None) -> list[int] | None:
    return None if given is None else list(given)


def stop(moment: datetime | None, latitude: Any, longitude: Any) -> tuple[datetime, Place] | None:
    """A stop of a row; None where there is none."""
    return None if moment is None else (moment, Place(float(latitude), float(longitude)))
