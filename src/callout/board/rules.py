"""How somebody may arrange the planner, and how a copied appointment keeps its clock time."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from callout.core.errors import Invalid

VIEWS = ("day", "week", "month", "list")
COLOURS = ("state", "type", "priority")
GROUPS = ("none", "team", "branch")
ORDERS = ("priority", "age")
MOST_FAVOURITES, MOST_COLLAPSED = 500, 200
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Look:
    """One person's arrangement of the planner.

    `weekdays` are those shown, 0 being Monday; `hours` the first and the last hour of the day shown, 0 to 24, or None
    for as many as there is presence; `zoom` a step of the time axis; `pane` the height of the list below in pixels;
    `favourites` the calendars pinned on top; `collapsed` the keys of closed groups.
    """

    view: str = "day"
    colours: str = "state"
    groups: str = "none"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    hours: tuple[int, int] | None = None
    zoom: int = 0
    pane: int = 240
    favourites: tuple[int, ...] = ()
    collapsed: tuple[str, ...] = ()
    waiting_order: str = "priority"
    map: bool = False
    travel: bool = True
    ask_before_mail: bool = False


def _is_int(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _distinct(values: Any, most: int, fits: Callable[[Any], bool]) -> bool:
    if not isinstance(values, list | tuple) or len(values) > most:
        return False
    return all(fits(one) for one in values) and len(set(values)) == len(values)


def _is_hours(value: Any) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(_is_int(one, 0, 24) for one in value)
        and value[0] < value[1]
    )


_FITS: dict[str, Callable[[Any], bool]] = {
    "view": lambda value: value in VIEWS,
    "colours": lambda value: value in COLOURS,
    "groups": lambda value: value in GROUPS,
    "weekdays": lambda value: bool(value) and _distinct(value, 7, lambda one: _is_int(one, 0, 6)),
    "hours": _is_hours,
    "zoom": lambda value: _is_int(value, 0, 5),
    "pane": lambda value: _is_int(value, 40, 4000),
    "favourites": lambda value: _distinct(value, MOST_FAVOURITES, lambda one: _is_int(one, 1, LARGEST_ID)),
    "collapsed": lambda value: _distinct(value, MOST_COLLAPSED, lambda one: isinstance(one, str) and len(one) <= 40),
    "waiting_order": lambda value: value in ORDERS,
    "map": lambda value: isinstance(value, bool),
    "travel": lambda value: isinstance(value, bool),
    "ask_before_mail": lambda value: isinstance(value, bool),
}
NAMES = tuple(field.name for field in fields(Look))


def checked(given: Mapping[str, Any]) -> Look:
    """A look as somebody arranged it; what is not given is as usual. Raises Invalid with the wrong field."""
    for name in NAMES:
        if name in given and not _FITS[name](given[name]):
            raise Invalid(name)
    return _look({name: given[name] for name in NAMES if name in given})


def kept(stored: Mapping[str, Any]) -> Look:
    """A look as it was stored, perhaps by another version: what cannot be used is as usual."""
    return _look({name: stored[name] for name in NAMES if name in stored and _FITS[name](stored[name])})


def _look(values: dict[str, Any]) -> Look:
    exact: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()}
    return Look(**exact)


def plain(look: Look) -> dict[str, Any]:
    """The look as JSON holds it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(look).items()}
