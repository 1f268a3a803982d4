"""Writing zones and classifications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.catalog import fields
from callout.catalog.commands import locked, save_unique
from callout.catalog.errors import AlreadyTaken, OutOfRange, UnknownReference
from callout.core.text import clean_name, fold
from callout.customers.models import Classification, Zone

ZONE = frozenset({"code", "name", "names"})
CLASSIFICATION = frozenset({"axis", "name", "names"})


@transaction.atomic
def save_zone(*, actor: Actor, now: datetime, zone_id: int | None = None, **values: Any) -> Zone:
    """Add a commercial zone, or change the one with this id. Raises NotFound, Many, AlreadyTaken."""
    actor.require("settings.admin")
    zone = locked(Zone.objects.all(), zone_id) if zone_id is not None else Zone()
    changes = fields.assign(zone, fields.clean(Zone, values, allowed=ZONE, whole=zone_id is None))
    if changes:
        fields.check_free(Zone, "code", zone.code, but=zone.pk)
        save_unique(zone, "code")
        verb = "created" if zone_id is None else "changed"
        record(f"zone.{verb}", subject=zone, actor=actor, at=now, changes=changes)
    return zone


@transaction.atomic
def save_classification(
    *, actor: Actor, now: datetime, classification_id: int | None = None, **values: Any
) -> Classification:
    """Add a value of classification 1, 2 or 3, or change the one with this id; the axis of a value stays.

    Raises NotFound, Many, AlreadyTaken.
    """
    actor.require("settings.admin")
    is_new = classification_id is None
    word = Classification() if classification_id is None else locked(Classification.objects.all(), classification_id)
    kept = fields.clean(Classification, values, allowed=CLASSIFICATION, whole=is_new)
    if kept.get("axis", 1) not in (1, 2, 3) or (not is_new and kept.get("axis", word.axis) != word.axis):
        raise OutOfRange("axis", least=1, most=3)
    changes = fields.assign(word, kept)
    if changes:
        if Classification.objects.filter(axis=word.axis, name=word.name).exclude(pk=word.pk).exists():
            raise AlreadyTaken("name", value=word.name, other=word.name)
        save_unique(word, "name")
        verb = "created" if is_new else "changed"
        record(f"classification.{verb}", subject=word, actor=actor, at=now, changes=changes)
    return word


@transaction.atomic
def ensure_zone(*, name: str, create: bool, actor: Actor, now: datetime) -> Zone:
    """The zone with this code or name, whatever its case; made when `create` and there is none.

    Raises UnknownReference when it may not be made.
    """
    actor.require("customer.write")
    wanted = fold(name)
    for zone in Zone.objects.order_by("pk"):
        if wanted in (fold(zone.code), fold(zone.name), fold(zone.label)):
            return zone
    if not create:
        raise UnknownReference("zone", value=name[:60])
    zone = Zone(code=_free_zone_code(clean_name(name)[:20]), name=clean_name(name)[:120])
    save_unique(zone, "code")
    record("zone.created", subject=zone, actor=actor, at=now, name=zone.name)
    return zone


def _free_zone_code(code: str) -> str:
    """The code, or its beginning and a number when another zone has it: long names may begin alike."""
    taken = set(Zone.objects.values_list("code", flat=True))
    if code not in taken:
        return code
    return next(free for n in range(2, len(taken) + 3) if (free := f"{code[:15]}-{n}") not in taken)


@transaction.atomic
def ensure_classification(*, axis: int, name: str, create: bool, actor: Actor, now: datetime) -> Classification:
    """The value of that classification with this name; made when `create` and there is none."""
    actor.require("customer.write")
    wanted = fold(name)
    for word in Classification.objects.filter(axis=axis).order_by("pk"):
        if wanted in (fold(word.name), fold(word.label)):
            return word
    if not create:
        raise UnknownReference(f"classification_{axis}", value=name[:60])
    word = Classification(axis=axis, name=clean_name(name)[:120])
    save_unique(word, "name")
    record("classification.created", subject=word, actor=actor, at=now, axis=axis, name=word.name)
    return word
