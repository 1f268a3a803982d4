"""Which work orders there are, and who sees them."""

from collections.abc import Collection
from datetime import date

from django.db import models
from django.db.models import Q

from callout.accounts.actor import Actor
from callout.catalog.models import RateCard
from callout.catalog.queries import rate_card_for
from callout.core.errors import NotFound
from callout.core.text import query_grams
from callout.customers import search as customer_search
from callout.db.compiled import Compiled
from callout.documents.models import Attachment, DocumentStatus
from callout.documents.queries import attachments_of
from callout.tickets import queries as tickets
from callout.tickets.models import Ticket
from callout.tickets.rules import Trip
from callout.workorders.models import WorkOrder, WorkStatus
from callout.workorders.queries import crew

SHOWN = (
    "ticket__customer", "ticket__contact", "ticket__contract", "site", "activity_type", "branch", "appointment__state",
    "resource__user", "rate_card", "signature",
)  # fmt: skip


def visible_to(actor: Actor) -> models.QuerySet[WorkOrder]:
    """The work orders that the actor may see: those of the actor's branches; a technician's, those that one leads or
    helps on."""
    if tickets.sees_all(actor):
        return WorkOrder.objects.all()
    if actor.may("ticket.read"):
        return WorkOrder.objects.filter(branch_id__in=actor.branch_ids)
    if actor.may("own.work") and actor.user_id is not None:
        return WorkOrder.objects.filter(crew.own(actor.user_id))
    return WorkOrder.objects.none()


def one(work_order_id: int, *, actor: Actor) -> WorkOrder:
    """A work order with what its page shows. Raises NotFound."""
    found = visible_to(actor).select_related(*SHOWN).filter(pk=work_order_id).first()
    if found is None:
        raise NotFound
    return found


def lock(work_order_id: int, *, actor: Actor) -> WorkOrder:
    """The work order with its ticket, both locked until the transaction ends, the ticket first. Raises NotFound."""
    ticket = _locked_ticket.first(work_order_id=work_order_id)
    order = _seen(_locked_below_ticket.first(pk=work_order_id), actor)
    if ticket is None:
        raise NotFound
    order.ticket = ticket
    return order


def lock_order(work_order_id: int, *, actor: Actor) -> WorkOrder:
    """The work order alone, locked: for changes that its ticket does not follow. Raises NotFound."""
    return _seen(_locked.first(pk=work_order_id), actor)


def _seen(order: WorkOrder | None, actor: Actor) -> WorkOrder:
    """The order, when the actor may see it. Raises NotFound."""
    if order is None or not (tickets.sees_all(actor) or visible_to(actor).filter(pk=order.pk).exists()):
        raise NotFound
    return order


_NEEDED = ("site", "activity_type", "branch", "appointment", "resource__user")
_locked = Compiled(
    lambda pk: (
        WorkOrder.objects.select_for_update(of=("self",))
        .select_related("ticket__customer", "ticket__contract", *_NEEDED)
        .filter(pk=pk)
    ),
    pk=-1,
)
_locked_below_ticket = Compiled(
    lambda pk: WorkOrder.objects.select_for_update(of=("self",)).select_related(*_NEEDED).filter(pk=pk), pk=-1
)
_locked_ticket = Compiled(
    lambda work_order_id: (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("customer", "site", "contact", "activity_type", "branch", "contract", "verifier")
        .filter(work_orders=work_order_id)
    ),
    work_order_id=-1,
)


def orders_of(ticket: Ticket, *, actor: Actor) -> models.QuerySet[WorkOrder]:
    """The ticket's work orders that the actor may see, oldest first, with what the ticket's page shows."""
    found = visible_to(actor).filter(ticket=ticket).select_related(*_RELATED).only(*_OWN, *_OF_OTHERS)
    return found.order_by("id")


_OWN = tuple(field.name for field in WorkOrder._meta.concrete_fields)
_OF_OTHERS = (
    "site__time_zone", "activity_type__name", "activity_type__names", "appointment__starts", "appointment__ends",
    "resource__user__display_name", "rate_card__name", "rate_card__names",
)  # fmt: skip
_RELATED = tuple(dict.fromkeys(path.rpartition("__")[0] for path in _OF_OTHERS))


def trips_of(ticket: Ticket) -> list[Trip]:
    """What the ticket's status follows from."""
    rows = ticket.work_orders.values_list("status", "appointment__starts", "appointment__ends", "resource__user_id")
    return [Trip(*row) for row in rows]


def unplanned(actor: Actor, *, search: str = "") -> models.QuerySet[WorkOrder]:
    """Work orders that wait for a plan: the most urgent first, then those that wait longest.

    `search` is a code, words of the ticket, or whatever a customer is found by.
    """
    found = (
        visible_to(actor)
        .filter(status=WorkStatus.FORESEEN, doc_status=DocumentStatus.POSTED)
        .select_related("ticket__customer", "site", "activity_type")
        .order_by("-ticket__priority", "ticket__received_at", "id")
    )
    return _matching(found, search, actor) if search.strip() else found


def _matching(found: models.QuerySet[WorkOrder], text: str, actor: Actor) -> models.QuerySet[WorkOrder]:
    matches = Q(pk__in=by_code(found, text).values("pk")) | Q(ticket__in=tickets.by_code(Ticket.objects.all(), text))
    grams = query_grams(text)
    if grams and not text.strip().isdigit():
        matches |= Q(ticket__search_grams__contains=grams)
        hits = customer_search.find(text, actor=actor, limit=20)
        matches |= Q(ticket__customer_id__in=[hit.customer_id for hit in hits])
    return found.filter(matches)


def by_code(found: models.QuerySet[WorkOrder], text: str) -> models.QuerySet[WorkOrder]:
    """Those of `found` whose own code begins with the text or reads like it."""
    return tickets.by_code(found, text)


def stops(actor: Actor, *, day: date) -> list[crew.Stop]:
    """The technician's own stops of a local day, as `crew.stops` finds them, with what the page shows."""
    return crew.stops(actor, day=day, shown=SHOWN)


def behind(appointment_ids: Collection[int], *, actor: Actor) -> list[tuple[int, int, str]]:
    """Appointment, work order and its code, of those that the actor may see; two statements."""
    seen = visible_to(actor).order_by()
    leading = seen.filter(appointment__in=appointment_ids).values_list("appointment_id", "pk", "code")
    helping = seen.filter(helpers__appointment__in=appointment_ids)
    return [*leading, *helping.values_list("helpers__appointment_id", "pk", "code")]


def photographs(order: WorkOrder) -> models.QuerySet[Attachment]:
    """The pictures taken on site, oldest first."""
    return attachments_of(order, "photo")


def effective_card(order: WorkOrder, *, on: date) -> RateCard | None:
    """The rate card that prices the order: the chosen one, else the contract's, the customer's or a general one."""
    return order.rate_card or rate_card_for(order.ticket.customer, order.ticket.contract, order.currency, on)
