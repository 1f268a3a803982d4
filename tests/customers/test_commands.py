"""What is written when customers and what belongs to them are added and changed."""

from datetime import date
from decimal import Decimal

import pytest

from callout.accounts.actor import SYSTEM
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.catalog.errors import AlreadyTaken, EndBeforeStart
from callout.core.errors import Forbidden, Many, NotFound, StaleVersion
from callout.customers import commands
from callout.customers.errors import InUse, MainSiteStays, SerialTaken, SiteOfAnother
from callout.customers.models import Customer, SearchKey, Site
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def milan():
    return builders.branch()


@pytest.fixture
def operator(milan):
    return builders.actor("operator")


def fields_of(error: Many) -> set[str]:
    return {part.field for part in error.errors}


def test_a_customer_comes_with_sites_contacts_keys_and_history(operator, milan):
    customer = commands.create_customer(
        name="  Caffè   Rossi ",
        phone="02 1234567",
        sites=[{"address": "Via Roma 1", "city": "Milano", "country": "IT"}],
        contacts=[{"name": "Anna Bianchi", "mobile": "333 1234567"}],
        actor=operator,
        now=MONDAY,
    )
    assert customer.name == "Caffè Rossi"
    assert customer.folded == "caffe rossi"
    assert customer.code.startswith("C0")
    assert customer.phone == "+39021234567"
    assert (customer.currency, customer.language) == ("EUR", "it")
    site = customer.sites.get()
    assert (site.is_main, site.time_zone, site.branch, site.name) == (True, "Europe/Rome", milan, "Milano")
    assert customer.contacts.get().mobile == "+393331234567"
    kinds = set(SearchKey.objects.filter(customer=customer).values_list("kind", flat=True))
    assert kinds == {"name", "code", "phone", "address", "contact"}
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"customer.created", "site.created", "contact.created"} <= actions


def test_codes_follow_one_another_and_step_over_those_that_came_from_elsewhere(operator):
    first = commands.create_customer(name="One", actor=operator, now=MONDAY)
    number = int(first.code[1:])
    builders.customer().__class__.objects.filter(name="Rossi Impianti").update(code=f"C{number + 1:06d}")
    second = commands.create_customer(name="Two", actor=operator, now=MONDAY)
    assert second.code == f"C{number + 2:06d}"


def test_every_wrong_value_is_told_at_its_field_and_nothing_is_written(operator):
    with pytest.raises(Many) as refused:
        commands.create_customer(
            name="",
            email="not an address",
            currency="XXY",
            sites=[{"country": "ZZ"}, {"country": "IT", "time_zone": "Europe/Nowhere"}],
            contacts=[{"name": "", "email": "x@"}],
            actor=operator,
            now=MONDAY,
        )
    assert fields_of(refused.value) >= {
        "name", "email", "currency", "sites.0.country", "sites.1.time_zone", "contacts.0.name", "contacts.0.email",
    }  # fmt: skip
    assert not Customer.objects.exists()
    assert not Entry.objects.filter(subject_kind="customer").exists()


def test_nul_and_long_texts_are_refused(operator):
    with pytest.raises(Many) as refused:
        commands.create_customer(name="a\0b", notes="x" * 20_001, code="y" * 21, actor=operator, now=MONDAY)
    assert {part.code for part in refused.value.errors} == {"bad_characters", "too_long"}
    assert fields_of(refused.value) == {"name", "notes", "code"}


def test_a_code_or_external_id_belongs_to_one_customer(operator):
    commands.create_customer(name="One", code="ONE", external_id="x1", actor=operator, now=MONDAY)
    with pytest.raises(AlreadyTaken) as refused:
        commands.create_customer(name="Two", code="ONE", actor=operator, now=MONDAY)
    assert refused.value.field == "code"
    with pytest.raises(AlreadyTaken) as refused:
        commands.create_customer(name="Two", external_id="x1", actor=operator, now=MONDAY)
    assert refused.value.field == "external_id"


