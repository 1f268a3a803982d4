"""Tickets from a file: made once, with what they name, and not twice."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from callout.catalog.errors import UnknownReference
from callout.core.errors import Forbidden
from callout.customers.models import Customer, Site
from callout.imports.registry import kind
from callout.planning.models import ActivityType, Sector
from callout.tickets.models import Ticket
from callout.workorders.models import WorkOrder
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db

ROW = {
    "external_id": "nyc311:1",
    "customer_external_id": "nyc311:QUEENS:1 MAIN STREET",
    "customer_name": "1 MAIN STREET",
    "site_external_id": "nyc311:QUEENS:1 MAIN STREET",
    "site_name": "1 MAIN STREET",
    "address": "1 MAIN STREET",
    "postal_code": "11421",
    "city": "WOODHAVEN",
    "zone": "QUEENS",
    "country": "US",
    "latitude": Decimal("40.690092"),
    "longitude": Decimal("-73.846427"),
    "time_zone": "America/New_York",
    "activity_type": "HEATING",
    "sector": "Department of Housing",
    "subject": "HEATING: no heat",
    "description": "No heat\nsince Monday",
    "channel": "phone",
    "received_at": datetime(2018, 6, 26, 14, 58, tzinfo=UTC),
    "create_vocabulary": True,
}


def save(actor=None, **values):
    return kind("tickets").save({**ROW, **values}, actor=actor or builders.actor("administrator"), now=MONDAY)


@pytest.fixture(autouse=True)
def ground() -> None:
    builders.branch()
    builders.states()


def test_a_row_makes_ticket_work_order_customer_site_type_and_sector() -> None:
    outcome = save()
    ticket = Ticket.objects.get(pk=outcome.object_id)
    assert (outcome.result, outcome.label) == ("created", ticket.code)
    assert (ticket.customer.name, ticket.site.time_zone) == ("1 MAIN STREET", "America/New_York")
    assert (ticket.activity_type.name, ticket.activity_type.sector.name) == ("HEATING", "Department of Housing")
    assert (ticket.received_at, ticket.channel) == (ROW["received_at"], "phone")
    assert ticket.description == "No heat\nsince Monday"
    assert WorkOrder.objects.get().ticket == ticket


def test_a_second_run_changes_nothing() -> None:
    first, second = save(), save()
    assert (second.result, second.object_id) == ("unchanged", first.object_id)
    counts = [model.objects.count() for model in (Ticket, WorkOrder, Customer, Site, ActivityType, Sector)]
    assert counts == [1] * 6


def test_a_changed_row_brings_the_ticket_up_to_date() -> None:
    save()
    outcome = save(description="Heat is back", due_at=None)
    ticket = Ticket.objects.get()
    assert (outcome.result, ticket.description, ticket.due_at) == ("updated", "Heat is back", None)
    assert ticket.work_orders.count() == 1


def test_rows_of_one_place_share_customer_site_and_type() -> None:
    save()
    save(external_id="nyc311:2", activity_type="heating")
    assert (Ticket.objects.count(), Customer.objects.count(), Site.objects.count()) == (2, 1, 1)
    assert ActivityType.objects.count() == 1


def test_what_may_not_be_made_is_refused_at_its_cell() -> None:
    with pytest.raises(UnknownReference) as refused:
        save(create_vocabulary=False, zone=None)
    assert refused.value.field == "activity_type"
    with pytest.raises(UnknownReference) as refused:
        save(customer_code="NOBODY")
    assert refused.value.field == "customer_code"
    assert not Ticket.objects.exists()


def test_a_customer_named_by_code_is_not_made() -> None:
    customer = builders.customer("Rossi")
    site = builders.site(customer, builders.branch())
    ticket = Ticket.objects.get(pk=save(customer_code=customer.code, site_external_id=None, site_name=None).object_id)
    assert (ticket.customer, ticket.site) == (customer, site)
    with pytest.raises(UnknownReference) as refused:
        save(external_id="2", customer_code=customer.code, site_external_id=None, site_name="Elsewhere")
    assert refused.value.field == "site_name"


def test_only_who_may_write_tickets_imports_them() -> None:
    with pytest.raises(Forbidden):
        save(actor=builders.actor("sales_office"))
    with pytest.raises(Forbidden):
        save(actor=builders.actor("dispatcher"))  # may not make types
