"""What stands behind appointments, as higher apps tell planning when they start: how to take it off a calendar."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from callout.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Held:
    """What an appointment is for: its number, its page, and the page on which it is planned anew."""

    code: str
    url: str
    move_url: str


@dataclass(frozen=True, slots=True)
class Holder:
    """One kind of thing that appointments are made for.

    `find(appointment_ids, actor)` gives those that the actor sees; `unplan(appointment_id, actor, now)` takes one off
    the calendar, or raises what refuses it.
    """

    find: Callable[[Collection[int], Actor], Mapping[int, Held]]
    unplan: Callable[[int, Actor, datetime], None]


_holders: dict[str, Holder] = {}


def register_holder(name: str, holder: Holder) -> None:
    """Make a kind known; called again, it replaces."""
    _holders[name] = holder


def held(ids: Collection[int], *, actor: Actor) -> dict[int, Held]:
    """What stands behind these appointments, by appointment; nothing for one that stands for itself."""
    return {pk: each for holder in _holders.values() for pk, each in holder.find(ids, actor).items()} if ids else {}


def unplan(appointment_id: int, *, actor: Actor, now: datetime) -> bool:
    """Take what stands behind the appointment off the calendar; False when nothing stands behind it."""
    for holder in _holders.values():
        if holder.find([appointment_id], actor):
            holder.unplan(appointment_id, actor, now)
            return True
    return False
