"""On site: the clock of the work, its pictures, the customer's signature, the report."""

from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import check_version
from callout.documents.commands import store_file
from callout.documents.models import Attachment
from callout.documents.queries import require_open
from callout.jobs.commands import defer
from callout.planning import commands as planning
from callout.planning.models import Category, Resource
from callout.tickets import commands as tickets
from callout.tickets.commands import Upload
from callout.tickets.rules import check_text
from callout.workorders import queries, rules
from callout.workorders.commands.calls import MODULE, save
from callout.workorders.errors import (
    AlreadyRunning,
    NotRunning,
    ReportWithoutHours,
    SignatureUnreadable,
    SignerMissing,
    WorkingElsewhere,
)
from callout.workorders.models import WorkOrder, WorkSession

REPORT = "report.write"


def _to_report(work_order_id: int, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """The work order with its ticket, locked, for somebody who may report it, on a day that is open."""
    actor.require(REPORT)
    order = queries.lock(work_order_id, actor=actor)
    check_version(order.version, version)
    tickets.check_open_ticket(order.ticket)
    require_open(branch=order.branch, on=tickets.today_at(order.branch.time_zone, now), module=MODULE)
    return order


def _written(action: str, order: WorkOrder, actor: Actor, now: datetime, **facts: Any) -> WorkOrder:
    """Save a locked order as its next version and record why."""
    save(order)
    record(action, subject=order, actor=actor, at=now, **facts)
    return order


def _begin(order: WorkOrder, at: datetime) -> None:
    """Let the technician's clock run, unless it runs elsewhere. Raises WorkingElsewhere, StartTooEarly."""
    Resource.objects.select_for_update().get(pk=order.worker.pk)  # two of one person's orders could begin at once
    elsewhere = (
        WorkSession.objects.filter(resource=order.worker, ended_at=None)
        .exclude(work_order=order)
        .select_related("work_order")
        .first()
    )
    if elsewhere is not None:
        raise WorkingElsewhere(name=str(order.resource), other=elsewhere.work_order.code)
    last = order.sessions.order_by("-ended_at").first()
    rules.check_resume(at, last.ended_at if last else None)
    WorkSession.objects.create(work_order=order, resource=order.worker, started_at=at)


@transaction.atomic
def start(
    *, work_order_id: int, version: int | None = None, at: datetime | None = None, actor: Actor, now: datetime
) -> WorkOrder:
    """Work begins, now or at a time that has passed; whoever begins has accepted.

    Raises NotFound, StaleVersion, StepRefused, TimeInFuture, WorkingElsewhere, PeriodLocked.
    """
    order = _to_report(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "start", code=order.code)
    begun = rules.check_past(at or now, now=now)
    _begin(order, begun)
    order.started_at = begun
    _written("workorder.started", order, actor, now, started=begun.isoformat())
    planning.set_category(appointment=order.slot, category=Category.UNDER_WAY, actor=actor, now=now)
    order.ticket.accepted_at = order.ticket.accepted_at or now
    tickets.follow(order.ticket, queries.trips_of(order.ticket), actor=actor, now=now)
    return order


def _halt(order: WorkOrder, at: datetime) -> None:
    """End the stretch of work that is going on. Raises NotRunning, EndBeforeStart, VisitTooLong."""
    running = queries.running_session(order)
    if running is None:
        raise NotRunning(code=order.code)
    rules.check_stretch(running.started_at, at, may_be_empty=True)
    running.ended_at = at
    running.save(update_fields=["ended_at"])


@transaction.atomic
def pause(
    *, work_order_id: int, version: int | None = None, at: datetime | None = None, actor: Actor, now: datetime
) -> WorkOrder:
    """Work stops for a while. Raises NotRunning, EndBeforeStart, VisitTooLong and what `start` raises."""
    order = _to_report(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "pause", code=order.code)
    halted = rules.check_past(at or now, now=now)
    _halt(order, halted)
    return _written("workorder.paused", order, actor, now, paused=halted.isoformat())


@transaction.atomic
def resume(
    *, work_order_id: int, version: int | None = None, at: datetime | None = None, actor: Actor, now: datetime
) -> WorkOrder:
    """Work goes on, after a pause or after it was ended too early. Raises AlreadyRunning and what `start` raises."""
    order = _to_report(work_order_id, version, actor, now)
    ended = order.status == "done"
    order.status = rules.step(order.status, "resume", code=order.code)
    if queries.running_session(order) is not None:
        raise AlreadyRunning(code=order.code)
    again = rules.check_past(at or now, now=now)
    _begin(order, again)
    order.ended_at = None
    _written("workorder.resumed", order, actor, now, resumed=again.isoformat())
    if ended:
        planning.set_category(appointment=order.slot, category=Category.UNDER_WAY, actor=actor, now=now)
    return order


@transaction.atomic
def end(
    *, work_order_id: int, version: int | None = None, at: datetime | None = None, actor: Actor, now: datetime
) -> WorkOrder:
    """The work is done; a pause may have come before.

    Raises EndBeforeStart, VisitTooLong and what `start` raises.
    """
    order = _to_report(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "end", code=order.code)
    ended = rules.check_past(at or now, now=now)
    if queries.running_session(order) is not None:
        _halt(order, ended)
    else:
        last = order.sessions.order_by("-ended_at").first()
        rules.check_stretch((last and last.ended_at) or order.begun_at, ended, may_be_empty=True)
    if ended <= order.begun_at:
        rules.check_stretch(order.begun_at, ended)
    order.ended_at = ended
    _written("workorder.ended", order, actor, now, ended=ended.isoformat())
    planning.set_category(appointment=order.slot, category=Category.DONE, actor=actor, now=now)
    return order


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

    Raises ReportWithoutHours, StepRefused, NotFound, StaleVersion, PeriodLocked.
    """
    order = _to_report(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "report", code=order.code)
    if not order.hours.exists():
        raise ReportWithoutHours(code=order.code)
    if notes is not None:
        order.report_notes = check_text(notes, field="report_notes")
    order.reported_at = now
    _written("workorder.reported", order, actor, now)
    tickets.follow(order.ticket, queries.trips_of(order.ticket), actor=actor, now=now)
    defer("workorders.send_report", work_order_id=order.pk)
    return order
