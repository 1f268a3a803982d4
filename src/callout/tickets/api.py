"""API of a ticket's conversation; tickets themselves come and go with their work orders."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.tickets import commands, queries
from callout.tickets.models import Message
from callout.ui import clock

router = Router(tags=["tickets and work orders"])
Id = Annotated[int, Field(gt=0, lt=2**63)]


class MessageIn(Schema):
    """A remark."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    register_entry: Annotated[str, Field(max_length=60)] = ""


class MessageOut(Schema):
    """One entry of the conversation."""

    id: int
    at: datetime
    author: str
    text: str
    register_entry: str
    file: str


def message_out(message: Message) -> MessageOut:
    """A message as the API shows it; `file` is the name of what came with it."""
    return MessageOut(
        id=message.pk,
        at=message.at,
        author=message.author_name,
        text=message.text,
        register_entry=message.register_entry,
        file=message.attachment.name if message.attachment else "",
    )


@router.get("/tickets/{ticket_id}/messages", response=list[MessageOut], operation_id="ticket_messages")
@reads("ticket.read", "own.work")
def messages(request: HttpRequest, ticket_id: Id) -> list[MessageOut]:
    """The conversation, oldest first."""
    ticket = queries.one(ticket_id, actor=request.actor)
    return [message_out(message) for message in queries.thread(ticket)]


@router.post("/tickets/{ticket_id}/messages", response={201: MessageOut}, operation_id="add_message")
@writes("ticket.write", "report.write")
def add_message(request: HttpRequest, ticket_id: Id, body: MessageIn) -> Status:
    """Add a remark; the people who handle the ticket are told."""
    message = commands.add_message(
        ticket_id=ticket_id,
        text=body.text,
        register_entry=body.register_entry,
        actor=request.actor,
        now=clock.now(),
    )
    return Status(201, message_out(message))
