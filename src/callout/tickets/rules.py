"""Where a ticket stands, derived from its plan, the team's answer and its work orders; and what its texts may hold."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from callout.core.text import clean_name, has_forbidden
from callout.tickets.errors import BadAddress, BadText, DueBeforeReceived, ReceivedInFuture, TextTooLong

RECEIVED, ASSIGNED, ACCEPTED, FINALISED, BY_PHONE = "received", "assigned", "accepted", "finalised", "by_phone"

MAX_TEXT = 20_000
"""Characters of a description, a note or a remark."""
SEARCHED = 2_000
"""Characters of the description that are found by searching; the index of a longer one would outgrow the ticket."""
MAX_ADDRESSES = 10
CLOCK_SKEW = timedelta(minutes=10)
"""How far ahead of ours the clock of somebody who reports a time may be."""

_CLOSED = frozenset({"reported", "verified", "billed"})
_PLANNED = frozenset({"planned", "under_way", "done"})
_ADDRESS = re.compile(r"[^@\s,;<>()\[\]\\\"]{1,64}@[^@\s,;<>()\[\]\\\"]+\.[^@\s,;<>()\[\]\\\".]{2,}")


@dataclass(frozen=True, slots=True)
class Trip:
    """What a ticket needs to know of one of its work orders; without `starts` it is not planned."""

    status: str
    starts: datetime | None = None
    ends: datetime | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket's derived fields."""

    status: str
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    assignee_id: int | None = None


def standing(trips: Collection[Trip], *, verifier: bool, accepted: bool) -> Standing:
    """Where a ticket with these work orders stands; `verifier` and `accepted` say whether there is one, whether it was.

    The plan shown is that of the first planned work order which is not reported yet; a finalised ticket keeps the last.
    """
    live = [trip for trip in trips if trip.status not in ("cancelled", "not_needed")]
    if not live:
        by_phone = any(trip.status == "not_needed" for trip in trips)
        return Standing(BY_PHONE if by_phone else RECEIVED)
    if all(trip.status in _CLOSED for trip in live):
        return _with_plan(FINALISED, _timed(live)[-1:])
    ahead = _timed(trip for trip in live if trip.status in _PLANNED)[:1]
    whole = bool(ahead) and ahead[0].user_id is not None and verifier
    return _with_plan(promised(whole=whole, accepted=accepted), ahead)


def promised(*, whole: bool, accepted: bool) -> str:
    """The status of an open ticket; `whole` when start, end, assignee and verifier are all there."""
    if not whole:
        return RECEIVED
    return ACCEPTED if accepted else ASSIGNED


def _timed(trips: Iterable[Trip]) -> list[Trip]:
    """Those with a time, in their order."""
    return sorted((trip for trip in trips if trip.starts and trip.ends), key=lambda trip: (trip.starts, trip.ends))


def _with_plan(status: str, trips: list[Trip]) -> Standing:
    if not trips:
        return Standing(status)
    return Standing(status, trips[0].starts, trips[0].ends, trips[0].user_id)


def check_text(text: str, *, field: str, most: int = MAX_TEXT, one_line: bool = False) -> str:
    """The text, trimmed, a line of it without control characters. Raises BadText, TextTooLong."""
    if has_forbidden(text):
        raise BadText(field)
    text = clean_name(text) if one_line else text.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise TextTooLong(field, length=len(text), most=most)
    return text


def addresses(text: str, *, field: str = "emails") -> list[str]:
    """The e-mail addresses in a list with commas, semicolons or spaces. Raises BadAddress."""
    found = [part for part in re.split(r"[,;\s]+", text) if part]
    for address in found:
        if len(address) > 200 or not _ADDRESS.fullmatch(address) or not address.isprintable():
            raise BadAddress(field, address=address[:80])
    if len(found) > MAX_ADDRESSES:
        raise BadAddress(field, address=found[MAX_ADDRESSES])
    return list(dict.fromkeys(found))


def check_received(received_at: datetime, *, now: datetime) -> None:
    """Refuse a call from the future. Raises ReceivedInFuture."""
    if received_at > now + CLOCK_SKEW:
        raise ReceivedInFuture("received_at", received=received_at)


def check_due(due_at: datetime | None, *, received_at: datetime) -> None:
    """Refuse a call that was due before it came. Raises DueBeforeReceived."""
    if due_at is not None and due_at < received_at:
        raise DueBeforeReceived("due_at", due=due_at, received=received_at)
