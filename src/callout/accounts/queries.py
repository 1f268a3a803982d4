"""Who a person is and what that person may do."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from callout.accounts.actor import NOBODY, Actor
from callout.accounts.models import Branch, Grant, Membership, User
from callout.accounts.rules import rights_of


def people_with_rights() -> models.QuerySet[User]:
    """People with teams, branches and grants in the same statement, so that a request needs one query for them."""
    teams = Membership.objects.filter(user=OuterRef("pk")).values("team_id")
    grants = Grant.objects.filter(
        Q(user=OuterRef("pk")) | Q(team_id__in=Membership.objects.filter(user=OuterRef(OuterRef("pk"))).values("team"))
    )
    return User.objects.annotate(
        team_ids=ArraySubquery(teams),
        branch_ids=ArraySubquery(User.branches.through.objects.filter(user_id=OuterRef("pk")).values("branch_id")),
        grant_list=ArraySubquery(grants.values(pair=JSONObject(right="right", allowed="allowed"))),
    )


def actor_for(user: User) -> Actor:
    """The actor that a person is, with rights as they are now; somebody disabled is nobody."""
    if not user.is_active:
        return NOBODY
    if not hasattr(user, "grant_list"):
        user = people_with_rights().get(pk=user.pk)
    grants = [(pair["right"], pair["allowed"]) for pair in user.grant_list]  # type: ignore[attr-defined]
    return Actor(
        user_id=user.pk,
        name=user.display_name,
        rights=rights_of(user.roles, grants),
        roles=frozenset(user.roles),
        team_ids=frozenset(user.team_ids),  # type: ignore[attr-defined]  # annotated above
        branch_ids=frozenset(user.branch_ids),  # type: ignore[attr-defined]  # annotated above
        language=user.language,
        time_zone=user.time_zone,
    )


def branches_for(actor: Actor) -> models.QuerySet[Branch]:
    """The branches that the actor works for; all of them when none are named."""
    return Branch.objects.filter(pk__in=actor.branch_ids) if actor.branch_ids else Branch.objects.all()


def colleagues() -> models.QuerySet[User]:
    """Active people, by name."""
    return User.objects.filter(is_active=True).order_by("display_name", "id")


def language_of(user_id: int | None) -> str | None:
    """The language of a person; None for the system and for people who are gone."""
    return User.objects.filter(pk=user_id).values_list("language", flat=True).first()
