"""The lists of tickets and of work orders, with every field as a column and every field of the search as a filter."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.queries import branches_for, colleagues
from callout.customers.models import Classification, Priority, Site, Zone
from callout.customers.queries import visible_to as customers_visible_to
from callout.documents.models import DocumentStatus
from callout.planning.models import ActivityType, Sector
from callout.planning.queries import resources_visible_to
from callout.tickets import queries as tickets
from callout.tickets.models import Channel, Ticket, TicketObject, TicketStatus
from callout.ui import clock
from callout.ui.filters import BoolFilter, ChoiceFilter, DateFilter, DateRange, ModelFilter, TextFilter
from callout.ui.lists import Column, ListPage
from callout.workorders import queries, words
from callout.workorders.models import Helper, WorkOrder, WorkStatus

SEES = "ticket.read"


def _products(ticket: Ticket) -> str:
    return ", ".join(str(item.product) for item in ticket.objects_concerned.all())


def _serials(ticket: Ticket) -> str:
    return ", ".join(filter(None, (" ".join(filter(None, (o.serial, o.lot))) for o in ticket.objects_concerned.all())))


def _estimates(ticket: Ticket) -> str:
    return ", ".join(dict.fromkeys(str(o.rate_card) for o in ticket.work_orders.all() if o.rate_card))


def _orders(ticket: Ticket) -> str:
    return ", ".join(order.code for order in ticket.work_orders.all())


def _started_with(lookup: str, text: str) -> Q:
    """Texts that begin so, in capitals or as typed: the index knows no other case."""
    return Q(**{f"{lookup}__startswith": text}) | Q(**{f"{lookup}__startswith": text.upper()})


def _with_serial(text: str) -> QuerySet:
    return TicketObject.objects.filter(_started_with("serial", text)).values("ticket_id")


def _at_address(text: str) -> QuerySet:
    return Site.objects.filter(Q(address__icontains=text) | Q(city__icontains=text)).values("pk")


def _classified(axis: int, label: Any) -> ModelFilter:
    values = Classification.objects.filter(axis=axis)
    return ModelFilter(f"class{axis}", label, queryset=values, lookup=f"customer__classification_{axis}")


# What a column needs to be loaded besides the ticket's own fields.
_NEEDS: dict[str, tuple[str, ...]] = {
    "customer": ("customer__name",),
    "type": ("activity_type__name", "activity_type__names"),
    "sector": ("activity_type__sector__name", "activity_type__sector__names"),
    "site": ("site__name", "site__city"),
    "contact": ("contact__name",),
    "taken_by": ("taken_by__display_name",),
    "assignee": ("assignee__display_name",),
    "verifier": ("verifier__display_name",),
    "contract": ("contract__code",),
    "branch": ("branch__name",),
    "phone": ("customer__phone",),
    "email": ("customer__email",),
    "tax_code": ("customer__tax_code",),
    "address": ("site__address",),
    "city": ("site__city",),
    "county": ("site__county",),
    "country": ("site__country",),
    "zone": ("customer__zone__name", "customer__zone__names"),
    "class1": ("customer__classification_1__name", "customer__classification_1__names"),
    "class2": ("customer__classification_2__name", "customer__classification_2__names"),
    "class3": ("customer__classification_3__name", "customer__classification_3__names"),
}
_OWN = ("code", "status", "doc_status", "priority", "received_at", "number")
_PREFETCHED = {
    "object": Prefetch("objects_concerned", TicketObject.objects.select_related("product")),
    "serial": Prefetch("objects_concerned", TicketObject.objects.select_related("product")),
    "estimate": Prefetch("work_orders", WorkOrder.objects.select_related("rate_card").order_by("id")),
    "work_orders": Prefetch("work_orders", WorkOrder.objects.select_related("rate_card").order_by("id")),
}


def _loaded(found: QuerySet, columns: Iterable[str], sort: Iterable[str]) -> QuerySet:
    """The rows with what these columns show and this order compares, and nothing else of the wide tables."""
    columns = list(columns)
    own = {field.name for field in found.model._meta.concrete_fields}
    paths = {path for name in columns for path in _NEEDS.get(name, ())}
    plain = {name for name in columns if name in own and name not in _NEEDS}
    relations = {path.rpartition("__")[0] for path in paths}
    sorted_by = {name.removeprefix("-") for name in sort}
    relations |= {name.rpartition("__")[0] for name in sorted_by if "__" in name}
    found = found.select_related(*relations) if relations else found
    prefetches = {one.prefetch_to: one for name, one in _PREFETCHED.items() if name in columns}
    return found.only(*_OWN, *plain, *paths, *sorted_by).prefetch_related(*prefetches.values())


class Tickets(ListPage):
    """Every ticket, newest first."""

    name = "tickets"
    title = _("Tickets")
    right = SEES
    order = ("-received_at", "-id")
    row_url = "ticket"
    actions = [(_("New call"), "intake", "ticket.write")]
    search_hint = _("Code, words of the subject, customer, phone…")
    columns = [
        Column("code", _("Ticket"), sort=("number",), width=110),
        Column("received_at", _("Received"), sort=("received_at",), kind="datetime"),
        Column("customer", _("Customer"), value="customer.name", sort=("customer__folded",), share=28),
        Column("subject", _("Subject"), share=34),
        Column("type", _("Type"), value="activity_type", sort=("activity_type__name",), default=False),
        Column("priority", _("Priority"), value=words.priority, kind="status", sort=("priority", "-received_at")),
        Column("status", _("Status"), value=words.ticket_status, kind="status", sort=("status", "-received_at")),
        Column("assignee", _("Assignee"), value="assignee.display_name", sort=("assignee__display_name",), share=16),
        Column("planned_start", _("Planned start"), kind="datetime", sort=("planned_start",)),
        Column("planned_end", _("Planned end"), kind="datetime", default=False),
        Column("due_at", _("Due"), kind="datetime", default=False, sort=("due_at",)),
        Column("date", _("Date"), kind="date", default=False, sort=("date",)),
        Column("work_orders", _("Work orders"), value=_orders, default=False),
        Column("site", _("Site"), value="site", default=False),
        Column("object", _("Object"), value=_products, default=False),
        Column("serial", _("Serial number or lot"), value=_serials, default=False),
        Column("sector", _("Sector"), value="activity_type.sector", default=False),
        Column("contact", _("Contact person"), value="contact.name", default=False),
        Column("taken_by", _("Taken by"), value="taken_by.display_name", default=False),
        Column("verifier", _("Verifier"), value="verifier.display_name", default=False),
        Column("confirmed_real", _("Confirmed as real"), kind="bool", default=False),
        Column("channel", _("Channel"), value="get_channel_display", default=False),
        Column("phone", _("Phone"), value="customer.phone", kind="phone", default=False),
        Column("email", _("E-mail"), value="customer.email", default=False),
        Column("tax_code", _("Tax code"), value="customer.tax_code", default=False),
        Column("address", _("Address"), value="site.address", default=False),
        Column("city", _("City"), value="site.city", default=False),
        Column("county", _("County"), value="site.county", default=False),
        Column("country", _("Country"), value="site.country", default=False),
        Column("zone", _("Commercial zone"), value="customer.zone", default=False),
        Column("class1", _("Classification 1"), value="customer.classification_1", default=False),
        Column("class2", _("Classification 2"), value="customer.classification_2", default=False),
        Column("class3", _("Classification 3"), value="customer.classification_3", default=False),
        Column("vehicle", _("Vehicle"), default=False),
        Column("contract", _("Contract"), value="contract.code", default=False),
        Column("estimate", _("Estimate"), value=_estimates, default=False),
        Column("doc_status", _("Document status"), value="get_doc_status_display", default=False),
        Column("finalised_at", _("Finalised"), kind="datetime", default=False),
        Column("cancelled_at", _("Cancelled"), kind="datetime", default=False),
        Column("description", _("Description"), default=False),
        Column("notes", _("Notes"), default=False),
        Column("branch", _("Branch"), value="branch.name", default=False),
    ]
    filters = [
        DateFilter("received", _("Received"), lookup="received_at"),
        TextFilter("ticket", _("Ticket code"), apply=tickets.by_code),
        TextFilter(
            "order", _("Work-order code"),
            apply=lambda rows, text: rows.filter(
                pk__in=queries.by_code(WorkOrder.objects.all(), text).values("ticket_id")
            ),
        ),
        ChoiceFilter("state", _("Status"), choices=TicketStatus.choices, lookup="status"),
        ModelFilter("type", _("Type"), queryset=ActivityType.objects.all(), lookup="activity_type"),
        ModelFilter("customer", _("Customer"), queryset=customers_visible_to, picker="customer_search"),
        ModelFilter(
            "technician", _("Technician"), queryset=resources_visible_to,
            apply=lambda rows, ids: rows.filter(
                pk__in=WorkOrder.objects.filter(resource_id__in=ids).values("ticket_id")
            ),
        ),
        TextFilter("serial", _("Serial number"), apply=lambda rows, text: rows.filter(pk__in=_with_serial(text))),
        ChoiceFilter("priority", _("Priority"), choices=Priority.choices),
        ModelFilter("sector", _("Sector"), queryset=Sector.objects.all(), lookup="activity_type__sector"),
        ModelFilter("assignee", _("Assignee"), queryset=lambda actor: colleagues()),
        ModelFilter("verifier", _("Verifier"), queryset=lambda actor: colleagues()),
        DateFilter("planned", _("Planned start"), lookup="planned_start"),
        _classified(1, _("Classification 1")),
        _classified(2, _("Classification 2")),
        _classified(3, _("Classification 3")),
        ModelFilter("zone", _("Commercial zone"), queryset=Zone.objects.all(), lookup="customer__zone"),
        TextFilter("address", _("Address"), apply=lambda rows, text: rows.filter(site__in=_at_address(text))),
        ChoiceFilter("channel", _("Channel"), choices=Channel.choices),
        ChoiceFilter("document", _("Document status"), choices=DocumentStatus.choices, lookup="doc_status"),
        BoolFilter("real", _("Confirmed as real"), lookup="confirmed_real"),
        ModelFilter("branch", _("Branch"), queryset=branches_for),
    ]  # fmt: skip

    def rows(self, actor: Actor) -> QuerySet[Ticket]:
        """Tickets in the actor's scope, with what the shown columns need."""
        view = self.view()
        shown = [one.column.name for one in view.shown]
        return _loaded(tickets.visible_to(actor), shown, self.sort_of(view))

    def search(self, queryset: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
        """By code, words or customer."""
        return tickets.search(queryset, text, actor=self.actor)


LATE_BY = timedelta(minutes=15)
NOT_REPORTED = (WorkStatus.FORESEEN, WorkStatus.PLANNED, WorkStatus.UNDER_WAY, WorkStatus.DONE)


def overdue(now: datetime) -> Q:
    """Work orders promised for a moment that is past, and not reported: their tickets are open."""
    return Q(status__in=NOT_REPORTED, ticket__status__in=tickets.OPEN, ticket__due_at__lt=now)


def started_late(now: datetime) -> Q:
    """Work orders planned to begin LATE_BY ago or earlier, and not begun."""
    return Q(status=WorkStatus.PLANNED, appointment__starts__lt=now - LATE_BY)


NEEDS_ATTENTION = {
    "overdue": (_("overdue"), overdue),
    "late": (_("started late"), started_late),
}


def _needing(rows: QuerySet[WorkOrder], wanted: Iterable[str]) -> QuerySet[WorkOrder]:
    """Those that need attention for one of the reasons, at this moment."""
    any_of, now = Q(pk__in=[]), clock.now()
    for name in wanted:
        any_of |= NEEDS_ATTENTION[name][1](now)
    return rows.filter(any_of)


def settled(rows: QuerySet[WorkOrder], span: DateRange) -> QuerySet[WorkOrder]:
    """Those that nothing is left to do for, settled within the span.

    The date is that of the invoice, of the ticket's cancelling, or of the ticket's end for those that were not needed;
    moments count by the days of the active time zone.
    """
    # Lines and invoices belong to a higher app, whose rows point here: only the names of the relations are used.
    invoiced = {"billable_lines__invoice_lines__active": True}
    dates = (
        (WorkStatus.BILLED, "billable_lines__invoice_lines__invoice__date", invoiced),
        (WorkStatus.NOT_NEEDED, "ticket__finalised_at", {}),
        (WorkStatus.CANCELLED, "ticket__cancelled_at", {}),
    )
    found = []
    for status, path, more in dates:
        orders = WorkOrder.objects.filter(status=status)
        within = DateFilter("settled", "", lookup=path).condition(orders, span)
        found.append(orders.filter(within, Q(**{f"{path}__isnull": False}, **more)).values("pk"))
    return rows.filter(pk__in=found[0].union(*found[1:], all=True))


def _planned(name: str) -> Any:
    return lambda order: getattr(order.appointment, name) if order.appointment else None


def _helpers(order: WorkOrder) -> str:
    names: list[str] = getattr(order, "helper_names", [])
    return ", ".join(names)


class WorkOrders(ListPage):
    """Every work order, newest first."""

    name = "work_orders"
    title = _("Work orders")
    right = SEES
    order = ("-id",)
    row_url = "work_order"
    search_hint = _("Code of work order or ticket")
    columns = [
        Column("code", _("Work order"), sort=("number",), width=110),
        Column("ticket", _("Ticket"), value="ticket.code"),
        Column("customer", _("Customer"), value="ticket.customer.name", share=20),
        Column("subject", _("Subject"), value="ticket.subject", share=24),
        Column("type", _("Type"), value="activity_type", share=15),
        Column("status", _("Status"), value=words.order_status, kind="status", sort=("status", "created_at")),
        Column("technician", _("Technician"), value="resource", share=14),
        Column("helpers", _("Technicians who come along"), value=_helpers, default=False),
        Column("starts", _("Planned start"), value=_planned("starts"), kind="datetime"),
        Column("ends", _("Planned end"), value=_planned("ends"), kind="datetime", default=False),
        Column("started_at", _("Started"), kind="datetime", default=False),
        Column("ended_at", _("Ended"), kind="datetime", default=False),
        Column("reported_at", _("Reported"), kind="datetime", default=False, sort=("reported_at",)),
        Column("verified_at", _("Verified"), kind="datetime", default=False),
        Column("minutes", _("Expected minutes"), kind="number", default=False),
        Column("site", _("Site"), default=False),
        Column("city", _("City"), value="site.city", default=False),
        Column("priority", _("Priority"), value=lambda order: words.priority(order.ticket), kind="status"),
        Column("description", _("Work to do"), default=False),
        Column("report_notes", _("Notes of the technician"), default=False),
        Column("rate_card", _("Rate card"), default=False),
        Column("signer_name", _("Signed by"), default=False),
        Column("created_at", _("Created"), kind="datetime", default=False),
        Column("branch", _("Branch"), value="branch.name", default=False),
    ]
    filters = [
        DateFilter("planned", _("Planned start"), lookup="appointment__starts"),
        DateFilter("created", _("Created"), lookup="created_at"),
        TextFilter("order", _("Work-order code"), apply=queries.by_code),
        TextFilter(
            "ticket", _("Ticket code"),
            apply=lambda rows, text: rows.filter(ticket__in=tickets.by_code(Ticket.objects.all(), text)),
        ),
        ChoiceFilter("state", _("Status"), choices=WorkStatus.choices, lookup="status"),
        ChoiceFilter(
            "attention", _("Needs attention"),
            choices=[(name, label) for name, (label, _which) in NEEDS_ATTENTION.items()],
            apply=_needing,
        ),
        DateFilter("settled", _("Billed, not needed or cancelled"), apply=settled),
        ModelFilter("type", _("Type"), queryset=ActivityType.objects.all(), lookup="activity_type"),
        ModelFilter("sector", _("Sector"), queryset=Sector.objects.all(), lookup="activity_type__sector"),
        ModelFilter(
            "customer", _("Customer"), queryset=customers_visible_to, lookup="ticket__customer",
            picker="customer_search",
        ),
        ModelFilter(
            "technician", _("Technician"), queryset=resources_visible_to,
            apply=lambda rows, chosen: rows.filter(queries.of_resources(chosen)),
        ),
        TextFilter("serial", _("Serial number"), apply=lambda rows, text: rows.filter(ticket__in=_with_serial(text))),
        ModelFilter("branch", _("Branch"), queryset=branches_for),
    ]  # fmt: skip

    def rows(self, actor: Actor) -> QuerySet[WorkOrder]:
        """Work orders in the actor's scope."""
        found = (
            queries.visible_to(actor)
            .select_related(
                "ticket__customer", "site", "activity_type", "appointment", "resource__user", "branch", "rate_card"
            )
            .defer("ticket__search_grams", "ticket__description", "ticket__notes")
        )
        if not any(one.column.name == "helpers" for one in self.view().shown):
            return found
        helpers = Helper.objects.filter(work_order=OuterRef("pk")).order_by("id")
        return found.annotate(helper_names=ArraySubquery(helpers.values("resource__user__display_name")))

    def search(self, queryset: QuerySet[WorkOrder], text: str) -> QuerySet[WorkOrder]:
        """By the code of the work order or of its ticket."""
        own = queries.by_code(WorkOrder.objects.all(), text).values("pk")
        of_ticket = tickets.by_code(Ticket.objects.all(), text).values("pk")
        return queryset.filter(Q(pk__in=own) | Q(ticket_id__in=of_ticket))
