"""Finding a customer while somebody is on the phone."""

import pytest
from django.db.models import Q

from callout.accounts.queries import actor_for
from callout.customers import commands, queries, search
from callout.customers.models import Customer
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    builders.branch()
    return builders.actor("operator")


@pytest.fixture
def rossi(operator):
    customer = commands.create_customer(
        name="Trattoria Perù di Rossi & C.",
        code="ROS-12",
        phone="02 1234567",
        email="info@peru.example",
        sites=[{"address": "Via dell'Università 5", "city": "Milano", "postal_code": "20122"}],
        contacts=[{"name": "Żaneta Ștefănescu", "mobile": "+40 721 555 777"}],
        actor=operator,
        now=MONDAY,
    )
    product = builders.product("Boiler")
    commands.add_asset(customer_id=customer.pk, product=product, serial="SN-4711/B", actor=operator, now=MONDAY)
    return customer


@pytest.fixture
def others(operator):
    for number in range(30):
        commands.create_customer(name=f"Other Company {number}", phone=f"06 9{number:06}", actor=operator, now=MONDAY)


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("021234567", "phone"),
        ("02 12 34 567", "phone"),
        ("+39 02 1234567", "phone"),
        ("0039021234567", "phone"),
        ("(02) 1234-567", "phone"),
        ("1234567", "phone"),
        ("0721 555777", "phone"),
        ("0040721555777", "phone"),
        ("peru", "name"),
        ("PERÙ", "name"),
        ("ross", "name"),
        ("attori", "name"),
        ("rossi trattoria", "name"),
        ("ros-12", "code"),
        ("ROS12", "code"),
        ("stefanescu", "contact"),
        ("zaneta stef", "contact"),
        ("sn4711", "serial"),
        ("SN 4711-b", "serial"),
        ("4711", "serial"),
        ("info@peru", "email"),
        ("universita 5", "address"),
        ("via dell'univ", "address"),
        ("20122", "address"),
    ],
)
def test_a_customer_is_found_and_the_result_says_why(operator, rossi, others, term, kind):
    hits = search.find(term, actor=operator)
    assert [hit.customer_id for hit in hits] == [rossi.pk]
    assert (hits[0].kind, hits[0].place) == (kind, "Milano")
    assert hits[0].matched


def test_words_that_stand_in_different_places_find_too(operator, rossi, others):
    assert [hit.customer_id for hit in search.find("trattoria milano", actor=operator)] == [rossi.pk]
    assert search.find("trattoria torino", actor=operator) == []


@pytest.mark.parametrize("term", ["", "   ", "...", "()", "zzzz", "%", "_", "a\\%", "'; --", "\u200b"])
def test_what_means_nothing_finds_nothing(operator, rossi, term):
    assert search.find(term, actor=operator) == []


def test_equal_comes_before_beginning_before_inside(operator):
    def make(name):
        return commands.create_customer(name=name, actor=operator, now=MONDAY).name

    names = [make("Bar Marone"), make("Grande Marone Srl"), make("Maronesi"), make("Marone"), make("Calmarone")]
    assert [hit.name for hit in search.find("marone", actor=operator)] == [
        "Marone", "Maronesi", "Bar Marone", "Grande Marone Srl", "Calmarone",
    ]  # fmt: skip
    assert len(names) == 5


def test_customers_that_are_no_longer_active_come_after_equals(operator):
    old = commands.create_customer(name="Marone", actor=operator, now=MONDAY)
    commands.change_customer(customer_id=old.pk, active=False, actor=operator, now=MONDAY)
    new = commands.create_customer(name="Marone", actor=operator, now=MONDAY)
    assert [hit.customer_id for hit in search.find("marone", actor=operator)] == [new.pk, old.pk]
    assert [hit.active for hit in search.find("marone", actor=operator)] == [True, False]


def test_no_more_than_the_limit(operator, others):
    assert len(search.find("other", actor=operator, limit=7)) == 7
    assert len(search.find("company", actor=operator, limit=7)) == 7


def test_a_changed_name_or_number_is_found_and_the_old_one_is_not(operator, rossi):
    commands.change_customer(
        customer_id=rossi.pk, name="Pizzeria Bella", phone="06 5555555", actor=operator, now=MONDAY
    )
    assert search.find("trattoria", actor=operator) == []
    assert search.find("021234567", actor=operator) == []
    assert [hit.customer_id for hit in search.find("06/5555555", actor=operator)] == [rossi.pk]


def test_people_of_a_branch_find_their_own_customers(operator, rossi):
    elsewhere = builders.user("operator")
    elsewhere.branches.add(builders.branch(code="ELSE"))
    assert search.find("trattoria", actor=actor_for(elsewhere)) == []
    assert search.find("021234567", actor=actor_for(elsewhere)) == []
    assert search.find("trattoria milano", actor=actor_for(elsewhere)) == []


def test_technicians_find_nobody_unless_another_app_lets_them(operator, rossi):
    technician = builders.actor("technician")
    assert search.find("trattoria", actor=technician) == []
    registered = list(queries._scopes)
    try:
        queries.register_scope(lambda actor: Q(pk=rossi.pk) if actor.user_id == technician.user_id else None)
        assert [hit.customer_id for hit in search.find("trattoria", actor=technician)] == [rossi.pk]
        assert list(queries.sites_visible_to(technician)) == list(rossi.sites.all())
        assert queries.visible_to(builders.actor("technician")).count() == 0
    finally:
        queries._scopes[:] = registered


def test_few_statements(operator, rossi, others, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert search.find("trattoria", actor=operator)
    assert Customer.objects.count() > 30
