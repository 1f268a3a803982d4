"""What a person may do: roles, allowances, denials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.accounts.errors import BadUsername, UnknownRole
from callout.accounts.rules import RIGHTS, ROLE_NAMES, ROLES, check_roles, check_username, rights_of

RIGHT = st.sampled_from(sorted(RIGHTS))
GRANTS = st.lists(st.tuples(RIGHT, st.booleans()))
SOME_ROLES = st.lists(st.sampled_from(sorted(ROLES)))


@given(SOME_ROLES, GRANTS)
def test_a_denial_wins_over_roles_and_allowances(roles, grants):
    rights = rights_of(roles, grants)
    denied = {right for right, allowed in grants if not allowed}
    assert not rights & denied
    assert {right for right, allowed in grants if allowed} - denied <= rights
    assert {right for role in roles for right in ROLES[role]} - denied <= rights


def test_nothing_unknown_becomes_a_right():
    assert rights_of(["root", ""], [("everything", True)]) == frozenset()


def test_every_role_has_a_name_and_known_rights():
    assert ROLES.keys() == ROLE_NAMES.keys()
    assert {right for rights in ROLES.values() for right in rights} <= RIGHTS.keys()


def test_technicians_see_only_their_own_work():
    rights = rights_of(["technician"], [])
    assert "own.work" in rights
    assert not rights & {"ticket.read", "customer.read", "board.read", "verify.write", "people.admin"}


def test_roles_are_kept_once_and_in_order():
    assert check_roles(["verifier", "operator", "verifier"]) == ["operator", "verifier"]
    with pytest.raises(UnknownRole):
        check_roles(["admin"])


@pytest.mark.parametrize("name", ["ab", ".anna", "anna neri", "a" * 61, "anna\u200b", "anna/x", "", "anna\n"])
def test_user_names_that_cannot_be_typed_reliably_are_refused(name):
    if name == "anna\n":
        assert check_username(name) == "anna"
    else:
        with pytest.raises(BadUsername):
            check_username(name)


@pytest.mark.parametrize("name", ["anna", "țărănimea", "a.neri+1@example.com", "７ab"])
def test_other_user_names_are_taken(name):
    assert check_username(name)
