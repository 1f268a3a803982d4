"""The pages of customers."""

import pytest
from django.urls import reverse

from callout.customers import commands, slots
from callout.customers.models import Classification, Contract, Customer, Zone
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def milan():
    return builders.branch()


@pytest.fixture
def operator(client, milan):
    client.force_login(builders.user("operator"))
    return client


@pytest.fixture
def rossi(milan):
    return commands.create_customer(
        name="Caffè Rossi",
        phone="02 1234567",
        tax_code="00743110157",
        sites=[{"address": "Via Roma 1", "city": "Milano"}],
        contacts=[{"name": "Anna Bianchi", "mobile": "333 1234567"}],
        actor=builders.actor("operator"),
        now=MONDAY,
    )


NEW = {"name": "Nuova", "priority": "2", "active": "on"}


def test_the_list_searches_by_everything_and_filters(operator, rossi):
    builders.customer("Altra Ditta")
    assert "Altra Ditta" in operator.get("/customers/").content.decode()
    for query in ("q=021234567", "q=caffe", "q=rossi+milano", "q=00743110157", "city=milano"):
        page = operator.get(f"/customers/?{query}").content.decode()
        assert "Caffè Rossi" in page, query
        assert "Altra Ditta" not in page, query


def test_the_list_reads_the_same_number_of_statements_for_any_number_of_rows(
    operator, rossi, django_assert_max_num_queries
):
    for number in range(40):
        builders.site(builders.customer(f"Ditta {number}"))
    with django_assert_max_num_queries(8):
        operator.get("/customers/")


def test_the_page_shows_what_belongs_to_the_customer(operator, rossi, django_assert_max_num_queries):
    product = builders.product("Boiler")
    actor = builders.actor("operator")
    asset = commands.add_asset(customer_id=rossi.pk, product=product, serial="SN1", actor=actor, now=MONDAY)
    commands.add_contract(customer_id=rossi.pk, starts=MONDAY.date(), assets=[asset], actor=actor, now=MONDAY)
    with django_assert_max_num_queries(14):
        page = operator.get(f"/customers/{rossi.pk}/").content.decode()
    for text in ("tel:+39021234567", "Via Roma 1", "Anna Bianchi", "SN1", "openstreetmap.org", f"{rossi.code}-1"):
        assert text in page


def test_other_apps_add_tabs(operator, rossi):
    registered = dict(slots._slots)
    try:
        slots.register("more", "customer_edit", "Something more")
        slots.register("secret", "customer_edit", "Not for operators", right="people.admin")
        page = operator.get(f"/customers/{rossi.pk}/").content.decode()
        assert "Something more" in page
        assert reverse("customer_edit", args=[rossi.pk]) in page
        assert "Not for operators" not in page
    finally:
        slots._slots.clear()
        slots._slots.update(registered)


def test_a_customer_with_site_and_contact_in_one_go(operator):
    data = {
        **NEW,
        "phone": "02 1234567",
        "site-city": "Milano",
        "contact-name": "Luca Neri",
        "contact-mobile": "333 1234567",
    }
    answer = operator.post("/customers/new/", data)
    assert answer.status_code == 302, answer.content.decode()
    made = Customer.objects.get()
    assert answer.url == f"/customers/{made.pk}/"
    assert made.sites.get().city == "Milano"
    assert made.contacts.get().mobile == "+393331234567"


def test_site_and_contact_may_be_left_empty(operator):
    assert operator.post("/customers/new/", NEW).status_code == 302
    made = Customer.objects.get()
    assert (made.sites.count(), made.contacts.count()) == (0, 0)


def test_what_is_refused_stands_beside_its_field_in_each_part(operator):
    data = {**NEW, "vat_number": "IT00743110158", "site-latitude": "45", "contact-phone": "1"}
    page = operator.post("/customers/new/", data)
    assert page.status_code == 422
    text = page.content.decode()
    assert "id_contact-name_error" in text
    data["contact-name"] = "Luca"
    text = operator.post("/customers/new/", data).content.decode()
    assert "id_vat_number_error" in text or "id_site-longitude_error" in text
    data.pop("vat_number")
    assert "id_site-longitude_error" in operator.post("/customers/new/", data).content.decode()
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "phone=%2B39+02+1234567",
        "phone=021234567",
        "tax_code=00743110157",
        "name=caffe+ross",
        "vat_number=IT00743110157",
    ],
)
def test_who_may_be_here_already_is_hinted_while_one_types(operator, rossi, query):
    page = operator.get(f"/customers/duplicates/?{query}").content.decode()
    assert f"/customers/{rossi.pk}/" in page


@pytest.mark.parametrize("query", ["name=ca", "phone=1234", "name=zzz", "name=%00", ""])
def test_nothing_is_hinted_without_reason(operator, rossi, query):
    assert operator.get(f"/customers/duplicates/?{query}").content.decode().strip() == ""


