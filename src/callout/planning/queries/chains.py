"""The chains that there are, and on which days people work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language, gettext

from callout.accounts.models import Branch
from callout.core.errors import DomainError
from callout.core.holidays_of import holidays_between
from callout.core.worktime import day_of, zone_of
from callout.db.compiled import Compiled
from callout.documents.queries import terms_of
from callout.documents.rules import MODULE_OF, check_open, choose_book
from callout.planning.models import Absence, ActivityType, Chain
from callout.planning.rules import chains as chain_rules
from callout.planning.rules.chains import Link, Plan

WORKED = range(5)  # Monday to Friday
_FIELDS = ("id", "trigger", "creates_id", "unit", "every", "free_days", "base")
_chains = Compiled(lambda: Chain.objects.filter(creates__active=True).order_by("position", "id"))


def links() -> dict[int, list[Link]]:
    """The chains of every type whose tasks are still made, in their order; one statement."""
    found: dict[int, list[Link]] = {}
    for row in _chains.all():
        found.setdefault(row.activity_type_id, []).append(link_of(row))
    return found


def link_of(row: Chain) -> Link:
    """A chain as the rules know it."""
    return Link(*(getattr(row, name) for name in _FIELDS))


class WorkingDays:
    """The days on which a branch works: Monday to Friday but for the public holidays of its country and region."""

    def __init__(self, branch: Branch) -> None:
        self._place = (branch.country, branch.region)
        self._years: dict[int, dict[date, str]] = {}

    def __call__(self, day: date) -> bool:
        """Whether somebody works on the day."""
        return day.weekday() in WORKED and not self.holiday(day)

    def holiday(self, day: date) -> str:
        """The name of the public holiday on that day in the reader's language; empty for none."""
        if day.year not in self._years:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
            self._years[day.year] = dict(holidays_between(*self._place, first, last, get_language() or "en"))
        return self._years[day.year].get(day, "")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A task as it would be made, and what stands against it, in words."""

    type: str
    due_on: date
    closed: bool
    number: int
    after: int | None
    clashes: list[str]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would be made; `cut` when there would have been more than can be made at once."""

    tasks: list[Foreseen]
    cut: bool


def dry_run(
    chains: Mapping[int, list[Link]],
    *,
    activity_type: ActivityType | None,
    closes: bool,
    is_task: bool,
    due: date,
    branch: Branch,
    owners: Mapping[int, int | None],
    now: datetime,
) -> DryRun:
    """What an activity of the type, due on a day, would make by opening or closing now; nothing is written.

    `chains` are those of every type, `activity_type` None stands for a new one, whose key is 0. `owners` say whose the
    tasks of a chain are, where that is known. Raises BadRecurrence.
    """
    days = WorkingDays(branch)
    today = now.astimezone(zone_of(branch.time_zone)).date()
    plan = chain_rules.plan(
        chains,
        type_id=activity_type.pk if activity_type else 0,
        triggers=chain_rules.triggers_of(closes=closes, is_task=is_task),
        due=due,
        today=today,
        is_working=days,
    )
    types = ActivityType.objects.in_bulk({each.link.creates for each in plan.dues})
    if activity_type is not None:
        types[activity_type.pk] = activity_type
    against = _Clashes(plan, types, owners, branch, days, today)
    tasks = [
        Foreseen(str(types.get(each.link.creates, "")), each.on, each.closed, place, each.after, against.of(place))
        for place, each in enumerate(plan.dues)
    ]
    return DryRun(tasks, plan.cut)


class _Clashes:
    """What stands against the tasks of a plan."""

    def __init__(
        self,
        plan: Plan,
        types: Mapping[int, ActivityType],
        owners: Mapping[int, int | None],
        branch: Branch,
        days: WorkingDays,
        today: date,
    ) -> None:
        self.plan, self.owners, self.days = plan, owners, days
        self.zone = branch.time_zone
        self.books = {series: _book_clash(branch, series, today) for series in _series(plan, types)}
        self.types = types
        self.away = self._absences()

    def of(self, place: int) -> list[str]:
        """In words, for the task in that place."""
        due = self.plan.dues[place]
        found = []
        if holiday := self.days.holiday(due.on):
            found.append(gettext("public holiday: %(holiday)s") % {"holiday": holiday})
        elif not self.days(due.on):
            found.append(gettext("nobody works on that day"))
        if not due.closed and (reason := self._reason(due.link.id, due.on)):
            found.append(gettext("the person is away: %(reason)s") % {"reason": reason})
        kind = self.types.get(due.link.creates)
        if kind is not None and kind.number_series and (clash := self.books.get(kind.number_series)):
            found.append(clash)
        return found

    def _absences(self) -> dict[int, list[tuple[datetime, datetime, str]]]:
        people = {owner for owner in self.owners.values() if owner is not None}
        if not people or not self.plan.dues:
            return {}
        first, last = (day_of(pick(each.on for each in self.plan.dues), self.zone) for pick in (min, max))
        rows = Absence.objects.filter(resource__user_id__in=people, starts__lt=last.ends, ends__gt=first.starts)
        found: dict[int, list[tuple[datetime, datetime, str]]] = {}
        for user_id, starts, ends, reason in rows.values_list("resource__user_id", "starts", "ends", "reason"):
            found.setdefault(user_id, []).append((starts, ends, reason))
        return found

    def _reason(self, link_id: int, on: date) -> str:
        """Why who would have the task is away on that day; empty when not."""
        owner = self.owners.get(link_id)
        rows = self.away.get(owner, []) if owner is not None else []
        whole = day_of(on, self.zone) if rows else None
        return next((why for starts, ends, why in rows if whole and starts < whole.ends and ends > whole.starts), "")


def _series(plan: Plan, types: Mapping[int, ActivityType]) -> Iterable[str]:
    found = (types.get(each.link.creates) for each in plan.dues)
    return {kind.number_series for kind in found if kind is not None and kind.number_series}


def _book_clash(branch: Branch, series: str, today: date) -> str:
    """Why a task could not get a number of that book; empty when it could."""
    terms = terms_of(branch, since=today, until=today)
    try:
        check_open(terms.spans(MODULE_OF["task"]), on=today, branch=branch.name)
    except DomainError:
        return gettext("no open period for its number")
    if choose_book(terms.books, kind="task", series=series) is None:
        return gettext("there is no number book for its number")
    return ""
