"""A refusal in words: the program's own are translated, what people typed stays as it is."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callout.core.errors import N_, DomainError, Word
from callout.documents.errors import NoNumberBook
from callout.documents.rules import KINDS
from callout.ui.refusals import as_json, explain, shown
from callout.workorders.rules import step


class Held(DomainError):
    """A refusal that names a customer and a status."""

    code = "held"
    what = "{customer} / {status}"


@pytest.fixture(autouse=True)
def italian():
    with translation.override("it"):
        yield


def test_a_customer_called_open_stays_open() -> None:
    assert translation.gettext("Open") == "Apri"
    told = explain(Held(customer="Open", status=N_("planned")))
    assert told.message == "Open / pianificato"
    assert told.facts == {"customer": "Open", "status": "planned"}


def test_lazy_words_are_translated() -> None:
    assert explain(Held(customer="Rossi", status=_("planned"))).message == "Rossi / pianificato"


def test_a_marked_word_is_the_same_text() -> None:
    word = N_("planned")
    assert isinstance(word, Word)
    assert (word, hash(word), {word: 1}["planned"]) == ("planned", hash("planned"), 1)
    assert N_("") == shown(N_("")) == ""


def test_words_of_rules_are_translated() -> None:
    with pytest.raises(DomainError) as refused:
        step("billed", "start", code="OL-1")
    told = explain(refused.value)
    assert "fatturato" in told.message
    assert told.remedy == translation.gettext("Cancel its invoice first.") != "Cancel its invoice first."
    book = explain(NoNumberBook(kind=KINDS["workorder"], branch="Invoice"))
    assert "Ordine di lavoro" in book.message
    assert "Invoice" in book.message


def test_dates_and_numbers_are_those_of_the_reader() -> None:
    assert shown(date(2026, 11, 23)) == "23/11/2026"
    assert shown(datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) == "23/11/2026 09:00"
    assert shown(Decimal("1234.5")) == "1234,5"


def test_the_answer_of_the_api_carries_plain_facts() -> None:
    body = as_json(Held("customer_id", customer="Open", on=date(2026, 11, 23)))
    assert body["facts"] == {"customer": "Open", "on": "2026-11-23"}
    assert body["fields"] == {"customer_id": ["Open /"]}
