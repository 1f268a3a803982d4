"""The pages of the catalogue."""

from decimal import Decimal

import pytest

from callout.catalog.models import PaymentTerm, Product, RateCard, VatRate
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(builders.user("sales_office"))
    return client


def test_the_list_finds_filters_and_links(office):
    product = builders.product("Filtro però", price="9.50")
    builders.product("Boiler", kind=Product.Kind.EQUIPMENT)
    page = office.get("/products/").content.decode()
    assert "Filtro però" in page
    assert f"/products/{product.pk}/" in page
    assert "Boiler" not in office.get("/products/?q=pero").content.decode()
    assert "Boiler" not in office.get("/products/?kind=part").content.decode()


def test_a_product_is_added_and_changed_on_its_form(office):
    rate = builders.vat()
    data = {
        "code": "A1",
        "name": "Filtro",
        "kind": "part",
        "unit": "pc",
        "price": "1.234,50",
        "vat_rate": rate.pk,
        "active": "on",
    }
    answer = office.post("/products/new/", {**data, "price": "12.50"})
    assert answer.status_code == 302, answer.content.decode()
    product = Product.objects.get()
    assert (product.price, product.vat_rate) == (Decimal("12.50"), rate)
    office.post(f"/products/{product.pk}/", {**data, "price": "13", "version": "1"})
    product.refresh_from_db()
    assert (product.price, product.version) == (Decimal(13), 2)
    conflict = office.post(f"/products/{product.pk}/", {**data, "price": "14", "version": "1"})
    assert conflict.status_code == 409


def test_a_taken_code_is_told_beside_the_field(office):
    builders.product()
    taken = Product.objects.get().code
    answer = office.post("/products/new/", {"code": taken, "name": "B", "kind": "part", "unit": "pc", "price": "1"})
    assert answer.status_code == 422
    assert "id_code_error" in answer.content.decode()


def test_who_may_only_look_sees_a_form_that_cannot_be_sent(client):
    client.force_login(builders.user("operator"))
    product = builders.product()
    page = client.get(f"/products/{product.pk}/")
    assert "disabled" in page.content.decode()
    assert client.post(f"/products/{product.pk}/", {"name": "Mine"}).status_code == 403
    assert client.get("/products/new/").status_code == 403
    assert client.get("/settings/vat-rates/").status_code == 403


def test_the_picker_finds_by_code_and_words(office):
    builders.product("Filtro aria")
    builders.product("Filtro olio")
    code = Product.objects.get(name="Filtro olio").code
    assert "Filtro olio" in office.get("/products/search/?q=olio").content.decode()
    found = office.get(f"/products/search/?q={code}").content.decode()
    assert found.index("Filtro olio") >= 0
    assert office.get("/products/search/?q=%00").status_code == 200


def lines(*rows, initial=0):
    data = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        data |= {f"lines-{number}-{name}": str(value) for name, value in row.items()}
    return data


def test_a_rate_card_is_typed_as_a_table(office):
    rate = builders.vat()
    row = {"kind": "hours", "description": "Hour", "unit": "h", "price": "50", "quantity": "2", "vat_rate": rate.pk}
    card = {"name": "Standard", "currency": "EUR", "is_general": "on", "active": "on"}
    answer = office.post("/rate-cards/new/", card | lines(row, {"kind": "hours"}))
    assert answer.status_code == 302, answer.content.decode()
    made = RateCard.objects.get()
    line = made.lines.get()
    assert line.price == Decimal(50)
    page = office.get(f"/rate-cards/{made.pk}/").content.decode()
    assert "Hour" in page
    changed = card | {"version": "1"} | lines({**row, "id": line.pk, "remove": "on"}, {**row, "price": "60"}, initial=1)
    assert office.post(f"/rate-cards/{made.pk}/", changed).status_code == 302
    assert made.lines.get().price == Decimal(60)


def test_an_incomplete_line_is_told_beside_its_field(office):
    card = {"name": "Standard", "currency": "EUR", "active": "on"}
    answer = office.post("/rate-cards/new/", card | lines({"kind": "hours", "description": "Hour", "price": "x"}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "id_lines-0-unit_error" in page
    assert "id_lines-0-price_error" in page
    assert not RateCard.objects.exists()


def test_vat_rates_and_payment_terms(office):
    rate = {"name": "IVA 22%", "name_ro": "TVA 22%", "percent": "22", "country": "it", "active": "on"}
    assert office.post("/settings/vat-rates/new/", rate).status_code == 302
    made = VatRate.objects.get()
    assert (made.country, made.names) == ("IT", {"ro": "TVA 22%"})
    assert office.get(f"/settings/vat-rates/{made.pk}/").status_code == 200
    assert "IVA 22%" in office.get("/settings/vat-rates/").content.decode()
    term = {"name": "30 gg", "method": "transfer", "days": "30"}
    assert office.post("/settings/payment-terms/new/", term).status_code == 302
    assert PaymentTerm.objects.get().days == 30
    assert "30 gg" in office.get("/settings/payment-terms/").content.decode()
    assert office.post("/settings/payment-terms/new/", {**term, "days": "400"}).status_code == 422
    assert office.get("/settings/payment-terms/999999/").status_code == 404
