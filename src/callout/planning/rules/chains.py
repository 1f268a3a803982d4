"""Which tasks an activity makes by itself when it opens or closes, with their due dates."""

from collections import deque
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from callout.core.recurrence import FreeDays, IsWorking, NoWorkingDay, Rule, Unit, dates_until, next_date

MOST = 1_000
"""Tasks that one activity makes at most by opening or closing."""
LAST_DAY = date(2200, 12, 31)
OPENED, CLOSED, TASK_CLOSED = "opened", "closed", "task_closed"
CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Link:
    """A chain as the rules know it: on `trigger` a task of type `creates`, due as unit, every and base say."""

    id: int
    trigger: str
    creates: int
    unit: str = ""
    every: int = 1
    free_days: str = FreeDays.AFTER
    base: str = "due"


@dataclass(frozen=True, slots=True)
class Due:
    """A task to make. `after` is the place, in the same plan, of the task whose opening makes it; None: the activity's.

    Those due before today are `closed` from the beginning.
    """

    link: Link
    on: date
    closed: bool
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an activity makes, in the order of making; `cut` says that there would have been more than MOST."""

    dues: tuple[Due, ...]
    cut: bool = False


def triggers_of(*, closes: bool, is_task: bool) -> frozenset[str]:
    """What happens when an activity opens or closes, as chains name it."""
    if not closes:
        return frozenset({OPENED})
    return frozenset({CLOSED, TASK_CLOSED}) if is_task else frozenset({CLOSED})


def days_of(link: Link, base: date, *, today: date, is_working: IsWorking) -> tuple[list[date], bool]:
    """The due dates that follow `base`: those before today, and the first one that is not; whether some are left out.

    Of more than MOST the latest are kept. There may be none, where every date is one on which nobody works and that is
    left out. Raises BadRecurrence.
    """
    if not link.unit:
        return _once(link, base, is_working), False
    rule = Rule(Unit(link.unit), link.every, FreeDays(link.free_days))
    past = dates_until(rule, base, today - timedelta(days=1), is_working)
    following = _following(rule, base, max([base, today - timedelta(days=1), *past[-1:]]), is_working)
    return [*past, *following][-MOST:], len(past) + len(following) > MOST


def _following(rule: Rule, base: date, after: date, is_working: IsWorking) -> list[date]:
    """The next date; none where every date would be left out, or lies beyond the last year."""
    try:
        day = next_date(rule, base, after, is_working)
    except (NoWorkingDay, OverflowError):
        return []
    return [day] if day <= LAST_DAY else []


def _once(link: Link, base: date, is_working: IsWorking) -> list[date]:
    """The date itself, moved if nobody works on it."""
    if link.free_days == FreeDays.SKIP:
        return [base] if is_working(base) else []
    if link.free_days == FreeDays.KEEP or is_working(base):
        return [base]
    step = 1 if link.free_days == FreeDays.AFTER else -1
    rule = Rule(Unit.DAY, 1, FreeDays.SKIP)
    if step > 0:
        return [next_date(rule, base, base, is_working)]
    return dates_until(rule, base - timedelta(days=366), base, is_working)[-1:]


def plan(
    links: Mapping[int, Sequence[Link]],
    *,
    type_id: int,
    triggers: Iterable[str],
    due: date,
    today: date,
    is_working: IsWorking,
    fired: Container[int] = (),
) -> Plan:
    """What an activity of a type, due on a day, makes by opening or closing today.

    `links` are the chains of every type, `fired` those that have made their tasks for this activity before. Tasks that
    are still open when they are made open chains of their own; closed ones none. Stops at MOST. Raises BadRecurrence.
    """
    made: list[Due] = []
    cut = False
    waiting: deque[tuple[int | None, int, frozenset[str], date]] = deque([(None, type_id, frozenset(triggers), due)])
    while waiting:
        after, kind, now, old = waiting.popleft()
        for link in links.get(kind, ()):
            if link.trigger not in now or (after is None and link.id in fired):
                continue
            base = today if link.base == CLOSING else old
            days, left_out = days_of(link, base, today=today, is_working=is_working)
            cut = cut or left_out or len(made) + len(days) > MOST
            for day in days[: MOST - len(made)]:
                made.append(Due(link, day, day < today, after))
                if day >= today:
                    waiting.append((len(made) - 1, link.creates, frozenset({OPENED}), day))
    return Plan(tuple(made), cut)


def endless(links: Mapping[int, Sequence[Link]], type_id: int) -> bool:
    """Whether opening an activity of the type makes, by way of others or at once, one of the same type again."""
    seen: set[int] = set()
    ahead = [type_id]
    while ahead:
        for link in links.get(ahead.pop(), ()):
            if link.trigger == OPENED and link.creates == type_id:
                return True
            if link.trigger == OPENED and link.creates not in seen:
                seen.add(link.creates)
                ahead.append(link.creates)
    return False
