"""The customer's link: made and revoked by who plans, used by the customer."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import DomainError
from callout.core.intervals import Interval
from callout.core.slots import Wish
from callout.tickets import commands as tickets
from callout.workorders import portal_mails, queries, rules
from callout.workorders.commands.plan import BOOK, plan, reschedule
from callout.workorders.errors import NotChosenHere, TimeGone
from callout.workorders.models import Invitation, WorkOrder, WorkStatus
from callout.workorders.queries import portal

SECRET_BYTES = 24
"""192 random bits."""


@transaction.atomic
def invite(*, work_order_id: int, send: bool, actor: Actor, now: datetime) -> tuple[Invitation, str]:
    """A new link for the customer of a work order that can be planned or moved, in place of an earlier one.

    With its secret, which is not kept. With `send` it goes to the customer's addresses, where there are any.
    Raises NotFound, TicketCancelled, StepRefused.
    """
    actor.require(*BOOK)
    order = queries.lock(work_order_id, actor=actor)
    tickets.check_open_ticket(order.ticket)
    rules.step(order.status, "reschedule" if order.status == WorkStatus.PLANNED else "plan", code=order.code)
    order.invitations.filter(revoked_at=None).update(revoked_at=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation(
        work_order=order, secret_hash=portal.hash_of(secret), created_at=now, created_by_name=actor.name,
        expires_at=now + timedelta(days=settings.CUSTOMER_LINK_DAYS),
    )  # fmt: skip
    if send:
        invitation.sent_to = ", ".join(portal_mails.send(order, secret, invitation.expires_at, now=now))[:500]
    invitation.save()
    record("workorder.invited", subject=order, actor=actor, at=now, to=invitation.sent_to)
    return invitation, secret


@transaction.atomic
def revoke_invitation(*, work_order_id: int, actor: Actor, now: datetime) -> None:
    """Close the customer's link; without one nothing changes. Raises NotFound."""
    actor.require(*BOOK)
    order = queries.lock(work_order_id, actor=actor)
    if order.invitations.filter(revoked_at=None).update(revoked_at=now):
        record("workorder.invitation_revoked", subject=order, actor=actor, at=now)


def note_opened(*, invitation: Invitation, now: datetime) -> None:
    """Write down when the customer looked for the first time."""
    if invitation.opened_at is None:
        Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now)


@transaction.atomic
def choose_time(*, secret: str, starts: datetime, now: datetime) -> WorkOrder:
    """The customer takes this time, or moves the appointment there; the same time again changes nothing.

    Who comes is whom the search would send now. Raises NotFound, LinkClosed, NotChosenHere, TimeGone.
    """
    invitation = portal.by_secret(secret, now=now)
    customer = portal.customer_of(invitation.work_order)
    order = queries.lock(invitation.work_order_id, actor=customer)
    invitation.refresh_from_db(fields=["revoked_at", "expires_at"])
    portal.check_open(invitation, now=now)
    if order.status == WorkStatus.PLANNED and order.slot.starts == starts:
        return order
    if not portal.standing(order, now=now).can_choose:
        raise NotChosenHere
    found = portal.offers(order, after=starts, wish=Wish(), now=now, limit=1)
    if not found or found[0].interval.starts != starts:
        raise TimeGone
    window = Interval(starts, starts + timedelta(minutes=order.minutes))
    _stretch(invitation, window)
    return _put(order, found[0].resource_id, window, customer, now)


def _put(order: WorkOrder, resource_id: int, window: Interval, customer: Actor, now: datetime) -> WorkOrder:
    """Plan or move as everybody does. Raises TimeGone: why not is nobody else's business."""
    write = reschedule if order.status == WorkStatus.PLANNED else plan
    try:
        return write(
            work_order_id=order.pk, resource_id=resource_id, window=window, version=order.version, actor=customer,
            now=now,
        )  # fmt: skip
    except DomainError as error:
        raise TimeGone from error


def _stretch(invitation: Invitation, window: Interval) -> None:
    """Until the appointment the link shows it."""
    if invitation.expires_at < window.starts:
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=window.starts)