def test_changing_tells_what_changed_and_renews_the_keys(operator):
    customer = commands.create_customer(name="One", phone="02 1234567", actor=operator, now=MONDAY)
    changed = commands.change_customer(
        customer_id=customer.pk, name="Uno", phone="", version=1, actor=operator, now=MONDAY
    )
    assert (changed.name, changed.phone, changed.version) == ("Uno", "", 2)
    entry = Entry.objects.get(action="customer.changed")
    assert entry.facts["changes"] == {"name": ["One", "Uno"], "phone": ["+39021234567", ""]}
    assert set(SearchKey.objects.filter(customer=customer).values_list("folded", flat=True)) == {
        "uno", customer.code.lower(),
    }  # fmt: skip


def test_equal_values_change_nothing(operator):
    customer = commands.create_customer(name="One", phone="02 1234567", actor=operator, now=MONDAY)
    same = commands.change_customer(
        customer_id=customer.pk, name="One", phone="(02) 123-4567", actor=operator, now=MONDAY
    )
    assert same.version == 1
    assert not Entry.objects.filter(action="customer.changed").exists()


def test_an_old_page_is_refused(operator):
    customer = commands.create_customer(name="One", actor=operator, now=MONDAY)
    commands.change_customer(customer_id=customer.pk, name="Uno", version=1, actor=operator, now=MONDAY)
    with pytest.raises(StaleVersion):
        commands.change_customer(customer_id=customer.pk, name="Eins", version=1, actor=operator, now=MONDAY)


def test_writing_needs_the_right_and_the_scope(operator, milan):
    customer = commands.create_customer(name="One", sites=[{"city": "Milano"}], actor=operator, now=MONDAY)
    with pytest.raises(Forbidden):
        commands.create_customer(name="Two", actor=builders.actor("agent"), now=MONDAY)
    rome = builders.branch(code="ROM")
    person = builders.user("operator")
    person.branches.add(rome)
    roman = actor_for(person)
    with pytest.raises(NotFound):
        commands.change_customer(customer_id=customer.pk, name="Mine", actor=roman, now=MONDAY)
    with pytest.raises(Many) as refused:
        commands.create_customer(name="Two", sites=[{"city": "Milano", "branch": milan}], actor=roman, now=MONDAY)
    assert fields_of(refused.value) == {"sites.0.branch"}


def test_one_site_is_the_main_one(operator):
    customer = commands.create_customer(name="One", sites=[{"name": "A"}], actor=operator, now=MONDAY)
    first = customer.sites.get()
    second = commands.add_site(customer_id=customer.pk, name="B", is_main=True, actor=operator, now=MONDAY)
    first.refresh_from_db()
    assert (first.is_main, second.is_main, first.version) == (False, True, 2)
    with pytest.raises(MainSiteStays):
        commands.change_site(site_id=second.pk, is_main=False, actor=operator, now=MONDAY)


@pytest.mark.parametrize(
    ("latitude", "longitude", "codes"),
    [
        (Decimal("45.4642035"), None, {"half_coordinates"}),
        (Decimal("91"), Decimal("9"), {"coordinate_out_of_range"}),
        (Decimal("45"), Decimal("-180.1"), {"coordinate_out_of_range"}),
        (Decimal("NaN"), Decimal("9"), {"not_a_number"}),
    ],
)
def test_coordinates_are_a_point_on_earth(operator, latitude, longitude, codes):
    with pytest.raises(Many) as refused:
        commands.create_customer(
            name="One", sites=[{"latitude": latitude, "longitude": longitude}], actor=operator, now=MONDAY
        )
    assert {part.code for part in refused.value.errors} == codes


def test_coordinates_are_kept_to_eleven_centimetres(operator):
    customer = commands.create_customer(name="One", actor=operator, now=MONDAY)
    site = commands.add_site(
        customer_id=customer.pk, latitude=Decimal("40.690092327843345"), longitude=Decimal("-73.84642755940943"),
        actor=operator, now=MONDAY,
    )  # fmt: skip
    site.refresh_from_db()
    assert (site.latitude, site.longitude) == (Decimal("40.690092"), Decimal("-73.846428"))


@pytest.mark.parametrize(
    ("country", "zone"),
    [("IT", "Europe/Rome"), ("RO", "Europe/Bucharest"), ("US", "America/New_York"), ("", "Europe/Rome")],
)
def test_a_site_keeps_the_time_of_its_country(operator, country, zone):
    customer = commands.create_customer(name="One", sites=[{"country": country}], actor=operator, now=MONDAY)
    assert customer.sites.get().time_zone == zone


