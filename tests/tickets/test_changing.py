"""A ticket's own fields, its conversation, and who is told of what."""

import pytest

from callout.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from callout.documents.commands import lock_period
from callout.documents.errors import PeriodLocked
from callout.documents.models import Period
from callout.notices.models import OutgoingMail
from callout.tickets import commands, errors, queries
from callout.tickets.commands import Upload
from callout.workorders import commands as work
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import Company, actions, jobs

pytestmark = pytest.mark.django_db


def change(company: Company, ticket, **values):
    return commands.change_ticket(
        ticket_id=ticket.pk, values=values, version=ticket.version, actor=company.operator, now=MONDAY
    )


def test_what_changed_is_recorded_and_found_afterwards() -> None:
    company = Company()
    ticket = company.call()
    changed = change(company, ticket, subject="Pump is loud", notes="ring twice")
    assert (changed.version, changed.subject) == (ticket.version + 1, "Pump is loud")
    assert actions(ticket)[-1] == "ticket.changed"
    assert list(queries.search(queries.visible_to(company.operator), "loud", actor=company.operator)) == [changed]


def test_what_is_equal_changes_nothing() -> None:
    company = Company()
    ticket = company.call()
    assert change(company, ticket, subject="Boiler leaks").version == ticket.version
    assert "ticket.changed" not in actions(ticket)


def test_a_stale_page_and_a_field_that_is_derived_are_refused() -> None:
    company = Company()
    ticket = company.call()
    change(company, ticket, subject="Mine")
    with pytest.raises(StaleVersion):
        change(company, ticket, subject="Theirs")
    ticket.refresh_from_db()
    for field in ("status", "assignee_id", "number", "customer_id"):
        with pytest.raises(Invalid):
            change(company, ticket, **{field: 1})
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.status) == ("Mine", "received")


def test_naming_or_taking_away_the_verifier_moves_the_status() -> None:
    company = Company()
    ticket = company.planned().ticket
    ticket.refresh_from_db()
    assert change(company, ticket, verifier_id=None).status == "received"
    ticket.refresh_from_db()
    assert change(company, ticket, verifier_id=company.verifier.user_id).status == "assigned"


def test_somebody_elses_contact_is_refused_and_a_locked_period_closes_the_ticket() -> None:
    company = Company()
    ticket = company.call()
    with pytest.raises(errors.NotThisCustomers):
        change(company, ticket, contact_id=builders.contact(builders.customer("Verdi")).pk)
    period = Period.objects.get(branch=company.branch)
    lock_period(period_id=period.pk, locked=True, actor=builders.actor("administrator"), now=MONDAY)
    with pytest.raises(PeriodLocked):
        change(company, ticket, subject="Late")


def test_remarks_are_told_to_the_other_people_who_handle_the_ticket() -> None:
    company = Company()
    ticket = company.call()
    commands.add_message(ticket_id=ticket.pk, text="Key at the bar", actor=company.dispatcher, now=MONDAY)
    (job,) = jobs("tickets.tell_people")
    assert (job["change"], job["people"]) == ("message", [company.operator.user_id])
    commands.add_message(ticket_id=ticket.pk, text="Thanks", actor=company.operator, now=MONDAY)
    assert len(jobs("tickets.tell_people")) == 1


def test_people_are_written_to_in_their_own_language() -> None:
    company = Company()
    reader = builders.user("operator", email="ada@example.com", language="it")
    silent = builders.user("operator")
    ticket = company.call()
    told = commands.mail_people(
        ticket_id=ticket.pk, change="message", by="Dino", people=[reader.pk, silent.pk], now=MONDAY
    )
    mail = OutgoingMail.objects.get()
    assert (told, mail.recipients) == (1, ["ada@example.com"])
    assert ticket.code in mail.subject and f"/tickets/{ticket.pk}/" in mail.body


def test_a_technician_writes_on_the_own_tickets_only(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    company = Company()
    mine, other = company.planned().ticket, company.call()
    message = commands.add_message(
        ticket_id=mine.pk, text="", upload=Upload("a.txt", b"x"), actor=company.tech, now=MONDAY
    )
    assert message.attachment.name == "a.txt"
    with pytest.raises(NotFound):
        commands.add_message(ticket_id=other.pk, text="hello", actor=company.tech, now=MONDAY)
    with pytest.raises(Forbidden):
        commands.add_message(ticket_id=other.pk, text="hello", actor=builders.actor("agent"), now=MONDAY)


@pytest.mark.parametrize(("text", "refusal"), [(" ", errors.TextMissing), ("a\0", errors.BadText)])
def test_remarks_that_are_none(text: str, refusal: type[Exception]) -> None:
    company = Company()
    ticket = company.call()
    with pytest.raises(refusal):
        commands.add_message(ticket_id=ticket.pk, text=text, actor=company.operator, now=MONDAY)
    assert not ticket.messages.exists()


def test_the_team_confirms_that_the_request_is_real() -> None:
    company = Company()
    ticket = company.planned().ticket
    for _ in range(2):
        confirmed = commands.confirm_real(ticket_id=ticket.pk, confirmed=True, actor=company.tech, now=MONDAY)
    assert confirmed.confirmed_real
    assert actions(ticket).count("ticket.confirmed") == 1


def test_the_people_who_plan_a_type_are_told_of_new_work() -> None:
    from callout.planning.models import Eligibility

    company = Company(kind=builders.activity_type("Alarm", notify_owner=True))
    crew = builders.team()
    planner = builders.user("dispatcher", email="plan@example.com", teams=(crew,))
    Eligibility.objects.create(activity_type=company.kind, role=Eligibility.Role.PLANS, team=crew)
    Eligibility.objects.create(activity_type=company.kind, role=Eligibility.Role.PLANS, user=planner)
    assert work.tell_planners(work_order_id=company.order().pk, now=MONDAY) == 1
    assert OutgoingMail.objects.get(event="workorder.to_plan").recipients == ["plan@example.com"]
