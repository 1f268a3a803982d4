"""Writing teams."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from callout.accounts.actor import Actor
from callout.accounts.commands.people import keeping_an_administrator, set_grants
from callout.accounts.errors import NameMissing, NameTaken
from callout.accounts.models import Branch, Membership, Team, User
from callout.accounts.rules import ADMINISTERS
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.core.text import clean_name


@transaction.atomic
def create_team(
    *,
    name: str,
    branch: Branch | None = None,
    member_ids: Iterable[int] = (),
    grants: Mapping[str, bool] | None = None,
    actor: Actor,
    now: datetime,
) -> Team:
    """A team with its members and its rights. Raises Forbidden, NameMissing, NameTaken, UnknownRight."""
    actor.require(ADMINISTERS)
    team = Team(branch=branch)
    _name(team, name)
    with keeping_an_administrator():
        team.save()
        _fill(team, member_ids, grants or {})
    record("team.created", subject=team, actor=actor, at=now, name=team.name, grants=dict(grants or {}))
    return team


@transaction.atomic
def change_team(
    *,
    team_id: int,
    name: str,
    branch: Branch | None,
    member_ids: Iterable[int],
    grants: Mapping[str, bool],
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Team:
    """Replace name, branch, members and rights of a team.

    Raises Forbidden, NotFound, StaleVersion, NameMissing, NameTaken, UnknownRight, LastAdministrator.
    """
    actor.require(ADMINISTERS)
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise NotFound
    check_version(team.version, version)
    _name(team, name)
    team.branch = branch
    team.version += 1
    with keeping_an_administrator():
        team.save()
        members = _fill(team, member_ids, grants)
    record("team.changed", subject=team, actor=actor, at=now, name=team.name, members=members, grants=dict(grants))
    return team


def _name(team: Team, name: str) -> None:
    team.name = clean_name(name)[:80]
    if not team.name:
        raise NameMissing("name")
    if Team.objects.filter(name__iexact=team.name).exclude(pk=team.pk).exists():
        raise NameTaken("name", name=team.name)


def _fill(team: Team, member_ids: Iterable[int], grants: Mapping[str, bool]) -> list[int]:
    members = sorted(User.objects.filter(pk__in=list(member_ids)).values_list("pk", flat=True))
    Membership.objects.filter(team=team).exclude(user_id__in=members).delete()
    Membership.objects.bulk_create([Membership(team=team, user_id=pk) for pk in members], ignore_conflicts=True)
    set_grants(grants, team=team)
    return members
