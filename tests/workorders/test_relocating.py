"""A call that was taken down for the wrong customer, site or contact person is put right before work begins."""

from datetime import date, timedelta

import pytest
from django.test import Client

from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.customers.models import Asset, Zone
from callout.documents.errors import PeriodLocked
from callout.documents.models import Period
from callout.notices.models import OutgoingMail
from callout.planning.errors import OtherZone
from callout.planning.models import Presence, Resource
from callout.tickets.errors import NotThisCustomers, ServedElsewhere, TicketCancelled
from callout.workorders import commands, errors
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import NINE, Company, actions

pytestmark = pytest.mark.django_db


def relocate(company: Company, ticket, site, contact=None, **values):
    values = {"version": None, "actor": company.operator, "now": MONDAY, **values}
    return commands.relocate_ticket(
        ticket_id=ticket.pk, site_id=site.pk, contact_id=contact.pk if contact else None, **values
    )


def elsewhere(company: Company, customer=None, **values):
    """A site of another customer, unless one is given."""
    other = customer or builders.customer("Verdi Panificio", email="info@verdi.example")
    return builders.site(other, company.branch, **{"address": "Via Verdi 2", "is_main": customer is None, **values})


def test_customer_site_and_contact_change_and_untouched_orders_follow() -> None:
    company = Company()
    site = elsewhere(company)
    person = site.customer.contacts.create(name="Ugo Verdi")
    ticket = company.call()
    version = ticket.version
    ticket = relocate(company, ticket, site, person, version=version)
    ticket.refresh_from_db()
    assert (ticket.customer, ticket.site, ticket.contact, ticket.version) == (site.customer, site, person, version + 1)
    order = ticket.work_orders.get()
    assert (order.site, order.version) == (site, 2)
    assert actions(order)[-1] == "workorder.relocated"
    facts = Entry.objects.get(action="ticket.relocated").facts
    assert facts == {
        "customer": ["Rossi Impianti", "Verdi Panificio"],
        "site": [str(company.site), str(site)],
        "contact": ["", "Ugo Verdi"],
    }


def test_what_belongs_to_the_customer_before_stays_behind() -> None:
    company = Company()
    mine = Asset.objects.create(customer=company.customer, site=company.site, product=builders.product(), serial="A1")
    contract = company.customer.contracts.create(code="K1", starts=date(2020, 1, 1))
    ticket = company.call(asset_ids=[mine.pk], contract_id=contract.pk, emails="boss@rossi.example")
    second = elsewhere(company, company.customer, name="Depot")
    ticket = relocate(company, ticket, second)
    assert (ticket.contract, ticket.emails, ticket.objects_concerned.count()) == (contract, "boss@rossi.example", 1)
    ticket = relocate(company, ticket, elsewhere(company))
    ticket.refresh_from_db()
    assert (ticket.contract, ticket.emails, ticket.objects_concerned.count()) == (None, "", 0)
    assert Entry.objects.filter(action="ticket.relocated").latest("id").facts["assets"] == [str(mine), ""]


def test_an_appointment_follows_at_its_time_and_both_customers_are_told() -> None:
    company = Company()
    company.kind.mail_customer_on = ["created", "moved", "cancelled"]
    company.kind.save()
    order = company.planned()
    OutgoingMail.objects.all().delete()
    second = elsewhere(company, company.customer, name="Depot", address="Via Roma 9")
    relocate(company, order.ticket, second)
    assert [(mail.event, mail.recipients) for mail in OutgoingMail.objects.all()] == [
        ("workorder.moved", ["info@rossi.example"])
    ]
    assert "Via Roma 9" in OutgoingMail.objects.get().body
    OutgoingMail.objects.all().delete()
    relocate(company, order.ticket, elsewhere(company))
    assert [(mail.event, mail.recipients) for mail in OutgoingMail.objects.order_by("id")] == [
        ("workorder.cancelled", ["info@rossi.example"]), ("workorder.planned", ["info@verdi.example"]),
    ]  # fmt: skip
    order.refresh_from_db()
    appointment = order.appointment
    assert (order.status, order.resource, appointment.starts) == ("planned", company.technician, NINE)
    assert (appointment.site, appointment.title) == (order.site, "Verdi Panificio: Boiler leaks")


