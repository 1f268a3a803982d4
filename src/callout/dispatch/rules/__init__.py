"""What is asked of dispatch, and how urgent a piece of work is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from callout.core.errors import DomainError, Many
from callout.core.worktime import check_day
from callout.dispatch.errors import BadLunch, DayOver, NoDays, TooManyDays

MOST_DAYS, LONGEST_SPAN = 14, 62
LEAST_SECONDS, MOST_SECONDS, USUAL_SECONDS = 2, 300, 20
LEAST_LUNCH, MOST_LUNCH = 10, 180
MOST_ORDERS = 1_000
"""Work orders that one run looks at, the most urgent first."""
BAND, AGES = 33, 16
"""Of the 100 steps of urgency a third belongs to each priority; half of that to age, the other half to promises."""
SETS = ("team_ids", "resource_ids", "type_ids", "sector_ids", "zone_ids")


@dataclass(frozen=True, slots=True)
class Lunch:
    """A break of so many minutes that begins between two times of the day, by each person's own clock."""

    earliest: time
    latest: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a run is about: local days, whose, which work, and for how many seconds it looks for the best answer.

    A set that is empty leaves its matter open. `resource_ids` and `team_ids` add up.
    """

    days: tuple[date, ...]
    team_ids: frozenset[int] = frozenset()
    resource_ids: frozenset[int] = frozenset()
    type_ids: frozenset[int] = frozenset()
    sector_ids: frozenset[int] = frozenset()
    zone_ids: frozenset[int] = frozenset()
    lunch: Lunch | None = None
    seconds: int = USUAL_SECONDS

    @property
    def names_people(self) -> bool:
        """Whether only some people are asked."""
        return bool(self.team_ids or self.resource_ids)


def check(choice: Choice, *, today: date) -> Choice:
    """The choice with its days in order. Raises NoDays, TooManyDays, DayOver, DayOutOfRange, BadLunch, or Many."""
    days = tuple(sorted(set(choice.days)))
    if not days:
        raise NoDays("days")
    for day in days:
        check_day(day, field="days")
    problems: list[DomainError] = [DayOver("days", day=day) for day in days[:1] if day < today]
    if len(days) > MOST_DAYS or (days[-1] - days[0]).days >= LONGEST_SPAN:
        problems.append(TooManyDays("days", most=MOST_DAYS, span=LONGEST_SPAN))
    if choice.lunch and not _can_be(choice.lunch):
        problems.append(BadLunch("lunch", least=LEAST_LUNCH, most=MOST_LUNCH))
    if problems:
        raise problems[0] if len(problems) == 1 else Many(problems)
    return replace(choice, days=days)


def _can_be(lunch: Lunch) -> bool:
    return lunch.earliest <= lunch.latest and LEAST_LUNCH <= lunch.minutes <= MOST_LUNCH


def as_facts(choice: Choice) -> dict[str, Any]:
    """The choice as JSON values."""
    lunch = choice.lunch
    return {
        "days": [day.isoformat() for day in choice.days],
        **{name: sorted(getattr(choice, name)) for name in SETS},
        "lunch": [f"{lunch.earliest:%H:%M}", f"{lunch.latest:%H:%M}", lunch.minutes] if lunch else None,
        "seconds": choice.seconds,
    }


def choice_of(facts: Mapping[str, Any]) -> Choice:
    """The choice that `as_facts` wrote."""
    lunch = facts["lunch"]
    return Choice(
        days=tuple(date.fromisoformat(day) for day in facts["days"]),
        lunch=Lunch(time.fromisoformat(lunch[0]), time.fromisoformat(lunch[1]), lunch[2]) if lunch else None,
        seconds=facts["seconds"],
        **{name: frozenset(facts[name]) for name in SETS},
    )


def urgency(priority: int, *, received_at: datetime, due_at: datetime | None, now: datetime) -> int:
    """From 1 to 100: the priority (1 low, 2 medium, 3 high) above all, then how long it waits and what was promised.

    Work of a higher priority is always more urgent, work that waits a day longer never less.
    """
    band = min(max(priority, 1), 3) - 1
    age = min(max((now - received_at).days, 0), AGES)
    return 1 + band * BAND + age + _promise(due_at, now)


def _promise(due_at: datetime | None, now: datetime) -> int:
    if due_at is None:
        return 0
    left = due_at - now
    if left <= timedelta():
        return AGES
    steps = ((timedelta(days=1), 12), (timedelta(days=3), 8), (timedelta(days=7), 4))
    return next((points for until, points in steps if left <= until), 1)
