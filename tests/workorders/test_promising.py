"""A time promised while the customer is on the phone: saved with the call, or neither is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from callout.core.errors import Forbidden
from callout.planning import queries as planning
from callout.planning.commands import free
from callout.planning.errors import SlotTaken
from callout.planning.models import Appointment, Resource
from callout.tickets.models import Ticket
from callout.ui import clock
from callout.workorders import commands
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import NINE, TEN, Company
from tests.workorders.test_api import Api, body
from tests.workorders.test_intake_page import operator, values
from tests.workorders.test_ticket_page import signed_in


def offers(company, **asked):
    asked = {"site": company.site.pk, "activity_type": company.kind.pk, **asked}
    return operator().get("/calls/slots/", asked)


def promise(company, starts, actor=None):
    call = commands.Call(site_id=company.site.pk, activity_type_id=company.kind.pk, subject="Boiler leaks")
    return commands.take_call_and_plan(
        call=call, resource_id=company.technician.pk, starts=starts, actor=actor or company.operator, now=MONDAY
    )


@pytest.mark.django_db
def test_the_next_free_times_stand_in_the_form_by_the_clock_of_the_site():
    company = Company()
    page = offers(company)
    [first, *_] = page.context["offers"]
    assert len(page.context["offers"]) == 10
    assert f'value="{first[0]}"' in page.content.decode()
    afternoon = offers(company, slot_part="pm").context["offers"]
    assert all(offer.interval.starts.astimezone().hour >= 11 for _, offer in afternoon)
    later = clock.now() + timedelta(days=20)
    assert (
        offers(company, slot_day=later.date().isoformat()).context["offers"][0][1].interval.starts.date()
        >= later.date()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{"site": ""}, {"activity_type": "x"}, {"site": "9" * 30}, {"activity_type": "0"}])
def test_without_site_or_type_nothing_is_offered(given):
    assert offers(Company(), **given).content == b""


@pytest.mark.django_db
def test_an_unclear_wish_is_no_wish():
    answer = offers(Company(), slot_day="31.31.2026", slot_part="x", slot="nonsense")
    assert answer.status_code == 200
    assert answer.context["gone"] and len(answer.context["offers"]) == 10
    assert offers(Company(), slot_day="9999-12-31").status_code == 200


@pytest.mark.django_db
def test_the_chosen_time_is_saved_with_the_call():
    company = Company()
    slot, offer = offers(company).context["offers"][0]
    answer = operator().post("/calls/new/", values(company, slot=slot))
    assert answer.status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.planned_start, ticket.assignee_id) == (
        "assigned", offer.interval.starts, company.technician.user_id,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_time_that_was_taken_meanwhile_leaves_no_ticket_and_keeps_what_was_typed():
    company = Company()
    slot, offer = offers(company).context["offers"][0]
    promise(company, offer.interval.starts)
    answer = operator().post("/calls/new/", values(company, slot=slot, subject="Second caller"))
    assert answer.status_code == 422
    assert "Second caller" in answer.content.decode()
    assert Ticket.objects.count() == Appointment.objects.count() == 1
    for wrong in ("x", "1@x", f"{company.technician.pk}@2026-11-23T09:00", "9999999999999999999999@2026-11-23T09:00Z"):
        assert operator().post("/calls/new/", values(company, slot=wrong)).status_code == 422
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_time_takes_no_number():
    company = Company()
    with pytest.raises(SlotTaken):
        promise(company, NINE), promise(company, NINE)
    ticket, order = promise(company, TEN)
    assert (ticket.number, order.number) == (2, 2)


@pytest.mark.django_db
def test_it_takes_the_right_to_promise_times():
    company = Company()
    with pytest.raises(Forbidden):
        promise(company, NINE, actor=builders.actor("verifier"))
    without = builders.user("operator")
    without.grants.create(right="slot.book", allowed=False)
    page = signed_in(without).get("/calls/slots/", {"site": company.site.pk, "activity_type": company.kind.pk})
    assert page.content == b""


@pytest.mark.django_db
def test_by_api_too():
    company = Company()
    api = Api(builders.user("operator"))
    [offer, *_] = api.get("/slots", activity_type_id=company.kind.pk, site_id=company.site.pk).json()
    slot = {"resource_id": offer["resource_id"], "starts": offer["starts"]}
    made = api.post("/tickets", body(company, slot=slot))
    assert made.status_code == 201
    assert (made.json()["status"], made.json()["work_orders"][0]["status"]) == ("assigned", "planned")
    assert api.post("/tickets", body(company, slot=slot)).status_code == 409
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_who_book_what_they_are_offered_never_book_twice_and_all_get_a_time():
    company = Company()
    for _ in range(4):
        builders.technician(works=company.branch, performs=(company.kind,))
    for pk in Resource.objects.values_list("pk", flat=True):
        free.rebuild(resource_id=pk, now=MONDAY)
    ready = Barrier(50)

    def book(_) -> int:
        ready.wait(timeout=60)
        refused = 0
        try:
            while True:
                asked = planning.free_slots(company.kind, MONDAY, actor=company.operator, site=company.site, limit=3)
                offer = asked[0]
                call = commands.Call(site_id=company.site.pk, activity_type_id=company.kind.pk, subject="Cold")
                try:
                    commands.take_call_and_plan(
                        call=call, resource_id=offer.resource_id, starts=offer.interval.starts, actor=company.operator,
                        now=MONDAY,
                    )  # fmt: skip
                except SlotTaken:
                    refused += 1
                else:
                    return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(book, range(50)))
    assert Ticket.objects.count() == Appointment.objects.filter(blocks=True).count() == 50
    taken = sorted(Appointment.objects.values_list("resource_id", "starts", "ends"))
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in zip(taken, taken[1:], strict=False))
    assert sorted(Ticket.objects.values_list("number", flat=True)) == list(range(1, 51))
