"""An urgent call is fitted into the plan as it is: nothing fixed moves, planned work only when that is allowed."""

import re
import time

import pytest

from callout.audit.models import Entry
from callout.core.intervals import Interval
from callout.dispatch import commands
from callout.dispatch.errors import NoRoom, NotAsProposed, NotWaiting
from callout.dispatch.models import Proposal
from callout.dispatch.urgent import fit_in
from callout.notices.models import OutgoingMail
from callout.planning import commands as planning
from callout.planning.models import Appointment
from callout.ui import clock
from callout.workorders import commands as workorders
from callout.workorders.models import WorkOrder
from tests import builders
from tests.board.support import browser, post
from tests.dispatch.support import Company, company, workday
from tests.planning.support import window

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Company:
    return company("Rossi", calls=0)


def planned(made: Company, starts: str, ends: str, **fields) -> WorkOrder:
    """A work order on the technician's calendar."""
    return workorders.plan(
        work_order_id=made.call(**fields).pk, resource_id=made.technicians[0].pk,
        window=window(workday(), starts, ends), version=None, actor=made.actor, now=clock.now(),
    )  # fmt: skip


def held(made: Company, starts: str, ends: str) -> Appointment:
    """Something on the calendar that is no work order."""
    return planning.book(
        resource_id=made.technicians[0].pk, window=window(workday(), starts, ends), activity_type=made.kind,
        title="Meeting", site=None, actor=made.actor, now=clock.now(),
    )  # fmt: skip


def fitted(made: Company, order: WorkOrder, *, may_move: bool = False) -> Proposal:
    return fit_in(work_order_id=order.pk, days=(workday(),), may_move=may_move, actor=made.actor)


def accept(made: Company, proposal: Proposal, *, tell: bool = True) -> Proposal:
    return commands.accept(
        proposal_id=proposal.pk, work_order_ids=None, tell=tell, version=None, actor=made.actor, now=clock.now()
    )


def slots() -> dict[int, tuple]:
    rows = Appointment.objects.filter(blocks=True, work_order__isnull=False)
    return {pk: (starts, ends) for pk, starts, ends in rows.values_list("work_order", "starts", "ends")}


def test_a_call_goes_into_the_first_gap_at_once_and_moves_nothing(made: Company) -> None:
    held(made, "08:00", "10:00")
    standing = planned(made, "13:00", "17:00")
    before = slots()
    begun = time.monotonic()
    proposal = fitted(made, made.call())
    assert time.monotonic() - begun < 1
    [row] = proposal.suggestions.all()
    assert (row.kind, row.starts) == ("plan", window(workday(), "10:00", "11:00").starts)
    accept(made, proposal)
    assert slots()[standing.pk] == before[standing.pk]
    assert len(slots()) == 2


def test_planned_work_moves_only_when_that_is_allowed_and_tells_from_where_to_where(made: Company) -> None:
    held(made, "08:00", "12:00")
    standing = planned(made, "14:00", "16:30")
    held(made, "13:00", "13:30")
    call = made.call(priority=3)
    with pytest.raises(NoRoom):
        fitted(made, call)
    proposal = fitted(made, call, may_move=True)
    by_kind = {row.kind: row for row in proposal.suggestions.all()}
    moved = by_kind["move"]
    assert (moved.work_order_id, moved.from_starts) == (standing.pk, window(workday(), "14:00", "15:00").starts)
    before = slots()
    accept(made, proposal)
    assert slots()[standing.pk] == (moved.starts, moved.ends) != before[standing.pk]
    assert call.pk in slots()
    assert Entry.objects.filter(action="workorder.moved").count() == 1
    undone = commands.undo(proposal_id=proposal.pk, tell=True, actor=made.actor, now=clock.now())
    assert undone.status == "undone"
    assert slots() == before


def test_a_call_is_fitted_in_as_a_whole_or_not_at_all(made: Company) -> None:
    proposal = fitted(made, made.call())
    [row] = proposal.suggestions.all()
    assert row.starts == window(workday(), "08:00", "09:00").starts
    planning.book(
        resource_id=row.resource_id, window=Interval(row.starts, row.ends), activity_type=made.kind,
        title="Just taken", site=None, actor=made.actor, now=clock.now(),
    )  # fmt: skip
    with pytest.raises(NotAsProposed):
        accept(made, proposal)
    assert slots() == {}
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_what_does_not_wait_or_fits_nowhere_is_refused_in_words(made: Company) -> None:
    with pytest.raises(NotWaiting):
        fitted(made, planned(made, "08:00", "09:00"))
    held(made, "09:00", "12:00")
    held(made, "13:00", "17:00")
    client = browser(made.dispatcher)
    body = {"work_order_id": made.call().pk, "days": [workday().isoformat()]}
    refused = post(client, "/dispatch/fit", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_room")
    assert "No time is left" in refused.json()["message"]
    other = builders.activity_type("Welding")
    nobody = post(client, "/dispatch/fit", {**body, "work_order_id": made.call(kind=other).pk})
    assert nobody.json()["code"] == "nobody_performs"
    assert not Proposal.objects.exists()


def test_the_page_and_the_operation_give_the_same_proposal(made: Company) -> None:
    client, call = browser(made.dispatcher), made.call()
    assert f"/board/dispatch/fit/{call.pk}/" in client.get(f"/board/plan/{call.pk}/").text
    day = workday().isoformat()
    page = client.post(f"/board/dispatch/fit/{call.pk}/", {"first": day, "last": day}, follow=True)
    assert "1 work order" in re.sub(r"<[^>]+>", " ", page.text)
    found = post(client, "/dispatch/fit", {"work_order_id": call.pk, "days": [day]}).json()
    assert (found["kind"], found["status"], len(found["suggestions"])) == ("urgent", "open", 1)
    assert Proposal.objects.filter(status="open").count() == 1
    past = client.post(f"/board/dispatch/fit/{call.pk}/", {"first": "2020-01-01", "last": "2020-01-01"})
    assert (past.status_code, list(past.context["form"].errors)) == (422, ["first"])


@pytest.mark.parametrize(("tell", "mails"), [(True, 1), (False, 0)])
def test_customers_are_written_to_only_when_that_is_wanted(made: Company, tell: bool, mails: int) -> None:
    call = made.call()
    contact = builders.contact(call.ticket.customer, email="anna@example.com")
    call.ticket.__class__.objects.filter(pk=call.ticket_id).update(contact=contact)
    accept(made, fitted(made, call), tell=tell)
    assert OutgoingMail.objects.filter(recipients=["anna@example.com"]).count() == mails
