"""Writing down a call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Subquery
from django.db.models.functions import JSONArray

from callout.accounts.actor import Actor
from callout.audit.commands import entry
from callout.audit.models import Entry
from callout.catalog.models import Product
from callout.core.errors import NotFound
from callout.customers import queries as customers
from callout.customers.models import Asset, Customer, Priority, Site
from callout.db.compiled import Compiled
from callout.db.rows import partial
from callout.documents.queries import Terms, periods_shared, terms_columns, terms_in
from callout.planning.models import ActivityType
from callout.tickets import queries, rules
from callout.tickets.commands.fields import (
    TEXTS,
    WRITE,
    check_belongs,
    choice,
    colleague,
    index,
    text_of,
    today_at,
)
from callout.tickets.errors import NotThisCustomers, SameExternalId
from callout.tickets.models import Channel, Ticket, TicketObject

# What a call needs of its site and its type: reading whole rows takes longer than everything else about them.
_SITE = ("customer__name", "customer__priority", "branch__name", "branch__time_zone", "branch__currency")
_DAY = timedelta(days=1)
_TYPE = ("id", "name", "names", "minutes", "number_series", "notify_owner")


@cache
def _a_site(tables: tuple[str, ...]) -> Compiled[Site]:
    return Compiled(
        lambda site, kind, since, until: (
            Site.objects.select_related("customer", "branch")
            .only(*_SITE)
            .annotate(shared=periods_shared())
            .annotate(**terms_columns("branch", since=since, until=until, tables=tables))
            .annotate(type=Subquery(ActivityType.objects.filter(pk=kind, active=True).values(row=JSONArray(*_TYPE))))
            .filter(pk=site)
        ),
        site=-1,
        kind=-2,
        since=date.min,
        until=date.max,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What somebody wants, as it was taken down. Texts may be empty but for the subject.

    `customer_id`, when given, has to be the site's customer. `date` is the document's (None: today at the branch),
    `received_at` when the customer called (None: now); `priority` None is the customer's, `minutes` None the type's.
    """

    site_id: int
    activity_type_id: int
    subject: str
    customer_id: int | None = None
    description: str = ""
    contact_id: int | None = None
    priority: int | None = None
    channel: str = Channel.PHONE
    date: date | None = None
    received_at: datetime | None = None
    due_at: datetime | None = None
    asset_ids: Collection[int] = ()
    product_ids: Collection[int] = ()
    contract_id: int | None = None
    verifier_id: int | None = None
    confirmed_real: bool = False
    vehicle: str = ""
    notes: str = ""
    emails: str = ""
    series: str = ""
    minutes: int | None = None
    external_id: str | None = None


def draft(
    *, call: Call, tables: tuple[str, ...] = (), actor: Actor, now: datetime
) -> tuple[Ticket, list[TicketObject], Terms]:
    """The ticket of a call, what it is about, and the terms for posting it with its first work order; not yet written.

    The terms bring fresh keys for the ticket and for one row of each of `tables`. Shares the periods. Raises NotFound
    for a site, type or person out of scope, and the refusals of tickets.errors.
    """
    actor.require(WRITE)
    site, kind, terms = _what_for(call, tables, actor, now)
    ticket = _ticket(call, site, kind, actor, now)
    ticket.verifier_id = colleague(call.verifier_id, "verifier")
    check_belongs(ticket)
    return ticket, _objects(ticket, call), terms


def keep_objects(ticket: Ticket, concerned: Collection[TicketObject]) -> None:
    """Write what a ticket is about; before the ticket itself, since the database looks for it when all is written."""
    for item in concerned:
        item.ticket = ticket
    if concerned:
        TicketObject.objects.bulk_create(concerned)


def taken(ticket: Ticket, *, actor: Actor, now: datetime) -> Entry:
    """What a ticket's history begins with; the caller of `draft` writes it together with that of the work order."""
    return entry("ticket.taken", subject=ticket, actor=actor, at=now, channel=ticket.channel)


def _what_for(call: Call, tables: tuple[str, ...], actor: Actor, now: datetime) -> tuple[Site, ActivityType, Terms]:
    """The site, the type and the terms of a call, all read in one statement. Raises NotFound."""
    day = now.date()  # where the branch is it may be the day before or behind
    span = {"since": call.date or day - _DAY, "until": call.date or day + _DAY}
    statement = _a_site((Ticket._meta.db_table, *tables))
    found: Any = statement.first(site=call.site_id, kind=call.activity_type_id, **span)
    if found is None or call.customer_id not in (None, found.customer_id):
        raise NotFound("site")
    if not customers.sees_all(actor) and not customers.sites_visible_to(actor).filter(pk=found.pk).exists():
        raise NotFound("site")
    if found.type is None:
        raise NotFound("activity_type")
    terms = terms_in(found, branch_id=found.branch_id, **span, sure=False)
    return found, partial(ActivityType, _TYPE, found.type), terms


def _ticket(call: Call, site: Site, kind: ActivityType, actor: Actor, now: datetime) -> Ticket:
    """The ticket with its own fields checked, not yet written."""
    customer = site.customer
    received_at = call.received_at or now
    rules.check_received(received_at, now=now)
    rules.check_due(call.due_at, received_at=received_at)
    if call.external_id and (earlier := queries.by_external_id(call.external_id)):
        raise SameExternalId("external_id", external_id=call.external_id, code=earlier.code)
    ticket = Ticket(
        customer=customer,
        site=site,
        activity_type=kind,
        branch=site.branch,
        series=call.series,
        contact_id=call.contact_id,
        contract_id=call.contract_id,
        priority=choice(call.priority or customer.priority, Priority.values, "priority"),
        channel=choice(call.channel, Channel.values, "channel"),
        date=call.date or today_at(site.branch.time_zone, now),
        received_at=received_at,
        due_at=call.due_at,
        confirmed_real=call.confirmed_real,
        taken_by_id=actor.user_id,
        created_at=now,
        created_by_name=actor.name,
        external_id=call.external_id or None,
    )
    for name in TEXTS:
        setattr(ticket, name, text_of(name, getattr(call, name)))
    index(ticket)
    return ticket


def _objects(ticket: Ticket, call: Call) -> list[TicketObject]:
    """The assets and products that the call is about. Raises NotThisCustomers, NotFound."""
    wanted = dict.fromkeys(call.asset_ids)
    assets = {asset.pk: asset for asset in _assets_of(ticket.customer, wanted)} if wanted else {}
    for asset_id in wanted:
        if asset_id not in assets:
            raise NotThisCustomers("assets", name=str(asset_id), customer=ticket.customer.name)
    found = [
        TicketObject(product_id=asset.product_id, asset=asset, serial=asset.serial, lot=asset.lot)
        for asset in (assets[asset_id] for asset_id in wanted)
    ]
    products = dict.fromkeys(call.product_ids)
    known = set(Product.objects.filter(pk__in=products).values_list("pk", flat=True)) if products else set()
    if set(products) - known:
        raise NotFound("products")
    return found + [TicketObject(product_id=product_id) for product_id in products]


def _assets_of(customer: Customer, ids: Collection[int]) -> models.QuerySet[Asset]:
    return Asset.objects.filter(customer=customer, pk__in=ids)
