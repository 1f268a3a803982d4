"""What a customer finds behind the link of a work order: nothing but that order and times that are free for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.core.slots import Wish
from callout.documents.models import DocumentStatus
from callout.planning.queries import Offer, free_slots
from callout.workorders.errors import LinkClosed
from callout.workorders.models import Invitation, WorkOrder, WorkStatus

CHOOSES = frozenset({"ticket.read", "board.plan", "slot.book"})
"""What the customer's choice needs of the commands that plan; nobody acts with it anywhere else."""
FORESEEN, BOOKED, LATE, UNDER_WAY, OVER = "foreseen", "booked", "late", "under_way", "over"
OFFERED = 10


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def by_secret(secret: str, *, now: datetime) -> Invitation:
    """The link with this secret, with its work order. Raises NotFound for an unknown one, LinkClosed."""
    found = (
        Invitation.objects.select_related(
            "work_order__ticket__customer", "work_order__ticket__contact", "work_order__site__branch",
            "work_order__activity_type", "work_order__branch", "work_order__appointment", "work_order__resource__user",
        )
        .filter(secret_hash=hash_of(secret))
        .first()
    )  # fmt: skip
    if found is None:
        raise NotFound
    check_open(found, now=now)
    return found


def check_open(invitation: Invitation, *, now: datetime) -> None:
    """Refuse what is over. Raises LinkClosed."""
    if invitation.revoked_at is not None or invitation.expires_at <= now:
        raise LinkClosed


def of_order(order: WorkOrder) -> Invitation | None:
    """The link of a work order that was not revoked, expired or not."""
    return order.invitations.filter(revoked_at=None).first()


def customer_of(order: WorkOrder) -> Actor:
    """As whom the customer chooses: in the order's branch, and only to plan."""
    return Actor(
        user_id=None, name=order.ticket.customer.name, rights=CHOOSES, branch_ids=frozenset({order.branch_id}),
        time_zone=order.branch.time_zone,
    )  # fmt: skip


def ahead() -> timedelta:
    """How long before an appointment its time can still be chosen or changed."""
    return timedelta(hours=settings.CUSTOMER_LINK_HOURS)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the work order stands for the customer, and whether the time can be chosen or changed now."""

    name: str
    can_choose: bool


def standing(order: WorkOrder, *, now: datetime) -> Standing:
    """What the customer may know and do now."""
    if order.ticket.doc_status == DocumentStatus.CANCELLED:
        return Standing(OVER, False)
    match order.status:
        case WorkStatus.FORESEEN:
            return Standing(FORESEEN, True)
        case WorkStatus.PLANNED:
            on_time = order.slot.starts - now >= ahead()
            return Standing(BOOKED if on_time else LATE, on_time)
        case WorkStatus.UNDER_WAY:
            return Standing(UNDER_WAY, False)
    return Standing(OVER, False)


def offers(
    order: WorkOrder, *, after: datetime | None, wish: Wish, now: datetime, limit: int = OFFERED
) -> Sequence[Offer]:
    """The next free times for the work order, not before `after` nor too soon to be prepared for."""
    earliest = now + ahead()
    return free_slots(
        order.activity_type, max(earliest, after or earliest), actor=customer_of(order), site=order.site,
        minutes=order.minutes, wish=wish, limit=limit,
    )  # fmt: skip
