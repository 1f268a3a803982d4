"""Sectors and activity states: the users' own words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import Invalid
from callout.planning import rules
from callout.planning.commands.checks import locked, put_name, remove
from callout.planning.errors import CategoryInUse, InUse, NeedsDefault, ObsoleteDefault, SectorInUse
from callout.planning.models import ActivityState, Appointment, Category, Sector, Task


@transaction.atomic
def save_sector(
    *,
    sector_id: int | None,
    name: str,
    names: Mapping[str, str],
    position: int = 0,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Sector:
    """Add a sector (`sector_id` None) or change one. Raises NotFound, StaleVersion or NoName."""
    actor.require("planning.admin")
    sector = locked(Sector, sector_id, version)
    put_name(sector, name, names)
    sector.position = position
    sector.save()
    record("sector.saved", subject=sector, actor=actor, at=now, name=sector.name, position=position)
    return sector


@transaction.atomic
def remove_sector(*, sector_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """Delete a sector without activity types. Raises NotFound, StaleVersion or SectorInUse."""
    actor.require("planning.admin")
    sector = locked(Sector, sector_id, version)
    record("sector.removed", subject=sector, actor=actor, at=now, name=sector.name)
    remove(sector, SectorInUse)


@transaction.atomic
def save_state(
    *,
    state_id: int | None,
    name: str,
    names: Mapping[str, str],
    colour: str,
    category: str,
    is_default: bool,
    obsolete: bool,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> ActivityState:
    """Add an activity state (`state_id` None) or change one.

    The new default of a category takes the place of the old one. Raises NotFound, StaleVersion, NoName, BadColour,
    CategoryInUse, NeedsDefault, ObsoleteDefault.
    """
    actor.require("planning.admin")
    # One at a time: each category keeps exactly one default, whoever saves what at the same moment.
    list(ActivityState.objects.select_for_update().order_by("pk").values_list("pk"))
    state = locked(ActivityState, state_id, version)
    before = state.category if state_id else None
    _check_state(state, category, is_default=is_default, obsolete=obsolete, is_new=state_id is None)
    put_name(state, name, names)
    rules.check_colour(colour)
    state.colour, state.category, state.obsolete = colour, category, obsolete
    if is_default:
        ActivityState.objects.filter(category=category, is_default=True).exclude(pk=state.pk).update(
            is_default=False, version=models.F("version") + 1
        )
    state.is_default = is_default
    state.save()
    record(
        "state.saved", subject=state, actor=actor, at=now, name=state.name, category=category, before=before,
        is_default=is_default, obsolete=obsolete,
    )  # fmt: skip
    return state


@transaction.atomic
def remove_state(*, state_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """Delete a state that no activity has ever had. Raises NotFound, StaleVersion, NeedsDefault or InUse."""
    actor.require("planning.admin")
    state = locked(ActivityState, state_id, version)
    if state.is_default:
        raise NeedsDefault(name=str(state), category=str(state.get_category_display()))
    record("state.removed", subject=state, actor=actor, at=now, name=state.name)
    remove(state, InUse)


def _check_state(state: ActivityState, category: str, *, is_default: bool, obsolete: bool, is_new: bool) -> None:
    if category not in Category.values:
        raise Invalid("category")
    if is_default and obsolete:
        raise ObsoleteDefault("obsolete")
    if is_new:
        return
    shown: dict[str, Any] = {"name": str(state), "category": str(state.get_category_display())}
    used = any(rows.filter(state=state).exists() for rows in (Appointment.objects, Task.objects))
    if state.category != category and used:
        raise CategoryInUse("category", **shown)
    if state.is_default and (not is_default or state.category != category):
        raise NeedsDefault("is_default", **shown)
