"""Whoever plans may leave out the mails of a change; the history says that nobody was told."""

import pytest

from callout.audit.queries import history
from callout.notices.models import OutgoingMail
from callout.planning.models import Appointment
from tests.board.support import browser, company, post

pytestmark = pytest.mark.django_db
NINE, TWO = "2026-11-23T09:00:00+01:00", "2026-11-23T14:00:00+01:00"


@pytest.fixture
def made():
    found = company()
    found.kind.mail_customer_on = ["created", "moved", "cancelled"]
    found.kind.save()
    customer = found.order.ticket.customer
    customer.email = "verdi@example.com"
    customer.save()
    return found


def change(made, tell):
    """Plan, move and unplan the work order; how many mails wait to go out, and what the history says."""
    client, pk = browser(made.dispatcher), made.order.pk
    more = {} if tell is None else {"tell": tell}
    body = {"resource_id": made.rossi.pk, "starts": NINE, "version": made.order.version}
    planned = post(client, f"/work-orders/{pk}/plan", body | more).json()
    card = planned["appointment"]
    place = {
        "resource_id": made.rossi.pk,
        "starts": TWO,
        "ends": "2026-11-23T15:30:00+01:00",
        "version": card["version"],
    }
    assert post(client, f"/appointments/{card['id']}/move", place | more).status_code == 200
    made.order.refresh_from_db()
    assert post(client, f"/work-orders/{pk}/unplan", {"version": made.order.version} | more).status_code == 200
    assert not Appointment.objects.filter(blocks=True).exists()
    entries = history(made.order).filter(action__in=("workorder.planned", "workorder.moved", "workorder.unplanned"))
    return OutgoingMail.objects.count(), [entry.facts.get("without_mail", False) for entry in entries]


def test_usually_the_customer_is_told_of_each_change(made) -> None:
    assert change(made, None) == (3, [False, False, False])


def test_without_mail_nobody_is_told_and_the_history_says_so(made) -> None:
    assert change(made, False) == (0, [True, True, True])