def test_a_site_in_use_stays(operator):
    customer = commands.create_customer(name="One", sites=[{"name": "A"}, {"name": "B"}], actor=operator, now=MONDAY)
    site = Site.objects.get(name="B")
    asset = commands.add_asset(
        customer_id=customer.pk, site=site, product=builders.product(), serial="S1", actor=operator, now=MONDAY
    )
    with pytest.raises(InUse):
        commands.remove_site(site_id=site.pk, actor=operator, now=MONDAY)
    assert SearchKey.objects.filter(source="site", source_id=site.pk).exists()
    commands.change_asset(asset_id=asset.pk, site=Site.objects.get(name="A"), actor=operator, now=MONDAY)
    commands.remove_site(site_id=site.pk, actor=operator, now=MONDAY)
    assert not SearchKey.objects.filter(source="site", source_id=site.pk).exists()


def test_a_serial_number_of_a_product_stands_once(operator):
    product = builders.product("Boiler")
    one = commands.create_customer(name="One", sites=[{"name": "A"}], actor=operator, now=MONDAY)
    two = commands.create_customer(name="Two", sites=[{"name": "A"}], actor=operator, now=MONDAY)
    asset = commands.add_asset(customer_id=one.pk, product=product, serial="SN-1", actor=operator, now=MONDAY)
    assert asset.site == one.sites.get()
    with pytest.raises(SerialTaken) as refused:
        commands.add_asset(customer_id=two.pk, product=product, serial="SN-1", actor=operator, now=MONDAY)
    assert refused.value.facts["customer"] == "One"
    with pytest.raises(SiteOfAnother):
        commands.change_asset(asset_id=asset.pk, site=two.sites.get(), actor=operator, now=MONDAY)


def test_contracts_get_a_code_and_cover_the_customers_assets(operator):
    customer = commands.create_customer(name="One", code="ONE", sites=[{"name": "A"}], actor=operator, now=MONDAY)
    asset = commands.add_asset(
        customer_id=customer.pk, product=builders.product(), serial="S1", actor=operator, now=MONDAY
    )
    contract = commands.add_contract(
        customer_id=customer.pk, starts=date(2026, 1, 1), assets=[asset], actor=operator, now=MONDAY
    )
    assert contract.code == "ONE-1"
    assert list(contract.assets.all()) == [asset]
    with pytest.raises(EndBeforeStart):
        commands.change_contract(contract_id=contract.pk, ends=date(2025, 1, 1), actor=operator, now=MONDAY)
    second = commands.add_contract(customer_id=customer.pk, starts=date(2027, 1, 1), actor=operator, now=MONDAY)
    assert second.code == "ONE-2"


def test_a_removed_contact_is_not_found_any_more(operator):
    customer = commands.create_customer(name="One", contacts=[{"name": "Anna"}], actor=operator, now=MONDAY)
    contact = customer.contacts.get()
    commands.remove_contact(contact_id=contact.pk, actor=operator, now=MONDAY)
    assert not customer.contacts.exists()
    assert not SearchKey.objects.filter(kind="contact").exists()


def test_the_system_itself_may_write(milan):
    assert commands.create_customer(name="One", actor=SYSTEM, now=MONDAY).pk


def test_a_field_that_does_not_exist_is_a_mistake_of_the_program(operator):
    with pytest.raises(TypeError):
        commands.create_customer(name="One", colour="red", actor=operator, now=MONDAY)


def test_a_place_is_made_once(operator):
    given = {
        "customer_external_id": "c1", "customer_name": "12 Main Street", "site_external_id": "s1",
        "site_name": "12 Main Street", "site": {"address": "12 Main Street", "country": "US"}, "actor": operator,
        "now": MONDAY,
    }  # fmt: skip
    first = commands.ensure_place(**given)
    assert commands.ensure_place(**given) == first
    assert first.is_main
    other = commands.ensure_place(**{**given, "site_external_id": "s2"})
    assert other.customer == first.customer
    by_name = commands.ensure_place(customer_name="12 main  street", actor=operator, now=MONDAY)
    assert by_name == first
