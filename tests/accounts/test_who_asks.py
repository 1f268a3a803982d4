"""The person behind a request: one statement, put together once, and always the rights of this moment."""

import pytest

from callout.accounts.models import Grant
from callout.accounts.queries import active_person, actor_for, people_with_rights
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_person_comes_with_roles_teams_branches_and_grants():
    crew, branch = builders.team(), builders.branch()
    person = builders.user("operator", teams=(crew,))
    person.branches.add(branch)
    Grant.objects.create(user=person, right="board.plan", allowed=True)
    Grant.objects.create(team=crew, right="customer.write", allowed=False)
    actor = actor_for(active_person(person.pk))
    assert actor == actor_for(people_with_rights().get(pk=person.pk))
    assert actor.may("board.plan") and actor.may("ticket.write") and not actor.may("customer.write")
    assert (actor.team_ids, actor.branch_ids) == ({crew.pk}, {branch.pk})


def test_the_written_statement_serves_everybody_and_sees_every_change(django_assert_num_queries):
    first, second = builders.user("operator"), builders.user("verifier")
    assert [active_person(person.pk) for person in (first, second)] == [first, second]
    Grant.objects.create(user=second, right="verify.write", allowed=False)
    with django_assert_num_queries(1):
        changed = active_person(second.pk)
    assert not actor_for(changed).may("verify.write")


def test_who_is_disabled_or_unknown_is_nobody():
    person = builders.user("operator", is_active=False)
    assert active_person(person.pk) is None
    assert active_person(person.pk + 1_000_000) is None
