"""On site: the clock of the work, its pictures, the customer's signature, the report."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.documents.commands import store_file
from callout.documents.models import Attachment
from callout.documents.queries import require_open
from callout.jobs.commands import defer
from callout.planning.models import Category, Resource
from callout.tickets import commands as tickets
from callout.tickets.commands import Upload
from callout.tickets.rules import check_text
from callout.workorders import queries, rules
from callout.workorders.commands.calendars import let_become, lock_calendars
from callout.workorders.commands.calls import MODULE, save
from callout.workorders.errors import (
    AlreadyRunning,
    HoursMissing,
    NotRunning,
    OnlyLead,
    ReportWithoutHours,
    SignatureUnreadable,
    SignerMissing,
    WorkingElsewhere,
)
from callout.workorders.models import Helper, WorkOrder, WorkSession, WorkStatus
from callout.workorders.queries import Member

REPORT = "report.write"
OFFICE = "ticket.read"
"""Who has this right acts for technicians, others for themselves."""


def _to_report(work_order_id: int, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """The work order with its ticket, locked, for somebody who may report it, on a day that is open."""
    actor.require(REPORT)
    order = queries.lock(work_order_id, actor=actor)
    check_version(order.version, version)
    tickets.check_open_ticket(order.ticket)
    require_open(branch=order.branch, on=tickets.today_at(order.branch.time_zone, now), module=MODULE)
    return order


def _to_clock(work_order_id: int, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """What `_to_report` gives, for somebody's own clock.

    Where several people are on the order, their clocks move its version all the time: it is not asked for there, what
    is possible follows from the own clock.
    """
    several = Helper.objects.filter(work_order=work_order_id).exists()
    return _to_report(work_order_id, None if several else version, actor, now)


def _written(action: str, order: WorkOrder, actor: Actor, now: datetime, **facts: Any) -> WorkOrder:
    """Save a locked order as its next version and record why."""
    save(order)
    record(action, subject=order, actor=actor, at=now, **facts)
    return order


def _own(order: WorkOrder, resource_id: int | None, actor: Actor) -> Member:
    """Whose clock it is: one's own for whoever is on the order, else that of who leads; the office may name somebody.

    Raises NotFound.
    """
    people = queries.crew_of(order)
    if not people:
        raise NotFound("resource_id")
    mine = next((each for each in people if each.resource.user_id == actor.user_id), None)
    if resource_id is None:
        return mine or people[0]
    named = next((each for each in people if each.resource.pk == resource_id), None)
    if named is None or not (named is mine or actor.may(OFFICE)):
        raise NotFound("resource_id")
    return named


def check_leads(order: WorkOrder, actor: Actor) -> None:
    """Refuse a helper what is the leader's. Raises OnlyLead."""
    if order.worker.user_id != actor.user_id and not actor.may(OFFICE) and not actor.is_system:
        raise OnlyLead(person=str(order.worker), work_order=order.code)


def _begin(order: WorkOrder, who: Resource, at: datetime) -> None:
    """Let somebody's clock run, unless it runs elsewhere. Raises WorkingElsewhere, StartTooEarly.

    The calendars are locked: two of one person's orders could begin at once.
    """
    elsewhere = (
        WorkSession.objects.filter(resource=who, ended_at=None)
        .exclude(work_order=order)
        .select_related("work_order")
        .first()
    )
    if elsewhere is not None:
        raise WorkingElsewhere(name=str(who), other=elsewhere.work_order.code)
    ended = order.sessions.filter(resource=who).order_by("-ended_at").values_list("ended_at", flat=True).first()
    rules.check_resume(at, ended)
    WorkSession.objects.create(work_order=order, resource=who, started_at=at)


def _moment(at: datetime | None, now: datetime) -> datetime:
    return rules.check_past(at or now, now=now)


def _whose(order: WorkOrder, who: Member) -> dict[str, str]:
    """The name for the history, where several people are on the order."""
    return {"resource": str(who.resource)} if order.helpers.exists() else {}


