"""What the board shows above: technicians, their time and their appointments."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pydantic_core import to_json

from callout.accounts.actor import Actor
from callout.accounts.models import Membership
from callout.board.queries.cards import appointments_within, cards
from callout.board.queries.crews import crews_within
from callout.core.errors import NotFound
from callout.core.intervals import Interval
from callout.core.travel import Roads
from callout.core.worktime import day_of
from callout.planning import queries as planning
from callout.planning.models import ActivityType, Resource

DAYS_AHEAD = 7
_OF_RESOURCES = (
    "user_id", "user__display_name", "branch__country", "branch__region", "branch__name", "colour", "time_zone",
    "presence",
)  # fmt: skip


def span(actor: Actor, start: date, days: int) -> Interval:
    """So many local days of the actor, from `start` on."""
    last = start + timedelta(days=days - 1)
    return Interval(day_of(start, actor.time_zone).starts, day_of(last, actor.time_zone).ends)


def opening_day(actor: Actor, *, today: date) -> date:
    """The day that the planner opens on: today, or the next day on which anybody works; today when nobody does."""
    week = span(actor, today, DAYS_AHEAD)
    resources = planning.resources_visible_to(actor).filter(active=True).select_related("branch", "user")
    calendars = planning.calendar(resources, week.starts, week.ends).values()
    for number in range(DAYS_AHEAD):
        day = span(actor, today + timedelta(days=number), 1)
        if any(each.overlaps(day) for calendar in calendars for each in calendar.bookable):
            return today + timedelta(days=number)
    return today


def board(actor: Actor, *, start: date, days: int, team: int | None, now: datetime, only: Sequence[int] = ()) -> bytes:
    """Everything that the board draws for some days, as JSON: nine statements, ten where presences are generated.

    `team` shows that team's people alone, `only` these calendars alone. Cancelled appointments are left out. Raises
    NotFound for an unknown team.
    """
    whole = span(actor, start, days)
    company = Company(actor, team, only)
    rows = appointments_within([each.pk for each in company.shown], whole)
    written = ",".join(cards(rows.order_by("pk"), actor=actor, crews=crews_within(whole)))
    roads = Roads()
    rest = {
        "time_zone": actor.time_zone,
        "start": whole.starts,
        "end": whole.ends,
        "now": now,
        "resources": _resources(company, whole),
        "activity_types": type_list(),
        "teams": company.team_list,
        "branches": company.branch_list,
        "roads": {"factor": roads.factor, "speed": roads.speed},
    }
    return b'{"appointments":[%b],%b' % (written.encode(), to_json(rest)[1:])


def type_list() -> list[dict[str, Any]]:
    """The types of work that are in use, by sector and name; one statement."""
    rows = ActivityType.objects.filter(active=True).select_related("sector")
    return [
        {
            "id": each.pk,
            "name": each.label,
            "colour": each.colour,
            "minutes": each.minutes,
            "sector_id": each.sector_id,
            "sector": each.sector.label,
        }
        for each in rows.order_by("sector__position", "name", "pk")
    ]


class Company:
    """The people whose calendars the actor sees, with teams, branches and what they do; three statements.

    `team` and `only` narrow those shown. Raises NotFound for an unknown team.
    """

    def __init__(self, actor: Actor, team: int | None, only: Sequence[int] = ()) -> None:
        everybody = list(planning.resources_visible_to(actor).filter(active=True).only(*_OF_RESOURCES))
        self.teams = _Teams(each.user_id for each in everybody)
        if team is not None and team not in self.teams.names:
            raise NotFound("team")
        wanted = frozenset(only)
        self.shown = [
            each
            for each in everybody
            if (team is None or team in self.teams.of.get(each.user_id, ())) and (not wanted or each.pk in wanted)
        ]
        self.eligible = planning.eligible_by_type()
        self.branches = {each.branch_id: each.branch.name for each in everybody}

    def who(self, resource: Resource) -> dict[str, Any]:
        """Whose calendar it is, and which types of work that person does."""
        mine = frozenset(self.teams.of.get(resource.user_id, ()))
        return {
            "id": resource.pk,
            "name": resource.user.display_name,
            "colour": resource.colour,
            "teams": self.teams.of.get(resource.user_id, []),
            "branch_id": resource.branch_id,
            "time_zone": resource.time_zone,
            "performs": [pk for pk, who in self.eligible.items() if who.includes(resource.user_id, mine)],
        }

    @property
    def team_list(self) -> list[dict[str, Any]]:
        """The teams of everybody, by name."""
        return [{"id": pk, "name": name} for pk, name in self.teams.names.items()]

    @property
    def branch_list(self) -> list[dict[str, Any]]:
        """The branches of everybody, by name."""
        return [{"id": pk, "name": name} for pk, name in sorted(self.branches.items(), key=lambda one: one[::-1])]


class _Teams:
    """The teams of people, by name; one statement."""

    def __init__(self, users: Iterable[int]) -> None:
        self.of: dict[int, list[int]] = {}
        self.names: dict[int, str] = {}
        rows = Membership.objects.filter(user__in=list(users)).order_by("team__name", "team_id", "user_id")
        for user_id, team_id, name in rows.values_list("user_id", "team_id", "team__name"):
            self.of.setdefault(user_id, []).append(team_id)
            self.names[team_id] = name


def _resources(company: Company, whole: Interval) -> list[dict[str, Any]]:
    days = planning.calendar(company.shown, whole.starts, whole.ends)
    return [
        company.who(each)
        | {
            "presence": [(stretch.starts, stretch.ends) for stretch in days[each.pk].presence],
            "closed": [
                {"starts": c.interval.starts, "ends": c.interval.ends, "kind": c.kind, "label": c.label}
                for c in days[each.pk].closures
            ],
        }
        for each in company.shown
    ]
