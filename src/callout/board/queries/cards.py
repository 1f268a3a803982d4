"""Appointments as the board draws them, written as JSON from the rows of the database.

A week of a hundred technicians holds thousands: making objects of them, to be serialised afterwards, takes longer than
reading them does.
"""

import json
from collections.abc import Collection, Mapping
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from callout.accounts.actor import Actor
from callout.audit.queries import history
from callout.board.queries.crews import Together, crews_of, others_json
from callout.core.intervals import Interval
from callout.customers.models import Priority
from callout.planning.models import ActivityState, Appointment, Category
from callout.planning.rules import LONGEST, MOVABLE
from callout.workorders.models import WorkStatus

EMPTY = '""'
PRIORITIES = {priority.value: priority.name.lower() for priority in Priority}
# In the order in which `_Writer.card` takes them.
_COLUMNS = (
    "pk", "resource_id", "starts_text", "ends_text", "version", "title", "site__customer__name", "site__name",
    "site__city", "activity_type_id", "state_id", "category", "work_order__ticket__priority", "work_order__pk",
    "work_order__code", "work_order__version", "work_order__ticket_id", "work_order__status", "latitude_text",
    "longitude_text",
)  # fmt: skip


def appointments_within(resource_ids: Collection[int], whole: Interval) -> QuerySet[Appointment]:
    """What stands on the calendars in that time; cancelled appointments do not."""
    touching = Appointment.objects.filter(
        resource__in=resource_ids, starts__lt=whole.ends, starts__gt=whole.starts - LONGEST, ends__gt=whole.starts
    )
    return touching.exclude(category=Category.CANCELLED)


def cards(appointments: QuerySet[Appointment], *, actor: Actor, crews: Mapping[int, Together]) -> list[str]:
    """A JSON object for each appointment, in the order of the queryset; two statements.

    `crews` has those that belong to work orders with several people.
    """
    write = _Writer(actor, crews).card
    # The database writes moments as text faster than Python reads them; the session's time zone is UTC.
    written = {f"{name}_text": Cast(name, TextField()) for name in ("starts", "ends")}
    written |= {f"{name}_text": Cast(f"site__{name}", TextField()) for name in ("latitude", "longitude")}
    return [write(*row) for row in appointments.annotate(**written).values_list(*_COLUMNS)]


def card(appointment_id: int, *, actor: Actor) -> dict[str, Any]:
    """One appointment, as plain values."""
    return with_others(appointment_id, actor=actor)[0]


def cards_by_id(ids: Collection[int], *, actor: Actor) -> dict[int, dict[str, Any]]:
    """Appointments as plain values, by id; three statements."""
    if not ids:
        return {}
    found = cards(Appointment.objects.filter(pk__in=ids), actor=actor, crews=crews_of(ids))
    return {each["id"]: each for each in map(json.loads, found)}


def with_others(appointment_id: int, *, actor: Actor) -> list[dict[str, Any]]:
    """An appointment, then those of everybody else on its work order; three statements."""
    crews = crews_of([appointment_id])
    ids = [appointment_id]
    if appointment_id in crews:
        ids += [each["appointment_id"] for each in crews[appointment_id].blocks]
    found = map(json.loads, cards(Appointment.objects.filter(pk__in=ids), actor=actor, crews=crews))
    return sorted(found, key=lambda each: (each["id"] != appointment_id, each["helps"], each["id"]))


class _Iso(dict[str, str]):
    """From the database's notation of a moment in UTC to ISO 8601; the same times of the day come again and again."""

    def __missing__(self, text: str) -> str:
        self[text] = iso = f"{text[:10]}T{text[11:-3]}Z"
        return iso


class _Writer:
    """Writes rows of appointments in the language and with the rights of who looks."""

    def __init__(self, actor: Actor, crews: Mapping[int, Together]) -> None:
        self.crews = crews
        self.states = {
            state.pk: json.dumps({"name": state.label, "colour": state.colour, "category": state.category})
            for state in ActivityState.objects.all()
        }
        self.words = {status.value: quoted(str(status.label)) for status in WorkStatus}
        self.iso = _Iso()
        self.plans = actor.may("board.plan")
        self.reads_tickets = actor.may("ticket.read")

    def card(
        self, pk: int, resource_id: int, starts: str, ends: str, version: int, title: str,
        customer: str | None, site: str | None, city: str | None, type_id: int, state_id: int, category: str,
        priority: int | None, order_id: int | None, code: str | None, order_version: int | None,
        ticket_id: int | None, status: str | None, latitude: str | None, longitude: str | None,
    ) -> str:  # fmt: skip
        """One row; what is movable depends on who looks."""
        others, helps = "[]", "false"
        together = self.crews.get(pk)
        if together is not None:
            others = others_json(together, pk)
            if order_id is None:
                helps = "true"
                order_id, code, order_version, status, ticket_id, priority = together.order
        place = f"{site}, {city}" if site and city else site or city or ""
        movable = self.plans and category in MOVABLE and status in (None, "planned")
        order = self.order(order_id, code, order_version)
        at = f"[{latitude},{longitude}]" if latitude and longitude else "null"
        return (
            f'{{"id":{pk},"resource_id":{resource_id},"starts":"{self.iso[starts]}","ends":"{self.iso[ends]}",'
            f'"version":{version},"title":{quoted(title)},"customer":{quoted(customer or "")},"site":{quoted(place)},'
            f'"activity_type_id":{type_id},"state":{self.states[state_id]},'
            f'"priority":"{PRIORITIES[priority] if priority else "medium"}",{order},'
            f'"ticket_id":{ticket_id if ticket_id and self.reads_tickets else "null"},'
            f'"status":{self.words[status] if status else EMPTY},"position":{at},'
            f'"movable":{"true" if movable else "false"},"helps":{helps},"crew":{others}}}'
        )

    def order(self, pk: int | None, code: str | None, version: int | None) -> str:
        """The part that is about the work order."""
        if pk is None:
            return '"work_order_id":null,"work_order_code":"","work_order_version":null'
        return f'"work_order_id":{pk},"work_order_code":{quoted(code or "")},"work_order_version":{version}'


def changed_last_by(appointment: Appointment) -> str:
    """The name of who changed a block last."""
    return history(appointment).values_list("actor_name", flat=True).first() or ""
