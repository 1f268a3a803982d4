"""Reading tickets: who sees which, by what they are found, what is already open."""

import re
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.core.numbering import parse_code
from callout.core.text import query_grams
from callout.customers import search as customer_search
from callout.db.compiled import Compiled
from callout.documents.models import DocumentStatus
from callout.tickets.models import OPEN, Message, Ticket, TicketObject

HINTED = timedelta(days=7)
"""How far back a similar ticket is hinted at while a call is taken."""
FOUND_CUSTOMERS = 20


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees every ticket and work order."""
    return actor.is_system or (actor.may("ticket.read") and not actor.branch_ids)


def seen_branches(actor: Actor) -> frozenset[int] | None:
    """The branches whose tickets and work orders the actor sees, whoever does the work; None for all."""
    if sees_all(actor):
        return None
    return actor.branch_ids if actor.may("ticket.read") else frozenset()


def visible_to(actor: Actor) -> models.QuerySet[Ticket]:
    """The tickets that the actor may see: those of the actor's branches; a technician's, those of the own orders."""
    if sees_all(actor):
        return Ticket.objects.all()
    if actor.may("ticket.read"):
        return Ticket.objects.filter(branch_id__in=actor.branch_ids)
    if actor.may("own.work") and actor.user_id is not None:
        # Work orders belong to a higher app, whose rows point here: only the name of the relation is used.
        leads = Ticket.objects.filter(work_orders__resource__user_id=actor.user_id).order_by()
        helps = Ticket.objects.filter(work_orders__helpers__resource__user_id=actor.user_id).order_by()
        return Ticket.objects.filter(pk__in=leads.values("pk").union(helps.values("pk")))
    return Ticket.objects.none()


def one(ticket_id: int, *, actor: Actor) -> Ticket:
    """A ticket with what its page shows of it and of who and what it concerns. Raises NotFound."""
    found = visible_to(actor).select_related(*_RELATED).only(*_OWN, *_OF_OTHERS).filter(pk=ticket_id).first()
    if found is None:
        raise NotFound
    return found


# Reading a dozen whole rows beside the ticket takes longer than the page; these are the fields that it shows.
_OWN = tuple(field.name for field in Ticket._meta.concrete_fields if field.name != "search_grams")
_OF_OTHERS = (
    "customer__name", "customer__phone", "customer__email", "customer__tax_code", "customer__zone__name",
    "customer__zone__names", "customer__classification_1__name", "customer__classification_1__names",
    "customer__classification_2__name", "customer__classification_2__names", "customer__classification_3__name",
    "customer__classification_3__names", "site__name", "site__address", "site__city", "site__county", "site__country",
    "contact__name", "contact__phone", "contact__mobile", "activity_type__name", "activity_type__names",
    "activity_type__layout", "taken_by__display_name", "assignee__display_name", "verifier__display_name",
    "contract__code",
)  # fmt: skip
_RELATED = tuple(dict.fromkeys(path.rpartition("__")[0] for path in _OF_OTHERS))


def lock(ticket_id: int, *, actor: Actor) -> Ticket:
    """The ticket, locked until the transaction ends; its work orders are locked after it. Raises NotFound."""
    found = _locked.first(pk=ticket_id)
    if found is None or not (sees_all(actor) or visible_to(actor).filter(pk=ticket_id).exists()):
        raise NotFound
    return found


_locked = Compiled(
    lambda pk: (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("customer", "site", "contact", "activity_type", "branch")
        .defer("search_grams")
        .filter(pk=pk)
    ),
    pk=-1,
)


def objects_of(ticket: Ticket) -> models.QuerySet[TicketObject]:
    """What the ticket is about."""
    return ticket.objects_concerned.select_related("product", "asset")


def thread(ticket: Ticket) -> models.QuerySet[Message]:
    """The conversation, oldest first."""
    return ticket.messages.select_related("attachment").order_by("id")


def open_of_customer(customer_id: int, *, actor: Actor) -> models.QuerySet[Ticket]:
    """The customer's open tickets, newest first."""
    return (
        visible_to(actor)
        .filter(customer_id=customer_id, status__in=OPEN, doc_status=DocumentStatus.POSTED)
        .select_related("site", "activity_type")
        .order_by("-received_at", "-id")
    )


def similar(*, site_id: int, activity_type_id: int, actor: Actor, now: datetime) -> models.QuerySet[Ticket]:
    """Open tickets of the same site and type of the last days: perhaps the customer is calling again."""
    return (
        visible_to(actor)
        .filter(
            site_id=site_id,
            activity_type_id=activity_type_id,
            status__in=OPEN,
            doc_status=DocumentStatus.POSTED,
            received_at__gte=now - HINTED,
        )
        .select_related("assignee")
        .order_by("-received_at", "-id")[:5]
    )


def by_code(found: models.QuerySet, text: str) -> models.QuerySet:
    """Those documents of `found` whose code begins with the text or reads like it, by the indexes on code and number.

    `12`, `tk 12`, `TK2026-00012` and `tk2026-000` all work.
    """
    return found.filter(_code_matches(text))


def _code_matches(text: str, prefix: str = "") -> Q:
    text = text.strip()
    if not text:
        return Q(pk__in=[])
    matches = Q(**{f"{prefix}code__startswith": text.upper()})
    for reading in parse_code(text):
        wanted = Q(**{f"{prefix}number": reading.number})
        if reading.series:
            wanted &= Q(**{f"{prefix}series": reading.series})
        matches |= wanted
    return matches


def search(found: models.QuerySet[Ticket], text: str, *, actor: Actor) -> models.QuerySet[Ticket]:
    """Those of `found` with this code, these words in subject or description, or of a customer found by the text.

    Words are found by their parts of three letters; a hit holds all of them. Every way in has its index.
    """
    text = text.strip()[:100]
    if re.fullmatch(r"#?\d{1,15}", text):
        return found.filter(_code_matches(text))
    matches = _code_matches(text)
    grams = query_grams(text)
    if grams:
        matches |= Q(search_grams__contains=grams)
        customers = customer_search.find(text, actor=actor, limit=FOUND_CUSTOMERS)
        if customers:
            matches |= Q(customer_id__in=[hit.customer_id for hit in customers])
    return found.filter(matches)


def by_external_id(external_id: str) -> Ticket | None:
    """The ticket that came in under this id, whoever asks: ids are unique over all branches."""
    return Ticket.objects.filter(external_id=external_id).first()


def planned_on(ticket: Ticket) -> list[int]:
    """The calendars on which work for the ticket stands."""
    # Work orders belong to a higher app, whose rows point here: only the names of the relations are used.
    found = Ticket.objects.filter(pk=ticket.pk, work_orders__appointment__isnull=False)
    return list(found.order_by().values_list("work_orders__resource_id", flat=True).distinct())