@transaction.atomic
def start(
    *,
    work_order_id: int,
    version: int | None = None,
    at: datetime | None = None,
    resource_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Work begins, now or at a time that has passed; whoever begins has accepted. Everybody starts the own clock.

    Without `resource_id` it is the actor's own clock, else that of who leads.
    Raises NotFound, StaleVersion, StepRefused, TimeInFuture, WorkingElsewhere, PeriodLocked.
    """
    order = _to_clock(work_order_id, version, actor, now)
    who = _own(order, resource_id, actor)
    joins = order.status == WorkStatus.UNDER_WAY and not who.worked
    order.status = rules.step(order.status, "join" if joins else "start", code=order.code)
    begun = _moment(at, now)
    lock_calendars([order])
    _begin(order, who.resource, begun)
    if joins:
        order.started_at = min(order.begun_at, begun)
        _set_part(order, who, None)
        return _written("workorder.started", order, actor, now, started=begun.isoformat(), **_whose(order, who))
    order.started_at = begun
    _written("workorder.started", order, actor, now, started=begun.isoformat(), **_whose(order, who))
    let_become(order, Category.UNDER_WAY, actor=actor, now=now)
    order.ticket.accepted_at = order.ticket.accepted_at or now
    tickets.follow(order.ticket, queries.trips_of(order.ticket), actor=actor, now=now)
    return order


def _set_part(order: WorkOrder, who: Member, ended_at: datetime | None) -> None:
    """Keep when a helper's own part was over, None while it goes on."""
    if not who.leads:
        order.helpers.filter(resource=who.resource).update(ended_at=ended_at)


def _halt(running: WorkSession, at: datetime) -> None:
    """End a stretch of work that is going on. Raises EndBeforeStart, VisitTooLong."""
    rules.check_stretch(running.started_at, at, may_be_empty=True)
    running.ended_at = at
    running.save(update_fields=["ended_at"])


@transaction.atomic
def pause(
    *,
    work_order_id: int,
    version: int | None = None,
    at: datetime | None = None,
    resource_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Somebody stops for a while. Raises NotRunning, EndBeforeStart, VisitTooLong and what `start` raises."""
    order = _to_clock(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "pause", code=order.code)
    who = _own(order, resource_id, actor)
    halted = _moment(at, now)
    if who.clock is None:
        raise NotRunning(code=order.code)
    _halt(who.clock, halted)
    return _written("workorder.paused", order, actor, now, paused=halted.isoformat(), **_whose(order, who))


@transaction.atomic
def resume(
    *,
    work_order_id: int,
    version: int | None = None,
    at: datetime | None = None,
    resource_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Work goes on, after a pause or after it was ended too early, which only who leads can take back.

    Raises AlreadyRunning, OnlyLead and what `start` raises.
    """
    order = _to_clock(work_order_id, version, actor, now)
    ended = order.status == WorkStatus.DONE
    order.status = rules.step(order.status, "resume", code=order.code)
    who = _own(order, resource_id, actor)
    if ended:
        check_leads(order, actor)
    if who.clock is not None:
        raise AlreadyRunning(code=order.code)
    again = _moment(at, now)
    lock_calendars([order])
    _begin(order, who.resource, again)
    _set_part(order, who, None)
    order.ended_at = None
    _written("workorder.resumed", order, actor, now, resumed=again.isoformat(), **_whose(order, who))
    if ended:
        let_become(order, Category.UNDER_WAY, actor=actor, now=now)
    return order


@transaction.atomic
def end(
    *,
    work_order_id: int,
    version: int | None = None,
    at: datetime | None = None,
    resource_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """The work is done when who leads it ends it: clocks of helpers that still run stop then. A helper ends the own
    part; the work goes on. A pause may have come before.

    Raises EndBeforeStart, VisitTooLong and what `start` raises.
    """
    order = _to_clock(work_order_id, version, actor, now)
    status = rules.step(order.status, "end", code=order.code)
    who = _own(order, resource_id, actor)
    ended = _moment(at, now)
    if not who.leads:
        return _end_part(order, who, ended, actor, now)
    order.status = status
    _end_all(order, ended)
    order.ended_at = ended
    lock_calendars([order])
    _written("workorder.ended", order, actor, now, ended=ended.isoformat(), **_whose(order, who))
    let_become(order, Category.DONE, actor=actor, now=now)
    return order


def _end_part(order: WorkOrder, who: Member, ended: datetime, actor: Actor, now: datetime) -> WorkOrder:
    """A helper's part of the work is over. Raises NotRunning for who has not worked."""
    if not who.worked:
        raise NotRunning(code=order.code)
    last = _last_end(order.sessions.filter(resource=who.resource))
    if who.clock is not None:
        _halt(who.clock, ended)
    elif last is not None:
        rules.check_stretch(last, ended, may_be_empty=True)
    _set_part(order, who, ended)
    return _written("workorder.part_ended", order, actor, now, ended=ended.isoformat(), **_whose(order, who))


def _last_end(sessions: QuerySet[WorkSession]) -> datetime | None:
    return sessions.aggregate(last=Max("ended_at"))["last"]


def _end_all(order: WorkOrder, ended: datetime) -> None:
    """Stop every clock that runs. Raises EndBeforeStart, VisitTooLong."""
    last = _last_end(order.sessions.all()) or order.begun_at
    running = list(order.sessions.filter(ended_at=None))
    for session in running:
        _halt(session, ended)
    if not running or last > ended:
        rules.check_stretch(last, ended, may_be_empty=True)
    if ended <= order.begun_at:
        rules.check_stretch(order.begun_at, ended)


@transaction.atomic
def write_notes(
    *, work_order_id: int, notes: str, version: int | None = None, actor: Actor, now: datetime
) -> WorkOrder:
    """What the technician has to say about the work. Raises LinesClosed once it is reported."""
    order = _to_report(work_order_id, version, actor, now)
    rules.check_actuals(order.status, code=order.code)
    order.report_notes = check_text(notes, field="report_notes")
    return _written("workorder.notes", order, actor, now)


@transaction.atomic
def add_photo(*, work_order_id: int, upload: Upload, actor: Actor, now: datetime) -> Attachment:
    """Keep a picture taken on site. Raises LinesClosed, NotAnImage and what keeping a file refuses."""
    order = _to_report(work_order_id, None, actor, now)
    rules.check_actuals(order.status, code=order.code)
    return store_file(
        subject=order, data=upload.data, name=upload.name, purpose="photo", actor=actor, now=now, images_only=True
    )


@transaction.atomic
def sign(
    *,
    work_order_id: int,
    signer_name: str,
    signature: bytes | None,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """The customer signs: a drawn signature as PNG, or the typed name alone from who cannot draw one.

    Signing again replaces it. Raises SignerMissing, SignatureUnreadable, LinesClosed.
    """
    order = _to_report(work_order_id, version, actor, now)
    rules.check_actuals(order.status, code=order.code)
    order.signer_name = check_text(signer_name, field="signer_name", most=120, one_line=True)
    if not order.signer_name:
        raise SignerMissing("signer_name")
    if signature is not None and not signature.startswith(b"\x89PNG\r\n\x1a\n"):
        raise SignatureUnreadable("signature")
    order.signature = None
    if signature is not None:
        order.signature = store_file(
            subject=order, data=signature, name="signature.png", purpose="signature", actor=actor, now=now,
            images_only=True,
        )  # fmt: skip
    order.signed_at = now
    return _written("workorder.signed", order, actor, now, signer=order.signer_name, drawn=signature is not None)


@transaction.atomic
def report(
    *, work_order_id: int, version: int | None = None, notes: str | None = None, actor: Actor, now: datetime
) -> WorkOrder:
    """Hand the report in: from now on it is the verifier's, and the customer gets it as a PDF.

    Raises ReportWithoutHours, HoursMissing, OnlyLead, StepRefused, NotFound, StaleVersion, PeriodLocked.
    """
    order = _to_report(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "report", code=order.code)
    check_leads(order, actor)
    if not order.hours.exists():
        raise ReportWithoutHours(code=order.code)
    _check_everybody(order)
    if notes is not None:
        order.report_notes = check_text(notes, field="report_notes")
    order.reported_at = now
    _written("workorder.reported", order, actor, now)
    tickets.follow(order.ticket, queries.trips_of(order.ticket), actor=actor, now=now)
    defer("workorders.send_report", work_order_id=order.pk)
    return order


def _check_everybody(order: WorkOrder) -> None:
    """Refuse a report without the hours of a helper, or of who leads, who has worked. Raises HoursMissing."""
    there = set(order.hours.values_list("resource_id", flat=True))
    crew = queries.crew_of(order)
    left = [str(each.resource) for each in crew if each.worked and each.resource.pk not in there]
    if left and len(crew) > 1:
        raise HoursMissing(work_order=order.code, people=", ".join(left))
