"""Taking a call on the page: the customer opens beside the form, a repeated call is hinted at, nothing is lost."""

from datetime import timedelta

import pytest

from callout.accounts.queries import actor_for
from callout.billing.models import BillableLine, Invoice, InvoiceLine
from callout.customers.models import Customer
from callout.tickets.models import Ticket
from callout.ui import clock
from callout.workorders.registry import OFFERED, billed_products
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import Company
from tests.workorders.test_ticket_page import HTMX, signed_in

pytestmark = pytest.mark.django_db


def values(company: Company, **given) -> dict:
    return {
        "customer": company.customer.pk, "site": company.site.pk, "activity_type": company.kind.pk,
        "subject": "Boiler leaks", "priority": 2, "channel": "phone", **given,
    }  # fmt: skip


def operator():
    return signed_in(builders.user("operator"))


def test_the_form_begins_with_the_customer_and_goes_in_reading_order() -> None:
    company = Company()
    html = operator().get(f"/calls/new/?customer={company.customer.pk}").content.decode()
    names = ("customer", "site", "contact", "priority", "activity_type", "subject", "description", "channel", "due_at")
    places = [html.index(f'name="{name}"') for name in names]
    assert places == sorted(places)
    assert 'data-keep="intake"' in html
    assert "Rossi Impianti" in html


def test_choosing_a_customer_opens_it_beside_the_form() -> None:
    company = Company()
    company.customer.priority = 3
    company.customer.save()
    asset = builders.asset(company.site, serial="SN-55")
    builders.contact(company.customer, name="Anna Bianchi")
    ticket = company.call()
    answer = operator().get(f"/calls/customer/?customer={company.customer.pk}", **HTMX)
    html = answer.content.decode()
    assert ticket.code in html and asset.serial in html and "Anna Bianchi" in html and "Via Roma 1" in html
    assert 'hx-swap-oob="innerHTML"' in html
    assert '<option value="3" selected>' in html
    assert answer.headers["HX-Replace-Url"] == f"/calls/new/?customer={company.customer.pk}"


def test_saving_opens_the_ticket_with_its_work_order() -> None:
    company = Company()
    asset = builders.asset(company.site)
    answer = operator().post("/calls/new/", values(company, assets=[asset.pk], description="Since Monday"))
    ticket = Ticket.objects.get()
    assert answer.url == f"/tickets/{ticket.pk}/"
    assert (ticket.subject, ticket.status, ticket.channel) == ("Boiler leaks", "received", "phone")
    assert ticket.objects_concerned.get().asset == asset
    assert ticket.work_orders.count() == 1


