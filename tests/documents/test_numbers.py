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
from callout.documents.models import DocumentStatus, NumberBook
from callout.tickets.models import Ticket
from tests import builders

DAY = date(2026, 11, 23)


def draft(branch, series=""):
    site = builders.site(served_by=branch)
    return Ticket.objects.create(
        customer=site.customer, site=site, branch=branch, activity_type=builders.activity_type(), subject="Cold",
        series=series, date=DAY, received_at=builders.MONDAY, created_at=builders.MONDAY,
    )  # fmt: skip


def take(branch, **fields):
    ticket = draft(branch, **fields)
    commands.post(ticket)
    return ticket


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
    first, second = draft(branch), draft(branch)
    commands.post(first, second)
    assert (first.number, second.number) == (1, 2)
    assert first.code == f"{first.series}-00001"
    assert first.doc_status == DocumentStatus.POSTED
    kept = Ticket.objects.get(pk=second.pk)
    assert (kept.doc_status, kept.series, kept.number, kept.code) == ("posted", first.series, 2, second.code)


@pytest.mark.django_db
def test_what_is_posted_is_not_posted_again_and_no_number_is_lost_by_trying():
    branch = builders.branch()
    ticket = take(branch)
    with pytest.raises(NoNumberBook), transaction.atomic():
        commands.post(ticket)
    assert take(branch).number == 2


@pytest.mark.django_db
def test_a_number_longer_than_its_width_is_written_whole():
    branch = builders.branch()
    NumberBook.objects.filter(branch=branch, kind="ticket").update(
        series="N", format="{yy}{month}/{number:03} {series}", next_number=12345
    )
    assert take(branch).code == "2611/12345 N"


@pytest.mark.django_db(transaction=True)
def test_a_book_that_is_changed_while_somebody_waits_for_it_is_read_again():
    branch = builders.branch()
    ticket = draft(branch)

    def post() -> None:
        try:
            commands.post(ticket)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            NumberBook.objects.filter(branch=branch, kind="ticket").update(format="{series}.{number}")
            waiting = pool.submit(post)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        waiting.result(10)
    assert ticket.code == f"{ticket.series}.1"


@pytest.mark.django_db(transaction=True)
def test_whoever_posts_waits_for_who_posted_before_and_takes_the_following_number():
    branch = builders.branch()
    first, second = draft(branch), draft(branch)

    def post() -> int | None:
        try:
            commands.post(second)
            return second.number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            commands.post(first)
            waiting = pool.submit(post)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        assert (first.number, waiting.result(10)) == (1, 2)


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
    drafts = [draft(branch) for _ in range(30)]

    def post(turn: int) -> int | None:
        try:
            with transaction.atomic():
                commands.post(drafts[turn])
                if turn % 3 == 0:
                    raise ZeroDivisionError
                return drafts[turn].number
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
