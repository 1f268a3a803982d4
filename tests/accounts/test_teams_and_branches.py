"""Teams give rights to their members; branches carry what stands on the letterhead."""

import pytest

from callout.accounts import commands
from callout.accounts.errors import BadCountry, BadIban, BadVatNumber, NameTaken
from callout.accounts.models import Branch, User
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import Forbidden, StaleVersion
from tests import builders

NOW = builders.MONDAY
BRANCH = {
    "code": "cj", "name": "Cluj", "legal_name": "Callout Cluj S.R.L.", "address": "Str. Țării 5", "country": "ro",
    "currency": "ron", "time_zone": "Europe/Bucharest", "language": "ro", "vat_number": "RO 18547290",
    "phone": "0264 123 456", "email": "cluj@example.com", "bank_account": "RO49 AAAA 1B31 0075 9384 0000",
}  # fmt: skip


@pytest.fixture
def admin(db):
    return builders.actor("administrator")


def test_a_teams_rights_are_its_members_and_a_denial_wins(admin):
    person = builders.user("operator")
    team = commands.create_team(
        name="Night shift", member_ids=[person.pk], grants={"board.plan": True, "ticket.write": False}, actor=admin,
        now=NOW,
    )  # fmt: skip
    actor = actor_for(User.objects.get(pk=person.pk))
    assert actor.may("board.plan") and not actor.may("ticket.write")
    commands.change_team(
        team_id=team.pk, name="Night", branch=None, member_ids=[], grants={}, version=1, actor=admin, now=NOW
    )
    assert actor_for(User.objects.get(pk=person.pk)).may("ticket.write")
    with pytest.raises(StaleVersion):
        commands.change_team(
            team_id=team.pk, name="Day", branch=None, member_ids=[], grants={}, version=1, actor=admin, now=NOW
        )
    with pytest.raises(NameTaken):
        commands.create_team(name="NIGHT", actor=admin, now=NOW)


def test_a_branch_is_kept_in_one_notation_and_what_changed_is_recorded(admin):
    branch = commands.create_branch(**BRANCH, actor=admin, now=NOW)
    assert (branch.code, branch.country, branch.currency) == ("CJ", "RO", "RON")
    assert (branch.phone, branch.bank_account) == ("+40264123456", "RO49AAAA1B31007593840000")
    commands.change_branch(branch_id=branch.pk, version=1, **{**BRANCH, "name": "Cluj-Napoca"}, actor=admin, now=NOW)
    assert Branch.objects.get(pk=branch.pk).name == "Cluj-Napoca"
    assert Entry.objects.get(action="branch.changed").facts == {"changed": {"name": ["Cluj", "Cluj-Napoca"]}}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"bank_account": "RO49AAAA1B31007593840001"}, BadIban),
        ({"vat_number": "RO18547291"}, BadVatNumber),
        ({"country": "Romania"}, BadCountry),
    ],
)
def test_wrong_check_digits_are_refused(admin, fields, refusal):
    with pytest.raises(refusal):
        commands.create_branch(**{**BRANCH, **fields}, actor=admin, now=NOW)


def test_only_administrators_of_settings_write_branches(admin):
    with pytest.raises(Forbidden):
        commands.create_branch(**BRANCH, actor=builders.actor("dispatcher"), now=NOW)
    commands.create_branch(**BRANCH, actor=admin, now=NOW)
    with pytest.raises(NameTaken):
        commands.create_branch(**BRANCH, actor=admin, now=NOW)
