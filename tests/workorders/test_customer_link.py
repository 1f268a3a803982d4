"""A customer chooses the time of a work order by a secret link, without an account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import DomainError, Forbidden, NotFound
from callout.core.intervals import Interval
from callout.core.slots import Wish
from callout.notices.models import OutgoingMail
from callout.planning.models import Appointment
from callout.ui import clock
from callout.workorders import commands
from callout.workorders.errors import LinkClosed, NotChosenHere, StepRefused, TimeGone
from callout.workorders.forms.portal import named
from callout.workorders.models import Invitation
from callout.workorders.queries import portal
from tests import builders
from tests.workorders.support import MONDAY, TEN, Company
from tests.workorders.test_api import Api

pytestmark = pytest.mark.django_db


def invited(company, now=MONDAY, **values):
    order = values.pop("order", None) or company.order()
    _invitation, secret = commands.invite(work_order_id=order.pk, send=True, actor=company.operator, now=now)
    order.refresh_from_db()
    return order, secret


def first(order, now=MONDAY, limit=1):
    return portal.offers(order, after=None, wish=Wish(), now=now, limit=limit)[-1].interval.starts


def customer(**options):
    """A customer's browser that was set to English; without, the page speaks the customer's language."""
    client = Client(**options)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page(secret, **query):
    return customer().get("/appointment/", {"key": secret, **query})


def test_the_link_is_mailed_in_the_customers_language_and_only_its_hash_is_kept():
    company = Company()
    company.customer.language = "it"
    company.customer.save()
    order, secret = invited(company)
    mail = OutgoingMail.objects.get(event="workorder.invited")
    assert mail.recipients == ["info@rossi.example"]
    assert secret in mail.body and "Buongiorno" in mail.body
    link = Invitation.objects.get()
    assert secret not in (link.secret_hash, str(Entry.objects.values_list("facts", flat=True)))
    assert link.sent_to == "info@rossi.example"
    assert Entry.objects.filter(action="workorder.invited", subject_id=order.pk).exists()
    assert ProcrastinateJob.objects.filter(task_name="notices.send", args__mail_id=mail.pk).exists()


def test_the_customer_books_and_the_plan_is_as_if_a_dispatcher_had_planned():
    company = Company()
    order, secret = invited(company)
    starts = first(order)
    planned = commands.choose_time(secret=secret, starts=starts, now=MONDAY)
    assert (planned.status, planned.slot.starts, planned.resource) == ("planned", starts, company.technician)
    entry = Entry.objects.get(action="workorder.planned")
    assert (entry.actor_id, entry.actor_name) == (None, "Rossi Impianti")
    assert OutgoingMail.objects.filter(event="workorder.planned").exists()
    again = commands.choose_time(secret=secret, starts=starts, now=MONDAY)
    assert again.version == planned.version
    assert Appointment.objects.filter(blocks=True).count() == 1


def test_times_lie_as_far_ahead_as_the_company_needs_and_follow_the_wish(settings):
    settings.CUSTOMER_LINK_HOURS = 48
    order, _secret = invited(Company())
    found = portal.offers(order, after=None, wish=Wish(frozenset({4})), now=MONDAY)
    assert found[0].interval.starts >= MONDAY + timedelta(hours=48)
    assert {offer.interval.starts.weekday() for offer in found} == {4}


def test_the_customer_moves_until_the_deadline_and_not_later():
    order, secret = invited(Company())
    starts = first(order)
    commands.choose_time(secret=secret, starts=starts, now=MONDAY)
    later = first(order, limit=3)
    moved = commands.choose_time(secret=secret, starts=later, now=MONDAY)
    assert moved.slot.starts == later
    assert Appointment.objects.filter(blocks=True).count() == 1
    late = later - timedelta(hours=23)
    with pytest.raises(NotChosenHere):
        commands.choose_time(secret=secret, starts=later + timedelta(days=2), now=late)
    assert portal.standing(moved, now=late) == portal.Standing(portal.LATE, False)


def test_a_time_that_was_just_taken_is_refused_without_a_word_about_anybody():
    company = Company()
    order, secret = invited(company)
    starts = first(order)
    company.planned(starts)
    with pytest.raises(TimeGone):
        commands.choose_time(secret=secret, starts=starts, now=MONDAY)
    order.refresh_from_db()
    assert order.status == "foreseen"
    with pytest.raises(TimeGone):  # nobody is there at three in the night
        commands.choose_time(secret=secret, starts=starts.replace(hour=2), now=MONDAY)


def test_expired_revoked_and_replaced_links_are_closed_and_guessed_ones_unknown():
    company = Company()
    order, secret = invited(company)
    with pytest.raises(LinkClosed):
        portal.by_secret(secret, now=MONDAY + timedelta(days=14))
    _order, newer = invited(company, order=order)
    with pytest.raises(LinkClosed):
        portal.by_secret(secret, now=MONDAY)
    commands.revoke_invitation(work_order_id=order.pk, actor=company.dispatcher, now=MONDAY)
    with pytest.raises(LinkClosed):
        commands.choose_time(secret=newer, starts=first(order), now=MONDAY)
    for guess in ("", "x", "\ud800", secret[:-1]):
        with pytest.raises(NotFound):
            portal.by_secret(guess, now=MONDAY)
    assert page("x").status_code == 404
    assert page(newer).status_code == 410


def test_work_that_is_under_way_or_cancelled_says_so_and_offers_nothing():
    company = Company()
    order, secret = invited(company, now=clock.now())
    company.planned(order=order)
    commands.start(work_order_id=order.pk, actor=company.tech, now=TEN)
    assert "Our technician is at work." in page(secret).content.decode()
    with pytest.raises(NotChosenHere):
        commands.choose_time(secret=secret, starts=first(order), now=MONDAY)
    with pytest.raises(StepRefused):
        commands.invite(work_order_id=order.pk, send=False, actor=company.operator, now=MONDAY)
    other, link = invited(company, now=clock.now(), order=company.call(subject="Noise").work_orders.get())
    commands.cancel_ticket(
        ticket_id=other.ticket_id, reason="gone", version=other.ticket.version, actor=company.operator, now=MONDAY
    )
    assert "done or was cancelled" in page(link).content.decode()


def test_the_page_shows_times_confirms_one_and_books_it():
    company = Company()
    _order, secret = invited(company, now=clock.now())
    assert "Scelga un orario" in Client().get("/appointment/", {"key": secret}).content.decode()
    shown = page(secret)
    text = shown.content.decode()
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "Ada Bruni" not in text and len(shown.context["offers"]) == 10
    at = named(shown.context["offers"][0][0].interval.starts)
    assert "Book this time" in page(secret, at=at).content.decode()
    client = customer(enforce_csrf_checks=True)
    done = client.post(f"/appointment/?key={secret}", {"at": at}, headers={"Origin": "null"}, follow=True)
    assert "Thank you, it is booked." in done.content.decode()
    assert Invitation.objects.get().opened_at is not None
    assert "Ada Bruni" not in done.content.decode()


def test_a_taken_time_is_answered_with_fresh_ones():
    company = Company()
    order, secret = invited(company, now=clock.now())
    starts = first(order, clock.now())
    other = company.order()
    commands.plan(
        work_order_id=other.pk, resource_id=company.technician.pk, window=Interval(starts, starts + timedelta(hours=1)),
        version=None, actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    refused = customer().post(f"/appointment/?key={secret}", {"at": named(starts)})
    assert refused.status_code == 409
    assert "That time has just been taken." in refused.content.decode()
    assert refused.context["offers"]
    assert Client().post(f"/appointment/?key={secret}", {"at": "nonsense"}).status_code == 404


@pytest.mark.parametrize(
    "query", [{"slot_day": "x", "slot_part": "zz", "days": "9"}, {"at": "9" * 30}, {"slot_day": "9999-12-31"}]
)
def test_odd_wishes_are_left_out(query):
    _order, secret = invited(Company(), now=clock.now())
    assert page(secret, **query).status_code == 200


def test_who_tries_many_addresses_is_refused():
    codes = [page(str(number)).status_code for number in range(41)]
    assert codes == [404] * 40 + [429]


def test_only_who_may_promise_times_makes_links_and_only_of_work_in_sight():
    company = Company()
    order = company.order()
    with pytest.raises(Forbidden):
        commands.invite(work_order_id=order.pk, send=False, actor=company.tech, now=MONDAY)
    person = builders.user("dispatcher")
    person.branches.add(builders.branch(name="Torino"))
    elsewhere = actor_for(person)
    with pytest.raises(NotFound):
        commands.invite(work_order_id=order.pk, send=False, actor=elsewhere, now=MONDAY)


def test_programs_make_and_close_links():
    company = Company()
    order = company.order()
    api = Api(builders.user("dispatcher"))
    made = api.post(f"/work-orders/{order.pk}/customer-link", {"send": False}).json()
    assert made["sent_to"] == "" and "/appointment/?key=" in made["address"]
    assert api.post(f"/work-orders/{order.pk}/customer-link/close", {}).status_code == 204
    assert Invitation.objects.get().revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_the_same_link_end_with_one_appointment():
    order, secret = invited(Company())
    times, gate = [first(order), first(order, limit=2)], Barrier(2)

    def take(starts):
        try:
            gate.wait(10)
            commands.choose_time(secret=secret, starts=starts, now=MONDAY)
            return True
        except DomainError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert any(pool.map(take, times))
    assert Appointment.objects.filter(blocks=True).count() == 1
    order.refresh_from_db()
    assert order.status == "planned"
