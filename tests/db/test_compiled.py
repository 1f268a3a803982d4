"""Statements that are written once: the same rows as the queryset's, for every value, in every thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.db.models import F, Value

from callout.accounts.models import Team, User
from callout.db.compiled import Compiled
from tests import builders

BY_BRANCH = Compiled(
    lambda branch, name: (
        Team.objects.select_related("branch")
        .filter(branch_id=branch, name__gte=name)
        .annotate(one=Value(1), code=F("branch__code"))
        .order_by("name")
    ),
    branch=-1,
    name="?",
)
ACTIVE = Compiled(lambda pk: User.objects.filter(pk=pk, is_active=True).only("display_name"), pk=1)


@pytest.mark.django_db
def test_rows_come_as_from_the_queryset(django_assert_num_queries):
    branch, other = builders.branch(), builders.branch()
    for name, where in (("Beta", branch), ("Alpha", branch), ("Gamma", other)):
        Team.objects.create(name=name, branch=where)
    with django_assert_num_queries(2):
        found = BY_BRANCH.all(branch=branch.pk, name="A")
        assert [(team.name, team.branch.code, team.one, team.code) for team in found] == [
            ("Alpha", branch.code, 1, branch.code),
            ("Beta", branch.code, 1, branch.code),
        ]
        assert [team.name for team in BY_BRANCH.all(branch=other.pk, name="B")] == ["Gamma"]
    assert BY_BRANCH.first(branch=branch.pk, name="Z") is None


@pytest.mark.django_db
def test_true_is_not_taken_for_the_blank_one():
    person, gone = builders.user(), builders.user(is_active=False)
    assert ACTIVE.first(pk=person.pk) == person
    assert ACTIVE.first(pk=gone.pk) is None
    assert ACTIVE.first(pk=person.pk).get_deferred_fields() >= {"username", "roles"}


@pytest.mark.django_db
def test_a_value_that_is_missing_is_a_fault():
    with pytest.raises(KeyError):
        BY_BRANCH.all(branch=1)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection():
    people = [builders.user() for _ in range(4)]

    def ask(person: User) -> tuple[User | None, int]:
        found = ACTIVE.first(pk=person.pk)
        backend = connections["default"].connection.info.backend_pid
        connections.close_all()
        return found, backend

    assert ACTIVE.first(pk=people[0].pk) == people[0]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, people))
    assert [found for found, _ in answers] == people
    assert connection.connection.info.backend_pid not in {backend for _, backend in answers}
