"""Rows that are handed over as one JSON value arrive as Django would have written them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, transaction

from callout.audit.models import Entry
from callout.catalog.models import Product
from callout.db import rows
from callout.documents.models import Period
from tests import builders

AWKWARD = "Ünï \"quoted\" \\ 'x' {json} %s %% \n tab\t 日本 😀"


def entry(**fields):
    return Entry(
        **{
            "at": builders.MONDAY, "actor_id": None, "actor_name": AWKWARD, "action": "a", "subject_kind": "ticket",
            "subject_id": 2**40, "facts": {"deep": [1, None, True, AWKWARD]}, "request_id": "", **fields,
        }
    )  # fmt: skip


@pytest.mark.django_db
def test_rows_arrive_as_they_were(django_assert_num_queries):
    microsecond = builders.MONDAY + timedelta(microseconds=1)
    with django_assert_num_queries(1):
        rows.insert([entry(), entry(at=microsecond, facts={}, actor_id=7)])
    first, second = Entry.objects.order_by("id")
    assert (first.at, first.actor_name, first.facts["deep"][3]) == (builders.MONDAY, AWKWARD, AWKWARD)
    assert (first.actor_id, first.subject_id) == (None, 2**40)
    assert (second.at, second.actor_id, second.facts) == (microsecond, 7, {})
    assert first.pk != second.pk


@pytest.mark.django_db
def test_days_and_decimals_arrive_as_they_were():
    rows.insert([Period(branch=None, module="", starts=date(2024, 2, 29), ends=date(9999, 12, 31))])
    assert Period.objects.get(starts=date(2024, 2, 29)).ends == date(9999, 12, 31)
    values = rows.as_values(Product(price=Decimal("0.10")))
    assert '"price": "0.10"' in rows.as_json(values)


@pytest.mark.django_db
def test_what_does_not_fit_is_refused_whole():
    with pytest.raises(DataError), transaction.atomic():
        rows.insert([entry(), entry(action="x" * 61)])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([entry(), entry(action=None)])
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_nothing_to_write_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        rows.insert([])


@pytest.mark.django_db
def test_of_a_partial_row_the_rest_is_read_when_it_is_asked_for(django_assert_num_queries):
    branch = builders.branch()
    found = rows.partial(type(branch), ("name", "id"), ("Elsewhere", branch.pk))
    with django_assert_num_queries(0):
        assert (found.pk, found.name) == (branch.pk, "Elsewhere")
    with django_assert_num_queries(1):
        assert found.code == branch.code
