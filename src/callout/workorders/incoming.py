"""Tickets from a file: each row becomes a ticket with its work order, once; what else it names is made if asked."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.catalog.errors import UnknownReference
from callout.core.errors import NotFound
from callout.core.text import fold
from callout.customers.commands import ensure_place, ensure_zone
from callout.customers.models import Customer, Priority, Site
from callout.customers.queries import site_known_as, visible_to
from callout.imports.registry import Field, Kind, Option, Outcome
from callout.planning.commands import save_sector, save_type
from callout.planning.models import ActivityType, Sector
from callout.tickets.commands import WRITE, change_ticket
from callout.tickets.models import Channel
from callout.tickets.queries import by_external_id
from callout.workorders.commands import Call, take_call

CREATE = "create_vocabulary"
PRIORITIES = {priority.name.lower(): priority for priority in Priority}
FIELDS = (
    Field("external_id", _("External id"), aliases=("id", "key", "unique key")),
    Field("customer_external_id", _("External id of the customer")),
    Field("customer_code", _("Customer code")),
    Field("customer_name", _("Customer"), aliases=("customer", "client", "ragione sociale")),
    Field("phone", _("Phone of the customer"), kind="phone"),
    Field("email", _("E-mail of the customer"), kind="email"),
    Field("zone", _("Zone")),
    Field("site_external_id", _("External id of the site")),
    Field("site_name", _("Site")),
    Field("address", _("Address")),
    Field("postal_code", _("Postal code"), aliases=("zip",)),
    Field("city", _("City")),
    Field("county", _("County")),
    Field("country", _("Country"), kind="country"),
    Field("latitude", _("Latitude"), kind="decimal"),
    Field("longitude", _("Longitude"), kind="decimal"),
    Field("time_zone", _("Time zone")),
    Field("activity_type", _("Type of work"), required=True, aliases=("type",)),
    Field("sector", _("Sector")),
    Field("subject", _("Subject"), required=True, aliases=("title",)),
    Field("description", _("Description"), kind="lines"),
    Field(
        "priority", _("Priority"), kind="choice",
        choices=[(name, priority.label) for name, priority in PRIORITIES.items()],
    ),
    Field("channel", _("Channel"), kind="choice", choices=Channel.choices),
    Field("received_at", _("Received"), kind="datetime"),
    Field("due_at", _("Due"), kind="datetime"),
    Field("emails", _("E-mail for messages about the ticket")),
    Field("notes", _("Notes"), kind="lines"),
)  # fmt: skip
_UPDATED = ("subject", "description", "due_at", "emails", "notes")


def save(values: dict[str, Any], *, actor: Actor, now: datetime) -> Outcome:
    """Take in one row. A ticket that is there already, by its external id, gets the row's texts and due time.

    Raises UnknownReference for a customer, type or sector that is not there and may not be made, and what taking a
    call refuses.
    """
    actor.require(WRITE)
    external_id = values.get("external_id")
    known = by_external_id(external_id) if external_id else None
    if known is not None:
        given = {name: _blank(name, values[name]) for name in _UPDATED if name in values}
        ticket = change_ticket(ticket_id=known.pk, values=given, version=None, actor=actor, now=now)
        return Outcome("updated" if ticket.version != known.version else "unchanged", ticket.pk, ticket.code)
    site = _site(values, actor=actor, now=now)
    kind = _activity_type(values, actor=actor, now=now)
    call = Call(
        site_id=site.pk,
        activity_type_id=kind.pk,
        subject=values["subject"],
        description=values.get("description") or "",
        priority=PRIORITIES[values["priority"]] if values.get("priority") else None,
        channel=values.get("channel") or Channel.FILE,
        received_at=values.get("received_at"),
        due_at=values.get("due_at"),
        emails=values.get("emails") or "",
        notes=values.get("notes") or "",
        external_id=external_id,
    )
    ticket = take_call(call=call, actor=actor, now=now)
    return Outcome("created", ticket.pk, ticket.code)


def _blank(name: str, value: Any) -> Any:
    return "" if value is None and name != "due_at" else value


def _site(values: dict[str, Any], *, actor: Actor, now: datetime) -> Site:
    """Where the work is: a site of a customer named by code, or the place that the row describes."""
    if values.get("customer_code"):
        return _site_of_code(values, actor)
    zone = None
    if values.get("zone"):
        zone = ensure_zone(name=values["zone"], create=values.get(CREATE, False), actor=actor, now=now)
    place = ("address", "postal_code", "city", "county", "country", "latitude", "longitude", "time_zone")
    return ensure_place(
        actor=actor,
        now=now,
        customer_external_id=values.get("customer_external_id") or "",
        customer_name=values.get("customer_name") or "",
        site_external_id=values.get("site_external_id") or "",
        site_name=values.get("site_name") or "",
        customer={name: values.get(name) for name in ("phone", "email")},
        site={**{name: values.get(name) for name in place}, "zone": zone},
    )


def _site_of_code(values: dict[str, Any], actor: Actor) -> Site:
    code = values["customer_code"]
    customer: Customer | None = visible_to(actor).filter(code__iexact=code).first()
    if customer is None:
        raise UnknownReference("customer_code", value=code[:60])
    if values.get("site_external_id"):
        site = site_known_as(values["site_external_id"], actor=actor)
        return _found(site if site and site.customer_id == customer.pk else None, "site_external_id", values)
    sites = list(customer.sites.select_related("customer", "branch").order_by("-is_main", "id"))
    wanted = fold(values.get("site_name") or "")
    fitting = [site for site in sites if not wanted or fold(site.name) == wanted]
    return _found(fitting[0] if fitting else None, "site_name", values)


def _found(site: Site | None, field: str, values: dict[str, Any]) -> Site:
    if site is None:
        raise UnknownReference(field, value=str(values.get(field) or "")[:60])
    return site


def _activity_type(values: dict[str, Any], *, actor: Actor, now: datetime) -> ActivityType:
    """The active type of that name, in that sector when the row names one; made when asked."""
    name, sector_name = values["activity_type"], values.get("sector") or ""
    found = [
        kind
        for kind in ActivityType.objects.filter(active=True).select_related("sector").order_by("id")
        if fold(name) in _names(kind) and (not sector_name or fold(sector_name) in _names(kind.sector))
    ]
    if found:
        return found[0]
    if not values.get(CREATE):
        raise UnknownReference("activity_type", value=name[:60])
    sector = _sector(sector_name, actor=actor, now=now)
    return save_type(type_id=None, name=name, names={}, sector_id=sector.pk, actor=actor, now=now)


def _sector(name: str, *, actor: Actor, now: datetime) -> Sector:
    found = [sector for sector in Sector.objects.order_by("id") if not name or fold(name) in _names(sector)]
    if found:
        return found[0]
    if not name:
        raise NotFound("sector")
    return save_sector(sector_id=None, name=name, names={}, actor=actor, now=now)


def _names(word: ActivityType | Sector) -> set[str]:
    return {fold(word.name), *(fold(name) for name in word.names.values())}


KIND = Kind(
    code="tickets",
    label=_("Tickets"),
    right="import.run",
    fields=FIELDS,
    save=save,
    url_name="ticket",
    chunk=25,  # a chunk holds its number book, and people taking calls wait for it
    options=(Option(CREATE, _("Create types, sectors and zones that are missing"), default=False),),
)
