"""What work orders add to the registries of lower apps."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.customers.queries import register_scope
from callout.documents.registry import register_actions, register_subject, register_values
from callout.imports.registry import register_kind
from callout.planning.holders import Held, Holder, register_holder
from callout.planning.registry import register_fields, register_mails, register_pages
from callout.ui import shapes
from callout.ui.search import SearchHit
from callout.ui.search import register as register_search
from callout.workorders import commands, incoming, layout, mails, portal_mails, queries, words
from callout.workorders.models import Helper, WorkOrder


def may_read_work_order(actor: Actor, work_order_id: int) -> bool:
    """Whether the actor may see this work order with its files and history."""
    return queries.visible_to(actor).filter(pk=work_order_id).exists()


def customers_of_own_work(actor: Actor) -> Q | None:
    """A technician sees the customers of the own work orders."""
    if not actor.may("own.work") or actor.user_id is None:
        return None
    own = WorkOrder.objects.filter(queries.own(actor.user_id))
    return Q(pk__in=own.values("ticket__customer_id"))


def find_work_orders(term: str, actor: Actor, limit: int) -> Sequence[SearchHit]:
    """Work orders by their code or number, newest first."""
    if not any(char.isdigit() for char in term):
        return []
    found = queries.by_code(queries.visible_to(actor), term).select_related("ticket__customer").order_by("-id")
    page = "work_order" if actor.may("ticket.read") else "my_work"
    return [
        SearchHit(
            label=f"{order.code} {order.ticket.subject}",
            detail=order.ticket.customer.name,
            url=reverse(page, args=[order.pk]),
            icon="tool",
            why=str(order.get_status_display()),
        )
        for order in found[:limit]
    ]


def behind_appointments(ids: Collection[int], actor: Actor) -> dict[int, Held]:
    """The work orders for which these appointments were made, by appointment: of who leads and of who helps."""
    return {
        appointment_id: Held(code, reverse("work_order", args=[pk]), reverse("plan_form", args=[pk]))
        for appointment_id, pk, code in queries.behind(ids, actor=actor)
    }


def unplan_appointment(appointment_id: int, actor: Actor, now: datetime) -> None:
    """Take the work order of an appointment off the calendar; a helper's appointment takes the helper off it.

    Raises what `commands.unplan` and `commands.remove_helper` raise.
    """
    helper = Helper.objects.filter(appointment=appointment_id).first()
    if helper is None:
        order = queries.visible_to(actor).get(appointment=appointment_id)
        commands.unplan(work_order_id=order.pk, version=order.version, actor=actor, now=now)
        return
    version = queries.visible_to(actor).get(pk=helper.work_order_id).version
    commands.remove_helper(
        work_order_id=helper.work_order_id, resource_id=helper.resource_id, version=version, actor=actor, now=now
    )


def register() -> None:
    """Fill the registries; called once when the application starts."""
    mails.register()
    portal_mails.register()
    register_subject("workorder", may_read=may_read_work_order)
    register_actions(words.HAPPENED, words.FACTS)
    register_values(("worked", "to_bill"), shapes.quantity)
    register_values(("status", "before", "after"), words.status_word)
    register_values(("fields",), words.field_name)
    register_scope(customers_of_own_work)
    register_search("work_orders", _("Work orders"), find_work_orders, order=30)
    register_kind(incoming.KIND)
    register_holder("work_order", Holder(behind_appointments, unplan_appointment))
    register_fields(layout.FIELDS)
    register_mails({occasion: event for event, occasion in mails.OCCASIONS.items()})
    register_pages(layout.pages)
