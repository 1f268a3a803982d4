"""The search reads indexes, never the whole table, and every step of it is bounded."""

import json

import pytest

from callout.accounts.queries import actor_for
from callout.customers import search
from callout.customers.models import Customer, SearchKey, Site
from tests import builders
from tests.customers import bulk

CUSTOMERS = 6_000


@pytest.fixture
def many(db):
    bulk.load(CUSTOMERS, builders.branch())


def nodes(plan: dict):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def indexes(plan: dict) -> set[str]:
    """The indexes that a plan reads; a table read from end to end counts as one called so."""
    names = {node.get("Index Name", "") for node in nodes(plan)} - {""}
    return names | {"the whole table" for node in nodes(plan) if node["Node Type"] == "Seq Scan"}


def plans_of(found, actor):
    explained = (rows.explain(format="json", analyze=True) for rows in search.bounded(found, actor))
    return [json.loads(plan)[0]["Plan"] for plan in explained]


BEGINNINGS = ("rossi47", "02 1234567", "marin", "C000047", "zoe", "via dante 12", "sn55", "a")
INSIDES = ("ossi47", "1234567", "nardino ros", "ferrari488 snc", "55123", "zoë mancini", "xyzzy")
FREQUENT = ("rossi", "srl", "mil", "ro", "a", "338", "via", "imp srl")


def test_each_step_reads_its_index_and_no_more_than_it_can_show(many):
    assert SearchKey.objects.count() > 40_000
    actor = builders.actor("operator")
    for term in BEGINNINGS:
        for plan in plans_of(search.beginning_with(search.Term.of(term)), actor):
            assert indexes(plan) == {"search_folded"}, term
    for term in INSIDES:
        for plan in plans_of(search.holding(search.Term.of(term)), actor):
            assert indexes(plan) == {"search_grams"}, term
    for term in FREQUENT:
        wanted = search.Term.of(term)
        for plan in plans_of([*search.beginning_with(wanted), *search.holding(wanted)], actor):
            assert plan["Node Type"] == "Limit"
            assert plan["Actual Rows"] <= search.PER_STEP


def test_somebody_of_a_branch_reads_no_table_from_end_to_end_and_finds_only_the_own_customers(many):
    mine = builders.branch()
    own = list(Customer.objects.filter(folded__contains="rossi").values_list("pk", flat=True)[5:8])
    Site.objects.filter(customer__in=own).update(branch=mine)
    person = builders.user("operator")
    person.branches.add(mine)
    actor = actor_for(person)
    for term in ("rossi", "srl", "mil"):
        wanted = search.Term.of(term)
        for plan in plans_of([*search.beginning_with(wanted), *search.holding(wanted)], actor):
            assert plan["Actual Rows"] <= search.PER_STEP
            assert "the whole table" not in indexes(plan), term
    assert {hit.customer_id for hit in search.find("rossi", actor=actor, limit=20)} == set(own)


def test_a_customer_among_thousands_is_found_by_everything(many):
    actor = builders.actor("operator")
    (pk, code, name, phone, tax, _), keys = list(bulk.rows(4_321))[-1]
    contact = next(key.shown for key in keys if key.kind == "contact")
    for term in (code, name, phone, phone[3:], tax, f"{contact} {name.split()[1]}"):
        assert pk in [hit.customer_id for hit in search.find(term, actor=actor, limit=20)], term
