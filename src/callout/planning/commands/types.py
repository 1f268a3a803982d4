"""Activity types: who plans and performs them, what completing them bills, who is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction

from callout.accounts.actor import Actor
from callout.accounts.models import Team, User
from callout.audit.commands import record
from callout.catalog.models import Product
from callout.core.errors import Invalid, NotFound
from callout.core.text import clean_name
from callout.planning import registry, rules
from callout.planning.commands.chains import ChainRow, write_chains
from callout.planning.commands.checks import locked, put_name, remove, uses_of
from callout.planning.errors import ExternalIdTaken, InUse, KindInUse, NamesNobody, UnknownField
from callout.planning.models import ActivityType, BillingItem, Chain, Eligibility, Sector
from callout.planning.queries import Eligible

PLAIN = frozenset({"number_series", "registration_type", "external_id"})


class TypeFields(TypedDict, total=False):
    """What can be said about an activity type besides its name; what is left out stays as it is."""

    sector_id: int
    kind: str
    minutes: int
    colour: str
    number_series: str
    notify_owner: bool
    layout: list[str]
    chargeable: bool
    registration_type: str
    mail_customer_on: list[str]
    mailing_list: str
    active: bool
    external_id: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A line that completing an activity makes: a product, and how much of it."""

    product_id: int
    quantity: Decimal


@transaction.atomic
def save_type(
    *,
    type_id: int | None,
    name: str,
    names: Mapping[str, str] | None = None,
    version: int | None = None,
    plans: Eligible | None = None,
    performs: Eligible | None = None,
    items: Sequence[Item] | None = None,
    chains: Sequence[ChainRow] | None = None,
    actor: Actor,
    now: datetime,
    **fields: Unpack[TypeFields],
) -> ActivityType:
    """Add an activity type (`type_id` None) or change one; None leaves names, eligibility, items or chains as they are.

    Raises NotFound, StaleVersion, NoName, BadColour, BadAddress, ExternalIdTaken, NamesNobody, KindInUse, UnknownField,
    ChainNeverFires, ChainMakesAppointment, BadRecurrence or Invalid.
    """
    actor.require("planning.admin")
    row = locked(ActivityType, type_id, version)
    before = row.kind
    put_name(row, name, row.names if names is None else names)
    for field, value in fields.items():
        setattr(row, field, clean_name(value) if field in PLAIN and isinstance(value, str) else value)
    _check(row)
    if type_id is not None and row.kind != before:
        _check_kind(row, before)
    row.save()
    for role, eligible in ((Eligibility.Role.PLANS, plans), (Eligibility.Role.PERFORMS, performs)):
        if eligible is not None:
            _write_eligibility(row, role, eligible)
    if items is not None:
        _write_items(row, items)
    if chains is not None:
        write_chains(row, chains)
    kept = {field: getattr(row, field) for field in fields}
    record(
        "activity_type.saved", subject=row, actor=actor, at=now, name=row.name, fields=kept, **_named(plans, performs)
    )
    return row


@transaction.atomic
def remove_type(*, type_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """Delete an activity type that nothing uses. Raises NotFound, StaleVersion or InUse."""
    actor.require("planning.admin")
    row = locked(ActivityType, type_id, version)
    record("activity_type.removed", subject=row, actor=actor, at=now, name=row.name)
    row.chains.all().delete()  # its own chains may make activities of its own type
    remove(row, InUse)


def _check(row: ActivityType) -> None:
    rules.check_colour(row.colour)
    rules.check_mail_events(row.mail_customer_on)
    row.mailing_list = "\n".join(rules.addresses(row.mailing_list))
    if not 5 <= row.minutes <= 1440:
        raise Invalid("minutes")
    if row.kind not in ActivityType.Kind.values:
        raise Invalid("kind")
    row.external_id = row.external_id or None
    known = ActivityType.objects.filter(external_id=row.external_id).exclude(pk=row.pk).first()
    if row.external_id and known:
        raise ExternalIdTaken("external_id", external_id=row.external_id, name=str(known))
    if not Sector.objects.filter(pk=row.sector_id).exists():
        raise NotFound("sector_id")
    known_fields = {field.name for field in registry.layout_fields()}
    for name in row.layout:
        if name not in known_fields:
            raise UnknownField("layout", name=name[:40])


def _check_kind(row: ActivityType, before: str) -> None:
    """Refuse another kind for a type of which there are activities, or which a chain makes or waits for."""
    word = str(ActivityType.Kind(before).label)
    appears = row.kind == ActivityType.Kind.APPOINTMENT
    waits = appears and row.chains.filter(trigger=Chain.Trigger.TASK_CLOSED).exists()
    if waits or uses_of(row, but=None if appears else Chain):
        raise KindInUse("kind", name=str(row), kind=word)


def _write_eligibility(row: ActivityType, role: str, eligible: Eligible) -> None:
    _require(User.objects.filter(pk__in=eligible.user_ids).count(), eligible.user_ids)
    _require(Team.objects.filter(pk__in=eligible.team_ids).count(), eligible.team_ids)
    Eligibility.objects.filter(activity_type=row, role=role).delete()
    people = [Eligibility(activity_type=row, role=role, user_id=pk) for pk in sorted(eligible.user_ids)]
    teams = [Eligibility(activity_type=row, role=role, team_id=pk) for pk in sorted(eligible.team_ids)]
    Eligibility.objects.bulk_create(people + teams)


def _require(found: int, wanted: Iterable[int]) -> None:
    if found != len(set(wanted)):
        raise NamesNobody("performs")


def _write_items(row: ActivityType, items: Sequence[Item]) -> None:
    if any(item.quantity <= 0 for item in items):
        raise Invalid("quantity")
    if Product.objects.filter(pk__in={item.product_id for item in items}).count() != len({i.product_id for i in items}):
        raise NotFound("product_id")
    BillingItem.objects.filter(activity_type=row).delete()
    BillingItem.objects.bulk_create(
        BillingItem(activity_type=row, product_id=item.product_id, quantity=item.quantity) for item in items
    )


def _named(plans: Eligible | None, performs: Eligible | None) -> dict[str, Any]:
    return {
        role: {"people": sorted(eligible.user_ids), "teams": sorted(eligible.team_ids)}
        for role, eligible in (("plans", plans), ("performs", performs))
        if eligible is not None
    }
