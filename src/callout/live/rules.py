"""What is told of a change, and what somebody may hear of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

CHANNEL = "callout_live"
MOST = 200
"""How many calendars one message names; of more it says that everything may have changed."""
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody has changed.

    `resources` are the calendars concerned, None for too many to name. With `branch`, work of that branch has begun or
    ceased to wait for a plan, or looks different while it waits. `via` is the id of the request that did it.
    """

    what: str
    resources: tuple[int, ...] | None = ()
    starts: str = ""
    ends: str = ""
    appointment: int | None = None
    work_order: int | None = None
    branch: int | None = None
    actor_id: int | None = None
    actor_name: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """What somebody may hear of: these calendars, and work of these branches (None: of all)."""

    user_id: int
    resources: frozenset[int]
    branches: frozenset[int] | None = frozenset()


def named(resources: Iterable[int]) -> tuple[int, ...] | None:
    """The calendars in order; None when they are too many to name."""
    found = tuple(sorted(set(resources)))
    return found if len(found) <= MOST else None


def written(change: Change) -> str:
    """A change as the database carries it: some hundred bytes, 4,000 at most."""
    values: dict[str, Any] = {
        "w": change.what[:40],
        "r": change.resources,
        "s": change.starts,
        "e": change.ends,
        "a": change.appointment,
        "o": change.work_order,
        "b": change.branch,
        "i": change.actor_id,
        "n": change.actor_name[:LONGEST_NAME],
        "q": change.via,
    }
    return json.dumps({key: value for key, value in values.items() if value not in ("", None) or key == "r"})


def read(text: str) -> Change | None:
    """A change as another process wrote it; None when this program does not understand it."""
    try:
        values = json.loads(text)
        resources = values["r"]
        return Change(
            what=str(values["w"]),
            resources=None if resources is None else tuple(int(each) for each in resources),
            starts=values.get("s", ""),
            ends=values.get("e", ""),
            appointment=values.get("a"),
            work_order=values.get("o"),
            branch=values.get("b"),
            actor_id=values.get("i"),
            actor_name=values.get("n", ""),
            via=values.get("q", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def heard(change: Change, audience: Audience) -> Change | None:
    """What this audience hears of a change: its own calendars and branches alone; None when that is nothing."""
    seen = change.branch is not None and (audience.branches is None or change.branch in audience.branches)
    if change.resources is None:  # of whom is not known, so neither is by whom
        part: tuple[int, ...] | None = None
        change = replace(change, actor_id=None, actor_name="", appointment=None, via="")
    else:
        part = tuple(each for each in change.resources if each in audience.resources)
        if not part and not seen:
            return None
    return replace(
        change,
        resources=part,
        appointment=change.appointment if part else None,
        starts=change.starts if part is None or part else "",
        ends=change.ends if part is None or part else "",
        work_order=change.work_order if seen else None,
        branch=change.branch if seen else None,
    )


def told(change: Change, audience: Audience) -> dict[str, Any]:
    """A heard change as the browser gets it. `own` says that the listener did it, here or on another screen."""
    return {
        "what": change.what,
        "resources": None if change.resources is None else list(change.resources),
        "starts": change.starts,
        "ends": change.ends,
        "appointment": change.appointment,
        "waiting": change.branch is not None or change.resources is None,
        "by": change.actor_name,
        "own": change.actor_id is not None and change.actor_id == audience.user_id,
        "via": change.via,
    }


def moment(at: datetime | None) -> str:
    """A time as it is written in a change; empty for none."""
    return at.isoformat() if at else ""
