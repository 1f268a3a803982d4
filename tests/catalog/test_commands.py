"""What is written when products, tax, terms and rate cards are added and changed."""

from datetime import date
from decimal import Decimal

import pytest

from callout.audit.models import Entry
from callout.catalog import commands, queries
from callout.catalog.errors import AlreadyTaken, CurrencyInUse, EndBeforeStart, OutOfRange, UnknownLine
from callout.catalog.models import LineKind, Product
from callout.core.errors import Forbidden, Many, StaleVersion
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return builders.actor("sales_office")


def line(**values):
    return {
        "kind": LineKind.HOURS, "description": "Technician", "unit": "h", "price": Decimal("50"),
        "vat_rate": values.pop("vat_rate", None) or builders.vat(), **values,
    }  # fmt: skip


def test_a_product_is_kept_with_its_folded_name(office):
    product = commands.create_product(
        code="F-1",
        name="  Filtro  però ",
        names={"ro": "Filtru", "it": ""},
        price=Decimal("9.5"),
        actor=office,
        now=MONDAY,
    )
    product.refresh_from_db()
    assert (product.name, product.folded, product.names) == ("Filtro però", "filtro pero", {"ro": "Filtru"})
    assert (product.price, product.kind, product.unit, product.version) == (Decimal("9.50"), "part", "pc", 1)
    assert Entry.objects.get(action="product.created").facts["code"] == "F-1"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("price", Decimal("1.005"), "too_precise"),
        ("price", Decimal("-1"), "out_of_range"),
        ("price", Decimal("NaN"), "not_a_number"),
        ("price", Decimal("1e30"), "out_of_range"),
        ("price", 1.5, "not_a_number"),
        ("name", "a\0", "bad_characters"),
        ("name", "x" * 121, "too_long"),
        ("name", "\u200b", "missing"),
        ("kind", "toy", "unknown_choice"),
        ("active", "yes", "not_yes_or_no"),
        ("vat_rate", 7, "unknown_reference"),
        ("names", {"de": "x"}, "invalid"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(office, field, value, code):
    with pytest.raises(Many) as refused:
        commands.create_product(**{"code": "A", "name": "A", field: value}, actor=office, now=MONDAY)
    assert [(part.field, part.code) for part in refused.value.errors] == [(field, code)]
    assert not Product.objects.exists()


def test_two_products_cannot_share_a_code(office):
    commands.create_product(code="A", name="A", actor=office, now=MONDAY)
    other = commands.create_product(code="B", name="B", actor=office, now=MONDAY)
    with pytest.raises(AlreadyTaken):
        commands.change_product(product_id=other.pk, code="A", actor=office, now=MONDAY)


def test_equal_values_write_nothing_and_old_pages_are_refused(office):
    product = commands.create_product(code="A", name="A", price=Decimal(5), actor=office, now=MONDAY)
    same = commands.change_product(product_id=product.pk, price=Decimal("5.00"), actor=office, now=MONDAY)
    assert same.version == 1
    commands.change_product(product_id=product.pk, price=Decimal(6), version=1, actor=office, now=MONDAY)
    with pytest.raises(StaleVersion):
        commands.change_product(product_id=product.pk, price=Decimal(7), version=1, actor=office, now=MONDAY)
    assert Entry.objects.get(action="product.changed").facts["changes"] == {"price": ["5.00", "6.00"]}


def test_writing_needs_the_right():
    for write in (
        commands.create_product,
        commands.save_vat_rate,
        commands.save_payment_term,
        commands.create_rate_card,
    ):
        with pytest.raises(Forbidden):
            write(actor=builders.actor("operator"), now=MONDAY, name="A")


def test_vat_rates_and_payment_terms_stay_within_reason(office):
    with pytest.raises(OutOfRange):
        commands.save_vat_rate(name="x", percent=Decimal(101), country="IT", actor=office, now=MONDAY)
    with pytest.raises(Many) as refused:
        commands.save_vat_rate(name="x", percent=Decimal(20), country="XX", actor=office, now=MONDAY)
    assert refused.value.errors[0].code == "unknown_country"
    with pytest.raises(OutOfRange):
        commands.save_payment_term(name="x", days=366, actor=office, now=MONDAY)
    rate = commands.save_vat_rate(
        name="Zero", percent=Decimal(0), country="it", reason="art. 8", actor=office, now=MONDAY
    )
    assert (rate.country, rate.reason) == ("IT", "art. 8")
    changed = commands.save_vat_rate(vat_rate_id=rate.pk, reason="art. 9", actor=office, now=MONDAY)
    assert changed.reason == "art. 9"


def test_the_lines_of_a_rate_card_are_changed_added_and_taken_away(office):
    rate = builders.vat()
    card = commands.create_rate_card(
        name="Standard", currency="eur", actor=office, now=MONDAY,
        lines=[line(vat_rate=rate), line(vat_rate=rate, description="Call-out", kind=LineKind.FIXED)],
    )  # fmt: skip
    first, second = queries.lines_of(card)
    assert (card.currency, first.position, second.position) == ("EUR", 1, 2)
    commands.change_rate_card(
        rate_card_id=card.pk, version=1, actor=office, now=MONDAY,
        lines=[
            line(vat_rate=rate, description="Kilometre", kind=LineKind.TRAVEL, unit="km", price=Decimal("0.80")),
            line(vat_rate=rate, id=first.pk, price=Decimal("55")),
        ],
    )  # fmt: skip
    kept = [(row.pk, row.description, row.price) for row in queries.lines_of(card)]
    assert [row[1:] for row in kept] == [("Kilometre", Decimal("0.80")), ("Technician", Decimal("55.00"))]
    assert kept[1][0] == first.pk
    with pytest.raises(UnknownLine):
        commands.change_rate_card(
            rate_card_id=card.pk, lines=[line(vat_rate=rate, id=second.pk)], actor=office, now=MONDAY
        )
    with pytest.raises(CurrencyInUse):
        commands.change_rate_card(rate_card_id=card.pk, currency="RON", actor=office, now=MONDAY)


def test_a_refused_line_says_which_one(office):
    with pytest.raises(Many) as refused:
        commands.create_rate_card(
            name="Standard", currency="EUR", actor=office, now=MONDAY, lines=[line(), line(price=Decimal(-1), unit="")]
        )
    assert {part.field for part in refused.value.errors} == {"lines.1.unit"}
    with pytest.raises(EndBeforeStart):
        commands.create_rate_card(
            name="A", currency="EUR", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1), actor=office, now=MONDAY
        )
