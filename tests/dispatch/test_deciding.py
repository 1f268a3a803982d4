"""A proposal is accepted in whole or in part, discarded, and taken back as one."""

from datetime import timedelta

import pytest

from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.core.intervals import Interval
from callout.dispatch import commands, queries
from callout.dispatch.errors import NothingChosen, NothingToUndo, OthersProposal, ProposalOver
from callout.dispatch.models import Proposal, Suggestion
from callout.notices.models import OutgoingMail
from callout.planning import commands as planning
from callout.planning.models import Appointment
from callout.ui import clock
from callout.workorders import commands as workorders
from callout.workorders.models import WorkOrder
from tests import builders
from tests.dispatch.support import Company, company, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Company:
    return company()


def accept(made: Company, proposal: Proposal, orders=None, actor=None, **fields) -> Proposal:
    return commands.accept(
        proposal_id=proposal.pk, work_order_ids=None if orders is None else [each.pk for each in orders],
        tell=fields.pop("tell", True), version=fields.pop("version", None), actor=actor or made.actor, now=clock.now(),
    )  # fmt: skip


def undo(made: Company, proposal: Proposal, actor=None) -> Proposal:
    return commands.undo(proposal_id=proposal.pk, tell=True, actor=actor or made.actor, now=clock.now())


def statuses(made: Company) -> list[str]:
    return [WorkOrder.objects.get(pk=order.pk).status for order in made.orders]


def rows(proposal: Proposal) -> dict[int, Suggestion]:
    return {row.work_order_id: row for row in proposal.suggestions.all()}


def in_the_way(row: Suggestion, made: Company) -> Appointment:
    return planning.book(
        resource_id=row.resource_id, window=Interval(row.starts, row.ends), activity_type=made.kind,
        title="In the way", site=None, actor=made.actor, now=clock.now(),
    )  # fmt: skip


def test_accepting_all_plans_every_order_where_the_proposal_put_it(made: Company) -> None:
    proposal = accept(made, proposed(made))
    assert proposal.status == "accepted"
    assert statuses(made) == ["planned"] * 3
    for row in rows(proposal).values():
        slot = Appointment.objects.get(work_order=row.work_order_id)
        assert (slot.resource_id, slot.starts, slot.ends) == (row.resource_id, row.starts, row.ends)
        assert row.outcome == "accepted"
    assert Entry.objects.filter(action="workorder.planned").count() == 3
    told = Entry.objects.get(action="proposal.accepted", subject_id=proposal.pk)
    assert told.facts["planned"] == 3
    with pytest.raises(ProposalOver):
        accept(made, proposal)


def test_accepting_some_leaves_the_rest_to_be_decided(made: Company) -> None:
    proposal = accept(made, proposed(made), made.orders[:1])
    assert (proposal.status, statuses(made)) == ("open", ["planned", "foreseen", "foreseen"])
    with pytest.raises(NothingChosen):
        accept(made, proposal, made.orders[:1])
    assert accept(made, proposal).status == "accepted"
    assert statuses(made) == ["planned"] * 3


def test_what_has_become_impossible_is_refused_with_its_reason_and_the_rest_planned(made: Company) -> None:
    proposal = proposed(made)
    lost = rows(proposal)[made.orders[0].pk]
    blocker = in_the_way(lost, made)
    assert [each.stale for each in queries.sheet(proposal, actor=made.actor).places].count("taken") == 1
    accept(made, proposal)
    assert statuses(made) == ["foreseen", "planned", "planned"]
    told = rows(proposal)[made.orders[0].pk]
    assert told.outcome == "refused" and "In the way" in told.told
    planning.cancel(appointment_id=blocker.pk, version=None, actor=made.actor, now=clock.now())
    proposal.refresh_from_db()
    assert proposal.status == "open"
    assert accept(made, proposal).status == "accepted"
    assert statuses(made) == ["planned"] * 3


