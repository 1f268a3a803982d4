"""Lists of people and teams."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.accounts import queries
from callout.accounts.actor import Actor
from callout.accounts.models import ROLE_CHOICES, Branch, Membership, Team, User
from callout.accounts.rules import ROLE_NAMES
from callout.ui.filters import BoolFilter, ChoiceFilter, ModelFilter, TextFilter
from callout.ui.lists import Column, ListPage


def roles_of(person: User) -> str:
    """The roles of a person in words."""
    return ", ".join(gettext(ROLE_NAMES[role]) for role in person.roles)


def standing(person: User) -> tuple[Any, str]:
    """Whether the person can sign in."""
    if not person.is_active:
        return _("disabled"), "secondary"
    return (_("first access open"), "orange") if person.setup_pending else (_("active"), "green")


def found(rows: QuerySet, text: str) -> QuerySet:
    """People by part of the name, user name or address."""
    return rows.filter(Q(display_name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text))


def with_role(rows: QuerySet, wanted: tuple[str, ...]) -> QuerySet:
    """People with one of these roles."""
    return rows.filter(roles__overlap=list(wanted))


def in_team(rows: QuerySet, wanted: tuple[int, ...]) -> QuerySet:
    """Members of one of these teams."""
    return rows.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), team__in=wanted)))


def of_branch(rows: QuerySet, wanted: tuple[int, ...]) -> QuerySet:
    """People of one of these branches."""
    return rows.filter(Exists(User.branches.through.objects.filter(user_id=OuterRef("pk"), branch_id__in=wanted)))


class People(ListPage):
    """Everybody who can, could or will be able to sign in."""

    name = "people"
    title = _("People")
    right = "people.admin"
    order = ("display_name", "id")
    row_url = "person"
    search = found
    actions = ((_("New person"), "person_new", "people.admin"), (_("Teams"), "teams", "people.admin"))
    columns = (
        Column("display_name", _("Name"), sort="display_name"),
        Column("username", _("User name"), value=lambda p: "" if p.setup_pending else p.username, sort="username"),
        Column("roles", _("Roles"), value=roles_of),
        Column("teams", _("Teams"), value=lambda person: ", ".join(team.name for team in person.teams.all())),
        Column("branches", _("Branches"), value=lambda p: ", ".join(branch.code for branch in p.branches.all())),
        Column("state", _("State"), value=standing, kind="status"),
        Column("email", _("E-mail"), sort="email"),
        Column("phone", _("Phone"), kind="phone", default=False),
        Column("language", _("Language"), value=lambda p: p.get_language_display(), default=False),
        Column("last_login", _("Last sign-in"), sort="last_login", kind="datetime", default=False),
    )
    filters = (
        ChoiceFilter("role", _("Role"), ROLE_CHOICES, apply=with_role),
        ModelFilter("team", _("Team"), queries.teams, apply=in_team),
        ModelFilter("branch", _("Branch"), Branch.objects.all(), apply=of_branch),
        BoolFilter("active", _("Active"), "is_active"),
        BoolFilter("pending", _("First access open"), "setup_pending"),
    )

    def rows(self, actor: Actor) -> QuerySet:
        """Everybody, with teams and branches."""
        return queries.people(actor)


class Teams(ListPage):
    """Teams and how many people each has."""

    name = "teams"
    title = _("Teams")
    right = "people.admin"
    order = ("name", "id")
    row_url = "team"
    actions = ((_("New team"), "team_new", "people.admin"), (_("People"), "people", "people.admin"))
    columns = (
        Column("name", _("Name"), sort="name"),
        Column("branch", _("Branch"), value="branch.name", sort="branch__name"),
        Column("people", _("People"), value="people", kind="number"),
    )
    filters = (TextFilter("named", _("Name"), "name__icontains"),)

    def rows(self, actor: Actor) -> QuerySet[Team]:
        """Every team."""
        return queries.teams(actor).annotate(people=Count("members"))
