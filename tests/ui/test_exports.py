"""Lists as files: what is shown and nothing else, harmless in a spreadsheet."""

import io
from datetime import datetime

import openpyxl
import pytest
from django.utils import timezone, translation

from callout.customers.models import Customer
from callout.ui import exports
from callout.ui.lists import Column
from tests import builders
from tests.ui.support import Customers, answer

pytestmark = pytest.mark.django_db


class Amounts(Customers):
    columns = [
        *Customers.columns,
        Column("amount", "Amount", value=lambda row: (row.version * 10, "EUR"), kind="money"),
    ]


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"), timezone.override("Europe/Rome"):
        yield


def test_a_file_holds_the_columns_and_rows_that_are_shown():
    builders.customer("Anna", priority=3)
    builders.customer("Bruno", priority=1)
    builders.customer("Carla", priority=3)
    response = answer("?priority=3&cols=name,priority&sort=-name&export=csv")
    assert body(response).decode("utf-8-sig") == "Name,Priority\r\nCarla,high\r\nAnna,high\r\n"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="Customers ')


def test_the_language_of_the_file_is_the_reader_s_though_it_is_sent_later():
    builders.customer("Anna", priority=3)
    with translation.override("it"):
        response = answer("?cols=name,active&export=csv")
        label = translation.gettext("yes")
    with translation.override("ro"):
        assert label in body(response).decode()


@pytest.mark.parametrize("name", ["=1+1", "+39", "-2", "@SUM(A1)", "\t=1", " =cmd"])
def test_cells_that_a_spreadsheet_would_run_are_neutralised(name):
    builders.customer(name)
    text = body(answer("?cols=name&export=csv")).decode("utf-8-sig").splitlines()[1]
    assert text.strip('"').startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(body(answer("?cols=name&export=xlsx"))))
    assert book.active["A2"].value == "'" + name
    assert book.active["A2"].data_type == "s"


def test_numbers_dates_and_amounts_stay_what_they_are():
    builders.customer("Anna", version=12)
    book = openpyxl.load_workbook(io.BytesIO(body(answer("?cols=version,created,amount&export=xlsx", Amounts))))
    values = [cell.value for cell in book.active[2]]
    assert values == [12, datetime.fromisoformat("2026-11-23T08:00"), 120]


def test_a_list_that_is_too_long_for_a_file_says_what_to_do():
    made = [
        Customer(code=f"T{number}", name="x", folded="x", currency="EUR", created_at=builders.MONDAY)
        for number in range(exports.LIMITS["pdf"] + 1)
    ]
    Customer.objects.bulk_create(made)
    with pytest.raises(exports.TooManyRows) as refused:
        answer("?export=pdf")
    assert refused.value.facts["limit"] == 2_000


def test_paper_is_made_by_whoever_registered_for_it():
    builders.customer("Anna", version=3)
    kept = exports._renderers.copy()
    exports.register_renderer(
        "pdf", lambda template, context, *, language: repr((template, language, context)).encode()
    )
    try:
        text = body(answer("?cols=name,amount&q=an&export=pdf", Amounts)).decode()
    finally:
        exports._renderers.clear()
        exports._renderers.update(kept)
    assert "'ui/list_pdf.html', 'en'" in text
    assert "'text': 'Anna'" in text
    assert "'text': '€30.00'" in text
    assert "'Search': 'an'" in text


def test_without_a_renderer_the_refusal_names_the_way_out():
    builders.customer("Anna")
    kept = exports._renderers.copy()
    exports._renderers.clear()
    try:
        with pytest.raises(exports.NoRenderer):
            answer("?export=pdf")
    finally:
        exports._renderers.update(kept)