def test_what_was_typed_comes_back_with_the_refusal() -> None:
    company = Company()
    answer = operator().post("/calls/new/", values(company, subject="", description="A long story", emails="nobody"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "A long story" in html and "Rossi Impianti" in html
    assert html.count("field-error") >= 1
    assert not Ticket.objects.exists()
    refused = operator().post("/calls/new/", values(company, emails="nobody")).content.decode()
    assert "no e-mail address" in refused


@pytest.mark.parametrize(
    "given", [{"site": 999_999}, {"customer": 999_999}, {"customer": "x' OR 1"}, {"subject": "a\0b"}, {"priority": 9}]
)
def test_values_that_no_page_offers_are_refused(given: dict) -> None:
    company = Company()
    assert operator().post("/calls/new/", values(company, **given)).status_code == 422
    assert not Ticket.objects.exists()


def test_somebody_elses_site_is_not_taken() -> None:
    company = Company()
    other = builders.site(builders.customer("Verdi"), company.branch)
    assert operator().post("/calls/new/", values(company, site=other.pk)).status_code == 422
    assert not Ticket.objects.exists()


def test_a_repeated_call_is_hinted_at() -> None:
    company = Company()
    ticket = company.call(now=clock.now() - timedelta(days=1))
    client = operator()
    url = f"/calls/similar/?site={company.site.pk}&activity_type={company.kind.pk}"
    assert ticket.code in client.get(url, **HTMX).content.decode()
    assert ticket.code not in client.get("/calls/similar/?site=&activity_type=x", **HTMX).content.decode()


def test_a_new_customer_is_made_without_leaving_the_call() -> None:
    Company()
    client = operator()
    given = {"new-name": "Gelateria Polo", "new-phone": "011 555 1234", "new-city": "Torino", "new-country": "IT"}
    answer = client.post("/calls/new-customer/", given, **HTMX)
    made = Customer.objects.get(name="Gelateria Polo")
    html = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#customer-panel"
    assert f'value="{made.pk}"' in html and 'id="for-customer"' in html
    assert made.sites.get().city == "Torino"
    refused = client.post("/calls/new-customer/", {"new-name": "", "new-country": "IT"}, **HTMX)
    assert refused.status_code == 422


def test_only_who_takes_calls_sees_the_page() -> None:
    for role in ("technician", "agent", "sales_office", "verifier"):
        assert signed_in(builders.user(role)).get("/calls/new/").status_code == 403


def billed(company: Company, *products: str, on: str) -> list:
    """Products on one confirmed invoice of the customer."""
    order = company.reported()
    made = [builders.product(name) for name in products]
    lines = [
        BillableLine.objects.create(
            work_order=order, customer=company.customer, position=place, source_kind="part", source_id=one.pk,
            kind="part", product=one, description=one.name, unit="pc", actual=1, quantity=1, price=one.price,
            currency="EUR", vat_rate=company.vat, approved=True, approved_at=MONDAY,
        )
        for place, one in enumerate(made)
    ]  # fmt: skip
    number = builders.n()
    invoice = Invoice.objects.create(
        customer=company.customer, branch=company.branch, doc_status="posted", series="F", number=number,
        code=f"F-{number}", date=on, due_on=on, created_at=MONDAY, currency="EUR", language="it",
        bill_to_name=company.customer.name,
    )  # fmt: skip
    for line in lines:
        InvoiceLine.objects.create(
            invoice=invoice, billable_line=line, description=line.description, quantity=1, unit="pc",
            price=line.price, vat_percent=22, net=line.price,
        )  # fmt: skip
    return [invoice, *made]


def test_what_the_customer_was_billed_is_offered_first() -> None:
    company = Company()
    invoice, pump, valve = billed(company, "Pump", "Valve", on="2026-10-05")
    html = operator().get(f"/calls/customer/?customer={company.customer.pk}", **HTMX).content.decode()
    assert f"billed on 5 Oct 2026, {invoice.code}" in html
    assert "Pump" in html and "Valve" in html
    assert html.index('name="billed"') < html.index('name="product"')
    given = values(company, billed=[pump.pk, valve.pk], product=valve.pk)
    operator().post("/calls/new/", given)
    ticket = Ticket.objects.latest("id")
    assert {item.product for item in ticket.objects_concerned.all()} == {pump, valve}
    assert ticket.objects_concerned.count() == 2


def test_any_product_of_the_catalogue_can_be_named() -> None:
    company = Company()
    seal = builders.product("Seal")
    operator().post("/calls/new/", values(company, product=seal.pk))
    assert Ticket.objects.get().objects_concerned.get().product == seal
    gone = builders.product("Old pump", active=False)
    assert operator().post("/calls/new/", values(company, product=gone.pk)).status_code == 422


def test_products_are_named_once_the_newest_first_and_of_the_own_branch() -> None:
    company = Company()
    _, pump = billed(company, "Pump", on="2026-05-05")
    actor = builders.actor("operator")
    newer = Invoice.objects.get()
    line = BillableLine.objects.get()
    InvoiceLine.objects.update(active=False)
    again = Invoice.objects.create(
        customer=company.customer, branch=company.branch, doc_status="posted", series="F", number=builders.n(),
        code="F-NEW", date="2026-06-06", due_on="2026-06-06", created_at=MONDAY, currency="EUR", language="it",
        bill_to_name="Rossi",
    )  # fmt: skip
    InvoiceLine.objects.create(
        invoice=again, billable_line=line, description="Pump", quantity=1, unit="pc", price=1, vat_percent=22, net=1
    )
    (found,) = billed_products(company.customer, actor=actor)
    assert (found.product, found.invoice) == (pump, "F-NEW")
    assert found.invoice != newer.code
    Invoice.objects.filter(pk=again.pk).update(doc_status="cancelled")
    assert billed_products(company.customer, actor=actor) == []
    Invoice.objects.filter(pk=again.pk).update(doc_status="posted")
    elsewhere = builders.user("operator")
    elsewhere.branches.add(builders.branch())
    assert billed_products(company.customer, actor=actor_for(elsewhere)) == []


def test_however_much_was_billed_it_is_one_statement_and_a_short_list(django_assert_num_queries) -> None:
    company = Company()
    billed(company, *(f"Part {place}" for place in range(OFFERED + 5)), on="2026-10-05")
    actor = builders.actor("operator")
    with django_assert_num_queries(1):
        found = billed_products(company.customer, actor=actor)
    assert len({one.product.pk for one in found}) == OFFERED
