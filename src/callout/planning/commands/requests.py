"""Asking to be away, and deciding on it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.core.intervals import Interval
from callout.core.text import clean_name
from callout.planning import queries, request_mails
from callout.planning.commands.absences import add_absence
from callout.planning.errors import AbsenceTooLong, AskedAlready, DecidedAlready, NoAnswer, NoReason
from callout.planning.models import AbsenceRequest
from callout.planning.queries.requests import DECIDES, deciders, in_that_time, one_request, own_resource

LONGEST = timedelta(days=366)
Status = AbsenceRequest.Status


@transaction.atomic
def ask(*, window: Interval, reason: str, actor: Actor, now: datetime) -> AbsenceRequest:
    """Ask to be away oneself; it closes nothing until it is approved. Who decides on it is told.

    Raises NotMyself for who has no calendar; NoReason, AbsenceTooLong; AskedAlready when an open request or an absence
    of one's own lies in that time.
    """
    actor.require("own.work")
    resource = own_resource(actor)
    queries.lock_resources([resource.pk])
    text = clean_name(reason)[:80]
    if not text:
        raise NoReason("reason")
    if window.length > LONGEST:
        raise AbsenceTooLong("ends", days=window.length.days, most=LONGEST.days)
    known = in_that_time(resource, window)
    if known is not None:
        raise AskedAlready("starts", reason=known.reason, starts=known.starts, ends=known.ends)
    request = AbsenceRequest.objects.create(
        resource=resource, starts=window.starts, ends=window.ends, reason=text, asked_at=now, asked_by_name=actor.name
    )
    record("absence.asked", subject=request, actor=actor, at=now, **_facts(request))
    request_mails.tell_deciders(request, deciders(resource), now=now)
    return request


@transaction.atomic
def withdraw(*, request_id: int, version: int | None, actor: Actor, now: datetime) -> AbsenceRequest:
    """Take an open request of one's own back. Raises NotFound, StaleVersion, DecidedAlready."""
    actor.require("own.work")
    request = _lock(request_id, version, actor=actor)
    if request.resource.user_id != actor.user_id:
        raise NotFound
    return _decide(request, Status.WITHDRAWN, "", actor=actor, now=now)


@transaction.atomic
def approve(*, request_id: int, version: int | None, answer: str = "", actor: Actor, now: datetime) -> AbsenceRequest:
    """Let the person be away: the request becomes an absence, and who asked is told.

    Raises NotFound, StaleVersion, DecidedAlready; WorkPlanned when work is still to be done in that time.
    """
    actor.require(*DECIDES)
    request = _lock(request_id, version, actor=actor)
    request.absence = add_absence(
        resource_id=request.resource_id, window=Interval(request.starts, request.ends), reason=request.reason,
        actor=actor, now=now,
    )  # fmt: skip
    _decide(request, Status.APPROVED, answer, actor=actor, now=now)
    request_mails.tell_asker(request, now=now)
    return request


@transaction.atomic
def refuse(*, request_id: int, version: int | None, answer: str, actor: Actor, now: datetime) -> AbsenceRequest:
    """Do not let the person be away, and say why; who asked is told.

    Raises NotFound, StaleVersion, DecidedAlready, NoAnswer.
    """
    actor.require(*DECIDES)
    request = _lock(request_id, version, actor=actor)
    if not clean_name(answer):
        raise NoAnswer("answer")
    _decide(request, Status.REFUSED, answer, actor=actor, now=now)
    request_mails.tell_asker(request, now=now)
    return request


def _lock(request_id: int, version: int | None, *, actor: Actor) -> AbsenceRequest:
    """The open request, and the calendar that it is about, locked."""
    seen = one_request(request_id, actor=actor)
    resources = queries.lock_resources([seen.resource_id])
    request = AbsenceRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound
    request.resource = resources[request.resource_id]
    if request.status != Status.ASKED:
        raise DecidedAlready(status=Status(request.status).label, by=request.decided_by_name, at=request.decided_at)
    check_version(request.version, version)
    return request


def _decide(request: AbsenceRequest, status: str, answer: str, *, actor: Actor, now: datetime) -> AbsenceRequest:
    request.status, request.answer = status, clean_name(answer)[:200]
    request.decided_at, request.decided_by_name = now, actor.name
    request.version += 1
    request.save(update_fields=["status", "answer", "absence", "decided_at", "decided_by_name", "version"])
    record(f"absence.{status}", subject=request, actor=actor, at=now, answer=request.answer, **_facts(request))
    return request


def _facts(request: AbsenceRequest) -> dict[str, Any]:
    return {
        "resource": str(request.resource),
        "starts": request.starts.isoformat(),
        "ends": request.ends.isoformat(),
        "reason": request.reason,
    }
