"""Work that waits for a plan, as a list: what the board shows below, for who does not drag."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.core.text import query_grams
from callout.customers.models import Priority
from callout.planning.models import ActivityType
from callout.ui.filters import ChoiceFilter, DateFilter, ModelFilter
from callout.ui.lists import Column, ListPage
from callout.workorders import queries
from callout.workorders.models import WorkOrder

PRIORITY_COLOURS = {Priority.LOW: "secondary", Priority.MEDIUM: "blue", Priority.HIGH: "red"}


def _priority(order: WorkOrder) -> tuple[str, str]:
    priority = Priority(order.ticket.priority)
    return str(priority.label), PRIORITY_COLOURS[priority]


def _by_code_or_words(rows: QuerySet, text: str) -> QuerySet:
    found, grams = queries.by_code(rows, text), query_grams(text)
    return found | rows.filter(ticket__search_grams__contains=grams) if grams else found


class WaitingWork(ListPage):
    """Work orders that wait for a plan, most urgent first, then longest waiting; a row leads to the planning form."""

    name = "waiting_work"
    title = _("Work to plan")
    right = "board.plan"
    order = ("-ticket__priority", "ticket__received_at")
    columns = (
        Column("code", _("Work order"), sort="number"),
        Column("priority", _("Priority"), _priority, sort="ticket__priority", kind="status"),
        Column("received", _("Received"), "ticket.received_at", sort="ticket__received_at", kind="datetime"),
        Column("customer", _("Customer"), "ticket.customer.name", sort="ticket__customer__folded"),
        Column("place", _("Place"), "site.city", sort="site__city"),
        Column("subject", _("Subject"), "ticket.subject"),
        Column("type", _("Type"), "activity_type.label"),
        Column("minutes", _("Minutes"), kind="number", sort="minutes"),
    )
    filters = (
        ModelFilter("type", _("Type"), ActivityType.objects.all(), lookup="activity_type"),
        ChoiceFilter("priority", _("Priority"), Priority.choices, lookup="ticket__priority"),
        DateFilter("received", _("Received"), lookup="ticket__received_at"),
    )
    row_url = "plan_form"
    empty = _("No work waits for a plan.")
    search = _by_code_or_words

    def rows(self, actor: Actor) -> QuerySet[WorkOrder]:
        """What the actor may see of it."""
        return queries.unplanned(actor)