def test_an_order_that_was_changed_or_planned_meanwhile_is_left_alone(made: Company) -> None:
    proposal = proposed(made)
    row = rows(proposal)[made.orders[1].pk]
    later = Interval(row.starts + timedelta(days=1), row.ends + timedelta(days=1))
    workorders.plan(
        work_order_id=made.orders[1].pk, resource_id=row.resource_id, window=later, version=None, actor=made.actor,
        now=clock.now(),
    )  # fmt: skip
    assert [each.stale for each in queries.sheet(proposal, actor=made.actor).places].count("changed") == 1
    accept(made, proposal)
    assert rows(proposal)[made.orders[1].pk].outcome == "refused"
    assert Appointment.objects.get(work_order=made.orders[1].pk).starts == later.starts


def test_undo_takes_back_exactly_what_was_accepted_and_is_still_there(made: Company) -> None:
    proposal = accept(made, proposed(made), made.orders[:2])
    moved = WorkOrder.objects.select_related("appointment").get(pk=made.orders[0].pk)
    slot = moved.slot
    away = Interval(slot.starts + timedelta(days=1), slot.ends + timedelta(days=1))
    workorders.reschedule(
        work_order_id=moved.pk, resource_id=moved.resource_id, window=away, version=None, actor=made.actor,
        now=clock.now(),
    )  # fmt: skip
    assert undo(made, proposal).status == "undone"
    assert statuses(made) == ["planned", "foreseen", "foreseen"]
    found = rows(proposal)
    assert [found[order.pk].outcome for order in made.orders] == ["kept", "undone", ""]
    assert "stays as it is" in found[moved.pk].told
    told = Entry.objects.get(action="proposal.undone", subject_id=proposal.pk)
    assert (told.facts["undone"], told.facts["kept"]) == (1, 1)
    with pytest.raises(NothingToUndo):
        undo(made, proposal)


def test_discarding_leaves_everything_as_it_is(made: Company) -> None:
    proposal = proposed(made)
    ended = commands.dismiss(proposal_id=proposal.pk, version=proposal.version, actor=made.actor, now=clock.now())
    assert (ended.status, statuses(made)) == ("dismissed", ["foreseen"] * 3)
    with pytest.raises(ProposalOver):
        accept(made, proposal)


def test_an_old_page_decides_nothing(made: Company) -> None:
    proposal = proposed(made)
    with pytest.raises(StaleVersion):
        accept(made, proposal, version=proposal.version - 1)
    assert statuses(made) == ["foreseen"] * 3


def test_two_dispatchers_with_overlapping_proposals_never_book_anybody_twice(made: Company) -> None:
    other = builders.actor("dispatcher", name="Dario")
    mine, theirs = proposed(made), proposed(made, other)
    accept(made, mine)
    accept(made, theirs, actor=other)
    assert statuses(made) == ["planned"] * 3
    assert {row.outcome for row in rows(theirs).values()} == {"refused"}
    assert Appointment.objects.filter(blocks=True).count() == 3


def test_a_proposal_is_decided_by_its_owner_and_seen_by_colleagues_of_the_branch(made: Company) -> None:
    proposal = proposed(made)
    colleague = builders.actor("dispatcher")
    assert queries.one(proposal.pk, actor=colleague).owner.display_name == "Clara"
    for decide in (accept, undo):
        with pytest.raises(OthersProposal):
            decide(made, proposal, actor=colleague)
    elsewhere = builders.user("dispatcher")
    elsewhere.branches.add(builders.branch())
    stranger = builders.actor_for(elsewhere)
    with pytest.raises(NotFound):
        queries.one(proposal.pk, actor=stranger)
    with pytest.raises(NotFound):
        accept(made, proposal, actor=stranger)
    with pytest.raises(Forbidden):
        accept(made, proposal, actor=builders.actor("operator"))


def test_customers_are_written_to_as_when_planning_by_hand(made: Company) -> None:
    contact = builders.contact(made.orders[0].ticket.customer, email="anna@example.com")
    made.orders[0].ticket.__class__.objects.filter(pk=made.orders[0].ticket_id).update(contact=contact)
    accept(made, proposed(made), made.orders[:1])
    assert OutgoingMail.objects.filter(recipients=["anna@example.com"]).count() == 1
