"""API of requests to be away: ask, withdraw, list, approve, refuse."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.core.intervals import Interval
from callout.planning.commands import requests as commands
from callout.planning.models import AbsenceRequest
from callout.planning.queries.requests import DECIDES, requests_visible_to
from callout.planning.schemas import Id, Version
from callout.ui import clock

router = Router()
MOST = 1000


class RequestOut(Schema):
    """A request to be away; `absence_id` is what it has become when it was approved."""

    id: int
    resource_id: int
    name: str
    starts: AwareDatetime
    ends: AwareDatetime
    reason: str
    status: Literal["asked", "approved", "refused", "withdrawn"]
    absence_id: int | None
    asked_at: AwareDatetime
    asked_by_name: str
    decided_at: AwareDatetime | None
    decided_by_name: str
    answer: str
    version: int


class RequestIn(Schema):
    """When, and why, one wants to be away oneself."""

    starts: AwareDatetime
    ends: AwareDatetime
    reason: Annotated[str, Field(min_length=1, max_length=80)]


class Withdrawal(Schema):
    """The version of the request that was seen."""

    version: Version | None = None


class Decision(Withdrawal):
    """The answer to who asked."""

    answer: Annotated[str, Field(max_length=200)] = ""


def _out(row: AbsenceRequest) -> RequestOut:
    plain = {name: getattr(row, name) for name in RequestOut.model_fields if name != "name"}
    return RequestOut(**plain, name=str(row.resource))


@router.get("/absence-requests", response=list[RequestOut], operation_id="list_absence_requests")
@reads("own.work", *DECIDES)
def list_requests(
    request: HttpRequest,
    status: Literal["asked", "approved", "refused", "withdrawn"] | None = None,
    resource_id: Annotated[int | None, Query(gt=0, lt=2**63)] = None,
) -> list[RequestOut]:
    """Requests of the caller's branches, or the caller's own, the latest first: the first thousand."""
    rows = requests_visible_to(request.actor)
    if status:
        rows = rows.filter(status=status)
    if resource_id:
        rows = rows.filter(resource=resource_id)
    return [_out(row) for row in rows.order_by("-starts", "-pk")[:MOST]]


@router.post("/absence-requests", response={201: RequestOut}, operation_id="ask_absence")
@writes("own.work")
def ask(request: HttpRequest, body: RequestIn) -> Status:
    """Ask to be away oneself; it closes nothing until it is approved."""
    made = commands.ask(
        window=Interval(body.starts, body.ends), reason=body.reason, actor=request.actor, now=clock.now()
    )
    return Status(201, _out(made))


@router.post("/absence-requests/{request_id}/withdraw", response=RequestOut, operation_id="withdraw_absence_request")
@writes("own.work")
def withdraw(request: HttpRequest, request_id: Id, body: Withdrawal) -> RequestOut:
    """Take an open request of one's own back."""
    return _out(commands.withdraw(request_id=request_id, version=body.version, actor=request.actor, now=clock.now()))


@router.post("/absence-requests/{request_id}/approve", response=RequestOut, operation_id="approve_absence_request")
@writes(*DECIDES)
def approve(request: HttpRequest, request_id: Id, body: Decision) -> RequestOut:
    """Let the person be away; refused when work is still to be done in that time."""
    return _out(
        commands.approve(
            request_id=request_id, version=body.version, answer=body.answer, actor=request.actor, now=clock.now()
        )
    )


@router.post("/absence-requests/{request_id}/refuse", response=RequestOut, operation_id="refuse_absence_request")
@writes(*DECIDES)
def refuse(request: HttpRequest, request_id: Id, body: Decision) -> RequestOut:
    """Do not let the person be away, and say why."""
    return _out(
        commands.refuse(
            request_id=request_id, version=body.version, answer=body.answer, actor=request.actor, now=clock.now()
        )
    )
