"""Who a person is and what that person may do."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Concat

from callout.accounts.actor import NOBODY, Actor
from callout.accounts.models import Branch, Grant, Membership, Team, User
from callout.accounts.rules import ADMINISTERS, ROLES, rights_of
from callout.core.errors import NotFound
from callout.db.compiled import Compiled

ADMINISTRATION_LOCK = 5_072_002  # a key of advisory locks that nothing else uses


def people_with_rights() -> models.QuerySet[User]:
    """People with teams, branches and grants in the same statement, so that a request needs one query for them.

    A grant is the right behind a plus when it is allowed, behind a minus when it is denied.
    """
    teams = Membership.objects.filter(user=OuterRef("pk")).values("team_id")
    grants = Grant.objects.filter(
        Q(user=OuterRef("pk")) | Q(team_id__in=Membership.objects.filter(user=OuterRef(OuterRef("pk"))).values("team"))
    )
    return User.objects.annotate(
        team_ids=ArraySubquery(teams),
        branch_ids=ArraySubquery(User.branches.through.objects.filter(user_id=OuterRef("pk")).values("branch_id")),
        grant_list=ArraySubquery(
            grants.values(sign=Concat(Case(When(allowed=True, then=Value("+")), default=Value("-")), "right"))
        ),
    )


_active_person = Compiled(lambda pk: people_with_rights().filter(pk=pk, is_active=True), pk=-1)


def active_person(user_id: int) -> User | None:
    """The active person with this id, ready for `actor_for`; None when there is none, or somebody disabled."""
    return _active_person.first(pk=user_id)


def actor_for(user: User) -> Actor:
    """The actor that a person is, with rights as they are now; somebody disabled is nobody."""
    if not user.is_active:
        return NOBODY
    if not hasattr(user, "grant_list"):
        user = people_with_rights().get(pk=user.pk)
    grants = [(sign[1:], sign[0] == "+") for sign in user.grant_list]  # type: ignore[attr-defined]  # annotated above
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
    return User.objects.filter(pk=user_id or 0).values_list("language", flat=True).first()


def people(actor: Actor) -> models.QuerySet[User]:
    """Everybody, for administrators of people; nobody for others."""
    found = User.objects.prefetch_related("teams", "branches")
    return found if actor.may(ADMINISTERS) else found.none()


def one_person(pk: int, *, actor: Actor) -> User:
    """The person. Raises NotFound."""
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def teams(actor: Actor) -> models.QuerySet[Team]:
    """Every team, for administrators of people; none for others."""
    found = Team.objects.select_related("branch")
    return found if actor.may(ADMINISTERS) else found.none()


def one_team(pk: int, *, actor: Actor) -> Team:
    """The team. Raises NotFound."""
    found = teams(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def grants_of(*, user: User | None = None, team: Team | None = None) -> dict[str, bool]:
    """What is allowed and denied to one person or team on top of the roles."""
    return dict(Grant.objects.filter(user=user, team=team).values_list("right", "allowed"))


def administrators() -> models.QuerySet[User]:
    """People who can sign in and administer people, by role or by an allowance, unless it is denied to them."""
    own = Grant.objects.filter(
        Q(user=OuterRef("pk")) | Q(team__in=Membership.objects.filter(user=OuterRef(OuterRef("pk"))).values("team")),
        right=ADMINISTERS,
    )
    roles = [role for role, rights in ROLES.items() if ADMINISTERS in rights]
    found = User.objects.filter(is_active=True, setup_pending=False)
    return found.filter(Q(roles__overlap=roles) | Exists(own.filter(allowed=True))).exclude(
        Exists(own.filter(allowed=False))
    )


def lock_person(pk: int) -> User:
    """The person, locked until the transaction ends. Raises NotFound."""
    found = User.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def hold_administration() -> None:
    """One change of who may do what at a time, so that two cannot take away the last administrator together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMINISTRATION_LOCK])
