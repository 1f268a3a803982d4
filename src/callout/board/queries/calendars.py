"""What the board shows above: technicians, their time and their appointments."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from pydantic_core import to_json

from callout.accounts.actor import Actor
from callout.accounts.models import Membership
from callout.board.queries.cards import appointments_within, cards
from callout.core.errors import NotFound
from callout.core.intervals import Interval
from callout.core.worktime import day_of
from callout.planning import queries as planning
from callout.planning.models import ActivityType, Resource

DAYS_AHEAD = 7
_OF_RESOURCES = (
    "user_id", "user__display_name", "branch__country", "branch__region", "colour", "time_zone", "presence",
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


def board(actor: Actor, *, start: date, days: int, team: int | None, now: datetime) -> bytes:
    """Everything that the board draws for some days, as JSON: eight statements, nine where presences are generated.

    `team` shows that team's people alone. Cancelled appointments are left out. Raises NotFound for an unknown team.
    """
    whole = span(actor, start, days)
    everybody = list(planning.resources_visible_to(actor).filter(active=True).only(*_OF_RESOURCES))
    teams = _Teams(each.user_id for each in everybody)
    shown = everybody if team is None else [each for each in everybody if team in teams.of.get(each.user_id, ())]
    if team is not None and team not in teams.names:
        raise NotFound("team")
    rows = appointments_within([each.pk for each in shown], whole)
    written = ",".join(cards(rows.order_by("pk"), actor=actor))
    rest = {
        "time_zone": actor.time_zone,
        "start": whole.starts,
        "end": whole.ends,
        "now": now,
        "resources": _resources(shown, teams, whole),
        "activity_types": [
            {"id": each.pk, "name": each.label, "colour": each.colour, "minutes": each.minutes}
            for each in ActivityType.objects.filter(active=True).order_by("sector__position", "name", "pk")
        ],
        "teams": [{"id": pk, "name": name} for pk, name in teams.names.items()],
    }
    return b'{"appointments":[%b],%b' % (written.encode(), to_json(rest)[1:])


class _Teams:
    """The teams of people, by name; one statement."""

    def __init__(self, users: Iterable[int]) -> None:
        self.of: dict[int, list[int]] = {}
        self.names: dict[int, str] = {}
        rows = Membership.objects.filter(user__in=list(users)).order_by("team__name", "team_id", "user_id")
        for user_id, team_id, name in rows.values_list("user_id", "team_id", "team__name"):
            self.of.setdefault(user_id, []).append(team_id)
            self.names[team_id] = name


def _resources(shown: Collection[Resource], teams: _Teams, whole: Interval) -> list[dict[str, Any]]:
    eligible = planning.eligible_by_type()
    days = planning.calendar(shown, whole.starts, whole.ends)
    found = []
    for each in shown:
        mine = frozenset(teams.of.get(each.user_id, ()))
        day = days[each.pk]
        found.append(
            {
                "id": each.pk,
                "name": each.user.display_name,
                "colour": each.colour,
                "teams": teams.of.get(each.user_id, []),
                "time_zone": each.time_zone,
                "performs": [pk for pk, who in eligible.items() if who.includes(each.user_id, mine)],
                "presence": [(stretch.starts, stretch.ends) for stretch in day.presence],
                "closed": [
                    {"starts": c.interval.starts, "ends": c.interval.ends, "kind": c.kind, "label": c.label}
                    for c in day.closures
                ],
            }
        )
    return found
