"""API of tasks and reminders: list, make, change, close, open again, postpone, hand over."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.planning import commands
from callout.planning.commands import Changed
from callout.planning.models import Task
from callout.planning.queries import todo
from callout.planning.schemas import Category, Id, Version
from callout.ui import clock

router = Router()
MOST = 1000
Title = Annotated[str, Field(min_length=1, max_length=200)]
Notes = Annotated[str, Field(max_length=20_000)]


class TaskOut(Schema):
    """A task, due on a day, or a reminder, which comes at a time; a person's or a team's."""

    id: int
    code: str
    activity_type_id: int
    kind: Literal["task", "reminder", "appointment"]
    title: str
    notes: str
    state_id: int
    category: Category
    owner_id: int | None
    team_id: int | None
    branch_id: int
    due_on: date
    remind_at: AwareDatetime | None
    customer_id: int | None
    site_id: int | None
    follows_id: int | None
    created_at: AwareDatetime
    closed_at: AwareDatetime | None
    version: int


class ChangedOut(TaskOut):
    """A task after a change, with the further tasks that were made by it; `cut` when there would have been more."""

    made: list[TaskOut]
    cut: bool


class TaskPatch(Schema):
    """What changes of a task; what is left out stays."""

    title: Title | None = None
    notes: Notes | None = None
    due_on: date | None = None
    remind_at: AwareDatetime | None = None
    customer_id: Id | None = None
    site_id: Id | None = None
    version: Version | None = None


class TaskIn(Schema):
    """A new task or reminder, for a person or for a team; a reminder has a time."""

    activity_type_id: Id
    title: Title
    due_on: date | None = None
    remind_at: AwareDatetime | None = None
    owner_id: Id | None = None
    team_id: Id | None = None
    customer_id: Id | None = None
    site_id: Id | None = None
    notes: Notes = ""


class Step(Schema):
    """The version of the task that was seen."""

    version: Version | None = None


class Closing(Step):
    """Done, or given up; only what is done makes further tasks."""

    done: bool = True


class Postponement(Step):
    """Another day."""

    due_on: date


class HandOver(Step):
    """Another person or team."""

    owner_id: Id | None = None
    team_id: Id | None = None


def _out(row: Task) -> TaskOut:
    plain = {name: getattr(row, name) for name in TaskOut.model_fields if name != "kind"}
    return TaskOut(**plain, kind=row.activity_type.kind)


def _changed(done: Changed) -> ChangedOut:
    made = [_out(task) for task in done.made.tasks]
    return ChangedOut(**_out(done.task).dict(), made=made, cut=done.made.cut)


@router.get("/tasks", response=list[TaskOut], operation_id="list_tasks")
@reads()
def list_tasks(
    request: HttpRequest,
    owner_id: Annotated[int | None, Query(gt=0, lt=2**63)] = None,
    team_id: Annotated[int | None, Query(gt=0, lt=2**63)] = None,
    closed: bool = False,
    due_until: date | None = None,
) -> list[TaskOut]:
    """Tasks that the caller sees, by due date: the first thousand; those to be done unless `closed`."""
    rows = todo.tasks_visible_to(request.actor).filter(closed_at__isnull=not closed)
    wanted = {"owner": owner_id, "team": team_id, "due_on__lte": due_until}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    return [_out(row) for row in rows.select_related("activity_type").order_by("due_on", "pk")[:MOST]]


@router.post("/tasks", response={201: ChangedOut}, operation_id="create_task")
@writes()
def create(request: HttpRequest, body: TaskIn) -> Status:
    """Put a task or a reminder into a person's or a team's list."""
    fields = body.dict()
    if fields["due_on"] is None:
        del fields["due_on"]
    return Status(201, _changed(commands.create_task(**fields, actor=request.actor, now=clock.now())))


@router.get("/tasks/{task_id}", response=TaskOut, operation_id="get_task")
@reads()
def get(request: HttpRequest, task_id: Id) -> TaskOut:
    """A task that the caller sees."""
    return _out(todo.one_task(task_id, actor=request.actor))


@router.patch("/tasks/{task_id}", response=ChangedOut, operation_id="change_task")
@writes()
def change(request: HttpRequest, task_id: Id, body: TaskPatch) -> ChangedOut:
    """Change what a task says while it is to be done."""
    given = body.dict(exclude_unset=True, exclude={"version"})
    fields = {name: value for name, value in given.items() if value is not None or name.endswith(("_id", "_at"))}
    return _changed(
        commands.change_task(task_id=task_id, version=body.version, **fields, actor=request.actor, now=clock.now())
    )


@router.post("/tasks/{task_id}/close", response=ChangedOut, operation_id="close_task")
@writes()
def close(request: HttpRequest, task_id: Id, body: Closing) -> ChangedOut:
    """Done, or given up."""
    return _changed(
        commands.close_task(task_id=task_id, version=body.version, done=body.done, actor=request.actor, now=clock.now())
    )


@router.post("/tasks/{task_id}/reopen", response=ChangedOut, operation_id="reopen_task")
@writes()
def reopen(request: HttpRequest, task_id: Id, body: Step) -> ChangedOut:
    """To be done after all; what was made by it stays."""
    return _changed(commands.reopen_task(task_id=task_id, version=body.version, actor=request.actor, now=clock.now()))


@router.post("/tasks/{task_id}/postpone", response=ChangedOut, operation_id="postpone_task")
@writes()
def postpone(request: HttpRequest, task_id: Id, body: Postponement) -> ChangedOut:
    """Due on another day; a reminder keeps its time of the day."""
    return _changed(
        commands.postpone_task(
            task_id=task_id, version=body.version, due_on=body.due_on, actor=request.actor, now=clock.now()
        )
    )


@router.post("/tasks/{task_id}/hand-over", response=ChangedOut, operation_id="hand_over_task")
@writes()
def hand_over(request: HttpRequest, task_id: Id, body: HandOver) -> ChangedOut:
    """Give it to another person or team."""
    return _changed(
        commands.hand_over(
            task_id=task_id, version=body.version, owner_id=body.owner_id, team_id=body.team_id, actor=request.actor,
            now=clock.now(),
        )
    )  # fmt: skip
