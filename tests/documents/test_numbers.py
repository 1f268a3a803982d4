"""Numbers of documents have no gap and no double, under rollback and under racing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections, transaction

from callout.audit.models import Entry
from callout.core.errors import Forbidden
from callout.core.numbering import BadFormat
from callout.documents import commands
from callout.documents.errors import DefaultTaken, NoNumberBook, SeriesTaken
from callout.documents.models import NumberBook
from tests import builders

DAY = date(2026, 11, 23)


def take(branch, **fields):
    return commands.take_number(kind="ticket", branch=branch, on=DAY, **fields)


def new_book(**fields):
    fields = {
        "kind": "ticket", "branch": None, "series": "X", "number_format": "{series}{year}-{number:04}",
        "next_number": 1, "is_default": True, "actor": builders.actor("administrator"), "now": builders.MONDAY,
        **fields,
    }  # fmt: skip
    return commands.create_number_book(**fields)


@pytest.mark.django_db
def test_numbers_follow_each_other():
    branch = builders.branch()
    first, second = take(branch), take(branch)
    assert (first.number, second.number) == (1, 2)
    assert first.code == f"{first.series}-00001"


@pytest.mark.django_db
def test_a_rolled_back_document_gives_its_number_back():
    branch = builders.branch()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert take(branch).number == 1
        raise ZeroDivisionError
    assert take(branch).number == 1


@pytest.mark.django_db(transaction=True)
def test_racing_documents_get_every_number_once_though_some_are_rolled_back():
    branch = builders.branch()

    def post(turn: int) -> int | None:
        try:
            with transaction.atomic():
                number = take(branch).number
                if turn % 3 == 0:
                    raise ZeroDivisionError
                return number
        except ZeroDivisionError:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        numbers = [number for number in pool.map(post, range(30)) if number]
    assert sorted(numbers) == list(range(1, 21))
    assert take(branch).number == 21


@pytest.mark.django_db
def test_the_branchs_own_book_goes_before_the_common_one():
    branch = builders.branch()
    other = builders.branch()
    NumberBook.objects.filter(branch=other).delete()
    new_book(series="ALL", next_number=7)
    assert take(branch).series != "ALL"
    assert take(other).code == "ALL2026-0007"
    assert take(branch, series="ALL").number == 8


@pytest.mark.django_db
def test_without_a_book_the_refusal_names_branch_and_kind():
    branch = builders.branch()
    NumberBook.objects.filter(branch=branch).update(active=False)
    with pytest.raises(NoNumberBook) as refusal:
        take(branch)
    assert refusal.value.facts == {"kind": "Ticket", "branch": branch.name}


@pytest.mark.django_db
def test_what_would_give_doubles_or_gaps_is_refused():
    book = new_book()
    with pytest.raises(SeriesTaken):
        new_book(is_default=False)
    with pytest.raises(DefaultTaken):
        new_book(series="Y")
    with pytest.raises(BadFormat):
        new_book(series="Z", is_default=False, number_format="{series}")
    with pytest.raises(Forbidden):
        new_book(series="Z", actor=builders.actor("dispatcher"))
    changed = commands.change_number_book(
        book_id=book.pk, number_format="{series}/{number}", active=False, is_default=True,
        actor=builders.actor("administrator"), now=builders.MONDAY,
    )  # fmt: skip
    assert (changed.series, changed.next_number, changed.active) == ("X", 1, False)
    actions = Entry.objects.filter(subject_kind="numberbook").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["number_book.created", "number_book.changed"]
