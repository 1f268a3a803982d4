"""API of presence patterns, and of generating presences from them."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.core.errors import NotFound
from callout.core.worktime import parse_clock
from callout.planning import queries
from callout.planning.commands import patterns as commands
from callout.planning.models import PresencePattern
from callout.planning.presence_work import line_facts
from callout.planning.queries.patterns import Choice, patterns_visible_to, plans
from callout.planning.rules import patterns as rules
from callout.planning.schemas import Id, Version
from callout.ui import clock

router = Router()
MAY_WRITE = commands.MAY_WRITE
MOST = 1000
Weekday = Annotated[int, Field(ge=0, le=6)]
Clock = Annotated[str, Field(min_length=1, max_length=5)]


class PatternOut(Schema):
    """A presence pattern; `weekdays` count from Monday, 0, and matter for a recurrence by weeks."""

    id: int
    resource_id: int
    zone_id: int | None
    unit: Literal["day", "week", "month"]
    every: int
    weekdays: list[int]
    starts: str
    ends: str
    starts_on: date
    ends_on: date | None
    generated_until: date | None
    version: int


class PatternPatch(Schema):
    """What changes of a pattern; what is left out stays. An end of 24:00, or before the start, is on the next day."""

    zone_id: Id | None = None
    unit: Literal["day", "week", "month"] = "week"
    every: Annotated[int, Field(ge=1, le=1000)] = 1
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = []
    starts: Clock = "00:00"
    ends: Clock = "24:00"
    starts_on: date | None = None
    ends_on: date | None = None
    version: Version | None = None

    def given(self) -> dict[str, Any]:
        """The fields that the request names, for the command."""
        plain = self.dict(exclude_unset=True, exclude={"version", "resource_id"})
        clocks = {name: parse_clock(plain[name], field=name) for name in ("starts", "ends") if name in plain}
        return {**plain, **clocks}


class PatternIn(PatternPatch):
    """A new pattern."""

    resource_id: Id
    starts: Clock
    ends: Clock
    starts_on: date


class DaysIn(Schema):
    """For which local days, and which zones (none for all), presences are generated, or with `clear` taken away.

    With `seen`, the digest of a preview, exactly what that showed is done, or nothing.
    """

    first: date
    last: date
    zone_ids: Annotated[list[Id], Field(max_length=500)] = []
    clear: bool = False
    seen: Annotated[str, Field(max_length=40)] | None = None


class PlanLine(Schema):
    """One day of one pattern: its presence, what becomes of it, and what it clashes with (`label` names it)."""

    day: date
    starts: AwareDatetime
    ends: AwareDatetime
    zone: str
    fate: Literal["write", "replace", "remove", "keep", "refuse"]
    why: Literal["", "holiday", "absence", "overlap", "outside_hours", "work", "begun"]
    label: str
    clash: list[AwareDatetime] | None


class PlanOut(Schema):
    """What generating would do, and the digest by which it can be asked for."""

    digest: str
    lines: list[PlanLine]


class TallyOut(Schema):
    """How many presences were written, replaced, taken away, left alone, and left out because of a clash."""

    write: int
    replace: int
    remove: int
    keep: int
    refuse: int


def _out(row: PresencePattern) -> PatternOut:
    clocks = {"starts": f"{row.starts:%H:%M}", "ends": f"{row.ends:%H:%M}"}
    plain = {name: getattr(row, name) for name in PatternOut.model_fields if name not in clocks}
    return PatternOut(**plain, **clocks)


@router.get("/presence-patterns", response=list[PatternOut], operation_id="list_presence_patterns")
@reads(*MAY_WRITE)
def list_patterns(
    request: HttpRequest, resource_id: Annotated[int | None, Query(gt=0, lt=2**63)] = None
) -> list[PatternOut]:
    """The patterns of the resources in the caller's branches: the first thousand."""
    rows = patterns_visible_to(request.actor)
    if resource_id:
        rows = rows.filter(resource=resource_id)
    return [_out(row) for row in rows.order_by("resource_id", "starts_on", "pk")[:MOST]]


@router.post("/presence-patterns", response={201: PatternOut}, operation_id="create_presence_pattern")
@writes(*MAY_WRITE)
def create_pattern(request: HttpRequest, body: PatternIn) -> Status:
    """Add a pattern; presences are written when they are generated."""
    made = commands.add_pattern(resource_id=body.resource_id, actor=request.actor, now=clock.now(), **body.given())
    return Status(201, _out(made))


@router.patch("/presence-patterns/{pattern_id}", response=PatternOut, operation_id="change_presence_pattern")
@writes(*MAY_WRITE)
def change_pattern(request: HttpRequest, pattern_id: Id, body: PatternPatch) -> PatternOut:
    """Change the fields that the request names; its presences follow when they are generated again."""
    changed = commands.change_pattern(
        pattern_id=pattern_id, version=body.version, actor=request.actor, now=clock.now(), **body.given()
    )
    return _out(changed)


@router.delete("/presence-patterns/{pattern_id}", response={204: None}, operation_id="delete_presence_pattern")
@writes(*MAY_WRITE)
def delete_pattern(request: HttpRequest, pattern_id: Id, version: Version | None = None) -> Status:
    """Delete a pattern with its presences that are still to come; refused when work lies in them."""
    commands.remove_pattern(pattern_id=pattern_id, version=version, actor=request.actor, now=clock.now())
    return Status(204, None)


@router.get("/resources/{resource_id}/presences/preview", response=PlanOut, operation_id="preview_presences")
@reads(*MAY_WRITE)
def preview(request: HttpRequest, resource_id: Id, first: date, last: date, clear: bool = False) -> PlanOut:
    """What generating the presences of one resource, or taking them away, would do; nothing is written."""
    rules.check_range(first, last)
    resource = queries.resources_visible_to(request.actor).filter(pk=resource_id).first()
    if resource is None:
        raise NotFound
    _resource, lines = plans([resource], Choice(first, last, clear=clear), now=clock.now())[resource_id]
    return PlanOut(digest=rules.digest(lines), lines=[PlanLine(**line_facts(line)) for line in lines])


@router.post("/resources/{resource_id}/presences", response=TallyOut, operation_id="generate_presences")
@writes(*MAY_WRITE)
def generate(request: HttpRequest, resource_id: Id, body: DaysIn) -> TallyOut:
    """Write the presences of one resource's patterns, or take them away; done again it changes nothing."""
    choice = Choice(body.first, body.last, zone_ids=frozenset(body.zone_ids), clear=body.clear)
    tally = commands.generate(
        resource_id=resource_id, choice=choice, seen=body.seen, actor=request.actor, now=clock.now()
    )
    return TallyOut(**tally)