def test_changing_a_customer_and_a_conflict(operator, rossi):
    url = f"/customers/{rossi.pk}/edit/"
    data = {**NEW, "name": "Bar Rossi", "code": rossi.code, "language": "it", "currency": "EUR", "version": "1"}
    assert operator.post(url, data).status_code == 302
    conflict = operator.post(url, {**data, "name": "Pub Rossi"})
    assert conflict.status_code == 409
    assert "Bar Rossi" in conflict.content.decode()


def test_parts_are_added_changed_and_removed(operator, rossi):
    assert operator.post(f"/customers/{rossi.pk}/sites/new/", {"name": "Magazzino", "city": "Roma"}).status_code == 302
    site = rossi.sites.get(name="Magazzino")
    page = operator.get(f"/customers/sites/{site.pk}/").content.decode()
    assert "Magazzino" in page
    data = {"name": "Deposito", "country": "IT", "time_zone": "Europe/Rome", "version": "1"}
    assert operator.post(f"/customers/sites/{site.pk}/", data).status_code == 302
    assert operator.post(f"/customers/sites/{site.pk}/remove/").status_code == 302
    assert rossi.sites.count() == 1
    assert operator.post(f"/customers/{rossi.pk}/contacts/new/", {"name": "Luca"}).status_code == 302
    contact = rossi.contacts.get(name="Luca")
    assert operator.post(f"/customers/contacts/{contact.pk}/", {"name": "Gino", "version": "1"}).status_code == 302
    assert operator.post(f"/customers/contacts/{contact.pk}/remove/").status_code == 302
    product = builders.product()
    asset = {"product": product.pk, "site": rossi.sites.get().pk, "serial": "S1", "active": "on"}
    assert operator.post(f"/customers/{rossi.pk}/assets/new/", asset).status_code == 302
    made = rossi.assets.get()
    assert operator.get(f"/customers/assets/{made.pk}/").status_code == 200
    contract = {"starts": "2026-01-01", "assets": [made.pk]}
    assert operator.post(f"/customers/{rossi.pk}/contracts/new/", contract).status_code == 302
    agreed = Contract.objects.get()
    assert operator.get(f"/customers/contracts/{agreed.pk}/").status_code == 200
    changed = {**contract, "ends": "2025-01-01", "version": "1"}
    refused = operator.post(f"/customers/contracts/{agreed.pk}/", changed)
    assert (refused.status_code, "id_ends_error" in refused.content.decode()) == (422, True)


def test_pickers(operator, rossi):
    assert "Caffè Rossi, Milano" in operator.get("/customers/search/?q=0212").content.decode()
    options = operator.get(f"/customers/sites/options/?customer={rossi.pk}&q=mil").content.decode()
    assert f'data-value="{rossi.sites.get().pk}"' in options
    assert "Anna" in operator.get(f"/customers/contacts/options/?customer={rossi.pk}&q=").content.decode()
    for odd in ("", "x", "9" * 30, "999999"):
        assert "data-value" not in operator.get(f"/customers/sites/options/?customer={odd}").content.decode()
    assert operator.get("/customers/assets/options/?customer=&q=%00").status_code == 200


def test_zones_and_classifications_are_set_up_by_administrators(client, milan):
    client.force_login(builders.user("administrator"))
    assert client.post("/settings/zones/new/", {"code": "NORD", "name": "Nord"}).status_code == 302
    zone = Zone.objects.get()
    assert client.post("/settings/zones/new/", {"code": "NORD", "name": "Other"}).status_code == 422
    assert client.post(f"/settings/zones/{zone.pk}/", {"code": "N", "name": "North"}).status_code == 302
    assert "North" in client.get("/settings/zones/").content.decode()
    assert client.post("/settings/classifications/new/", {"axis": "1", "name": "Hotel"}).status_code == 302
    word = Classification.objects.get()
    assert client.post("/settings/classifications/new/", {"axis": "1", "name": "Hotel"}).status_code == 422
    assert client.post("/settings/classifications/new/", {"axis": "4", "name": "Bar"}).status_code == 422
    assert client.get(f"/settings/classifications/{word.pk}/").status_code == 200
    assert "Hotel" in client.get("/settings/classifications/").content.decode()


def test_outside_the_scope_everything_is_missing(client, rossi):
    person = builders.user("operator")
    person.branches.add(builders.branch(code="ELSE"))
    client.force_login(person)
    site, contact = rossi.sites.get(), rossi.contacts.get()
    for url in (
        f"/customers/{rossi.pk}/",
        f"/customers/{rossi.pk}/edit/",
        f"/customers/{rossi.pk}/sites/new/",
        f"/customers/sites/{site.pk}/",
        f"/customers/contacts/{contact.pk}/",
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(f"/customers/contacts/{contact.pk}/remove/").status_code == 404
    assert "Rossi" not in client.get("/customers/?q=rossi").content.decode()
    assert "Rossi" not in client.get("/customers/search/?q=rossi").content.decode()
    assert "Rossi" not in client.get("/customers/duplicates/?name=caffe").content.decode()
