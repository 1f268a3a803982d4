"""The search reads indexes, never the whole table, and every step of it is bounded."""

import json

import pytest
from django.db import connection

from callout.accounts.models import Branch
from callout.accounts.queries import actor_for
from callout.customers import keys, search
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


def plan_of(rows):
    return json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]


def plan_of_own(found, actor, reach=search.NEAR):
    statement, values = search.own_rows(found, actor, reach)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, values)
        ((plan,),) = cursor.fetchall()
    return plan[0]["Plan"]


def executed(plan: dict, index: str) -> bool:
    """Whether the index was read, and not only planned to be."""
    return any(node.get("Index Name") == index and node["Actual Loops"] for node in nodes(plan))


def person_of(branch):
    person = builders.user("operator")
    person.branches.add(branch)
    return actor_for(person)


def name_them(customers, name):
    """Give customers one more key each, written after all others."""
    key = keys.customer_keys(code="", name=name)[0]
    SearchKey.objects.bulk_create(
        SearchKey(
            customer_id=pk, source="customer", source_id=pk, kind=key.kind, shown=key.shown, folded=key.folded,
            grams=key.grams,
        )
        for pk in customers
    )  # fmt: skip


BEGINNINGS = ("rossi47", "02 1234567", "marin", "C000047", "zoe", "via dante 12", "sn55", "a")
INSIDES = ("ossi47", "1234567", "nardino ros", "ferrari488 snc", "55123", "zoë mancini", "xyzzy")
FREQUENT = ("rossi", "srl", "mil", "ro", "a", "338", "via", "imp srl")


def test_each_step_reads_its_index_and_no_more_than_it_can_show(many):
    assert SearchKey.objects.count() > 40_000
    for term in BEGINNINGS:
        for rows in search.beginning_with(search.Term.of(term)):
            assert indexes(plan_of(search.joined([rows], search.PER_STEP))) == {"search_folded"}, term
    for term in INSIDES:
        for rows in search.holding(search.Term.of(term)):
            assert indexes(plan_of(search.joined([rows], search.PER_STEP))) == {"search_grams"}, term
    for term in FREQUENT:
        wanted = search.Term.of(term)
        for rows in (*search.beginning_with(wanted), *search.holding(wanted)):
            plan = plan_of(search.joined([rows], search.PER_STEP))
            assert plan["Node Type"] == "Limit"
            assert plan["Actual Rows"] <= search.PER_STEP


def own_steps(term, actor):
    wanted = search.Term.of(term)
    own = search.of_own(wanted, actor, search.NEAR.customers)
    return [*search.beginning_with(wanted), *own, *search.holding(wanted)]


def test_somebody_of_a_branch_reads_no_table_from_end_to_end_and_finds_only_the_own_customers(many):
    mine = builders.branch()
    own = list(Customer.objects.filter(folded__contains="rossi").values_list("pk", flat=True)[5:8])
    Site.objects.filter(customer__in=own).update(branch=mine)
    actor = person_of(mine)
    for term in ("rossi", "srl", "mil", "imp s"):
        found = own_steps(term, actor)
        plan = plan_of_own(found, actor)
        assert "the whole table" not in indexes(plan), term
        steps = next(node for node in nodes(plan) if node["Node Type"] == "Append")["Plans"]
        assert len(steps) == len(found), term
        assert max(step["Actual Rows"] for step in steps) <= search.NEAR.rows, term
        assert plan["Actual Rows"] <= search.NEAR.enough, term
    assert {hit.customer_id for hit in search.find("rossi", actor=actor, limit=20)} == set(own)


def test_somebody_of_a_large_branch_reads_on_only_until_there_is_enough(many):
    actor = person_of(Branch.objects.get())
    plan = plan_of_own(own_steps("via", actor), actor)
    assert plan["Actual Rows"] == search.NEAR.enough
    assert executed(plan, "search_folded")
    assert not executed(plan, "search_grams")


def test_own_customers_are_found_behind_thousands_of_others_with_the_same_word(many):
    mine = builders.branch()
    Site.objects.filter(customer__in=[5_998, 5_999]).update(branch=mine)
    name_them([*range(1, search.FAR.rows + 100), 5_999], "Sorelle Quarantotto")
    for term in ("quarantotto", "sorelle quar", "sorelle q"):
        assert [hit.customer_id for hit in search.find(term, actor=person_of(mine))] == [5_999], term


def test_what_lies_behind_the_first_rows_is_found_for_somebody_of_a_branch(many):
    mine = builders.branch()
    own = range(3_000, 3_000 + search.FAR.customers + 10)
    Site.objects.filter(customer__in=own).update(branch=mine)
    name_them([*range(1, 1_000), own[-1]], "Sorelle Quarantotto")
    actor = person_of(mine)
    assert plan_of_own(own_steps("quarantotto", actor), actor)["Actual Rows"] == 0
    assert [hit.customer_id for hit in search.find("quarantotto", actor=actor)] == [own[-1]]
    assert [hit.customer_id for hit in search.find("sorelle quar", actor=actor)] == [own[-1]]


def test_words_in_different_rows_are_compared_row_by_row_and_no_further_than_needed(many):
    parts = ["cantina", "milano", "mario"]
    for actor in (builders.actor("operator"), person_of(Branch.objects.get())):
        for word in parts[:2]:
            plan = plan_of(search.beside(word, parts, actor)[:50])
            assert plan["Actual Rows"] == 50, word
            assert "the whole table" not in indexes(plan), word
            scans = [node for node in nodes(plan) if node["Node Type"] == "Bitmap Heap Scan"]
            assert [node["Actual Rows"] for node in scans] == [50], word


def test_a_rare_word_beside_a_frequent_one_finds(many):
    pk = CUSTOMERS - 1
    city = Site.objects.get(customer=pk).city
    name_them([pk], "Quisquilie Zanzibar")
    actor = builders.actor("operator")
    for term in (f"quisquilie {city}", f"{city} zanzibar", f"zanz sede {city}"):
        assert [hit.customer_id for hit in search.find(term, actor=actor)] == [pk], term
    assert search.find("quisquilie timbuktu", actor=actor) == []
    assert search.find(f"{city} timbuktu", actor=actor) == []


def test_two_frequent_words_find_the_one_customer_that_has_both(many):
    name_them(range(1, 1_200), "Quarantotto")
    name_them(range(1_500, 2_700), "Sessantadue")
    name_them([4_000], "Quarantotto")
    name_them([4_000], "Sessantadue")
    everything, branch = builders.actor("operator"), person_of(Branch.objects.get())
    for actor in (everything, branch):
        assert [hit.customer_id for hit in search.find("quarantotto sessantadue", actor=actor)] == [4_000]
    assert search.find("quarantotto sessantadue", actor=person_of(builders.branch())) == []


def test_a_customer_among_thousands_is_found_by_everything(many):
    actor = builders.actor("operator")
    (pk, code, name, phone, tax, _), keys = list(bulk.rows(4_321))[-1]
    contact = next(key.shown for key in keys if key.kind == "contact")
    for term in (code, name, phone, phone[3:], tax, f"{contact} {name.split()[1]}"):
        assert pk in [hit.customer_id for hit in search.find(term, actor=actor, limit=20)], term