def test_an_appointment_of_somebody_who_is_in_another_zone_then_has_to_be_unplanned_first() -> None:
    company = Company()
    north, south = (Zone.objects.create(code=code, name=code) for code in ("North", "South"))
    order = company.planned()
    Resource.objects.filter(pk=company.technician.pk).update(presence="patterns")
    Presence.objects.create(
        resource=company.technician, zone=north, starts=MONDAY - timedelta(hours=1), ends=MONDAY + timedelta(hours=9)
    )
    far = elsewhere(company, zone=south)
    with pytest.raises(OtherZone) as refused:
        relocate(company, order.ticket, far)
    assert (refused.value.facts["present"], refused.value.facts["zone"]) == ("North", "South")
    order.ticket.refresh_from_db()
    assert order.ticket.site == company.site
    commands.unplan(work_order_id=order.pk, version=None, actor=company.dispatcher, now=MONDAY)
    assert relocate(company, order.ticket, far).site == far


def test_it_is_refused_when_work_has_begun() -> None:
    company = Company()
    order = company.started()
    with pytest.raises(errors.PlaceKept) as refused:
        relocate(company, order.ticket, elsewhere(company))
    assert refused.value.facts["work_order"] == order.code


def test_it_is_refused_in_a_locked_period_for_a_cancelled_ticket_and_for_an_old_page() -> None:
    company = Company()
    ticket, site = company.call(), elsewhere(company)
    with pytest.raises(StaleVersion):
        relocate(company, ticket, site, version=ticket.version + 1)
    Period.objects.update(locked=True)
    with pytest.raises(PeriodLocked):
        relocate(company, ticket, site)
    Period.objects.update(locked=False)
    commands.cancel_ticket(ticket_id=ticket.pk, reason="Twice", version=None, actor=company.operator, now=MONDAY)
    with pytest.raises(TicketCancelled):
        relocate(company, ticket, site)


def test_neither_a_site_of_another_branch_nor_one_out_of_sight_nor_a_stranger_as_contact() -> None:
    company = Company()
    ticket = company.call()
    abroad = builders.site(builders.customer("Pop"), builders.branch(code="CJ"))
    with pytest.raises(ServedElsewhere):
        relocate(company, ticket, abroad)
    local = builders.user("operator")
    local.branches.add(company.branch)
    with pytest.raises(NotFound):
        relocate(company, ticket, abroad, actor=actor_for(local))
    stranger = abroad.customer.contacts.create(name="Ana Pop")
    with pytest.raises(NotThisCustomers):
        relocate(company, ticket, elsewhere(company), stranger)
    with pytest.raises(Forbidden):
        relocate(company, ticket, elsewhere(company), actor=company.tech)


def test_what_is_equal_already_changes_nothing() -> None:
    company = Company()
    ticket = company.call()
    assert relocate(company, ticket, company.site).version == ticket.version
    assert not Entry.objects.filter(action="ticket.relocated").exists()


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(builders.user("operator", language="en"))
    return client


def test_the_page_offers_it_until_work_begins_and_takes_the_main_site_without_one(office) -> None:
    company = Company()
    order, other = company.planned(), elsewhere(company, name="Shop")
    page = f"/tickets/{order.ticket_id}/"
    assert "Change customer or site" in office.get(page).text
    form = office.get(f"{page}relocate/", headers={"HX-Request": "true"})
    assert "Rossi Impianti" in form.text and "customers/search/" in form.text
    sent = {"customer": other.customer_id, "site": "", "contact": "", "version": order.ticket.version}
    assert office.post(f"{page}relocate/", sent).status_code == 302
    shown = office.get(page).text
    assert "Verdi Panificio" in shown and "Rossi Impianti → Verdi Panificio" in shown
    mixed = office.post(f"{page}relocate/", {"customer": other.customer_id, "site": company.site.pk, "version": ""})
    assert mixed.status_code == 422 and "Choose a site of this customer." in mixed.text
    commands.start(work_order_id=order.pk, actor=company.tech, now=NINE)
    assert "Change customer or site" not in office.get(page).text
    late = office.post(f"{page}relocate/", {"customer": company.customer.pk, "site": company.site.pk, "version": ""})
    assert late.status_code == 422 and "customer and site stay as they are" in late.text


def test_a_program_does_it_by_the_api(office) -> None:
    company = Company()
    ticket, site = company.call(), elsewhere(company)
    answer = office.post(
        f"/api/tickets/{ticket.pk}/relocate", {"site_id": site.pk, "version": ticket.version},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert (answer.json()["customer_id"], answer.json()["site_id"]) == (site.customer_id, site.pk)
    begun = company.started()
    refused = office.post(
        f"/api/tickets/{begun.ticket_id}/relocate", {"site_id": site.pk}, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "place_kept")
