"""What the planning API takes and gives."""

from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from callout.core.intervals import Interval
from callout.core.worktime import Shift, parse_clock
from callout.planning.commands import ChainRow, Item
from callout.planning.models import Absence, ActivityType, Resource
from callout.planning.queries import Eligible, Offer

Id = Annotated[int, Field(gt=0, lt=2**63)]
Version = Annotated[int, Field(ge=0, lt=2**31)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Names = Annotated[dict[Literal["en", "it", "ro"], Annotated[str, Field(max_length=120)]], Field(max_length=3)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Position = Annotated[int, Field(ge=0, le=9999)]
Clock = Annotated[str, Field(pattern=r"^([01]?\d|2[0-4]):[0-5]\d$")]
Category = Literal["open", "planned", "confirmed", "under_way", "done", "missed", "superseded", "cancelled"]


class SectorOut(Schema):
    """A group of activity types; `name` is the original, `names` holds it in other languages."""

    id: int
    name: str
    names: dict[str, str]
    position: int
    version: int


class SectorIn(Schema):
    """A new sector."""

    name: Name
    names: Names = {}
    position: Position = 0

    def plain_names(self) -> dict[str, str]:
        """For the command."""
        return {str(code): name for code, name in self.names.items()}


class StateOut(Schema):
    """An activity state in the users' own words; the category is what the rules understand."""

    id: int
    name: str
    names: dict[str, str]
    colour: str
    category: Category
    is_default: bool
    obsolete: bool
    version: int


class ItemSchema(Schema):
    """A product, and how much of it completing the activity bills."""

    product_id: Id
    quantity: Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=2)]


class EligibleSchema(Schema):
    """People and teams, by id."""

    user_ids: Annotated[list[Id], Field(max_length=2000)] = []
    team_ids: Annotated[list[Id], Field(max_length=2000)] = []

    def plain(self) -> Eligible:
        """For the command."""
        return Eligible(frozenset(self.user_ids), frozenset(self.team_ids))


class ChainSchema(Schema):
    """What is made when an activity opens or closes; without owner and team it goes to whoever had the activity.

    `id` keeps a chain that is there; without `unit` it is due on the base date itself.
    """

    id: Id | None = None
    trigger: Literal["opened", "closed", "task_closed"]
    creates_id: Id
    unit: Literal["", "day", "week", "month"] = ""
    every: Annotated[int, Field(ge=1, le=1000)] = 1
    free_days: Literal["keep", "before", "after", "skip"] = "after"
    base: Literal["due", "closing"] = "due"
    owner_id: Id | None = None
    team_id: Id | None = None


class TypeOut(Schema):
    """An activity type with who plans and performs it and what completing it bills."""

    id: int
    name: str
    names: dict[str, str]
    sector_id: int
    kind: Literal["appointment", "reminder", "task"]
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
    plans: EligibleSchema
    performs: EligibleSchema
    items: list[ItemSchema]
    chains: list[ChainSchema]
    version: int


class TypePatch(Schema):
    """What changes of an activity type; what is left out stays. Eligibility and items are replaced as a whole."""

    name: Name | None = None
    names: Names | None = None
    sector_id: Id | None = None
    kind: Literal["appointment", "reminder", "task"] = "appointment"
    minutes: Annotated[int, Field(ge=5, le=1440)] = 60
    colour: Colour = "#206bc4"
    number_series: Annotated[str, Field(max_length=12)] = ""
    notify_owner: bool = False
    layout: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=60)] = []
    chargeable: bool = True
    registration_type: Annotated[str, Field(max_length=40)] = ""
    mail_customer_on: Annotated[list[Literal["created", "moved", "cancelled"]], Field(max_length=3)] = []
    mailing_list: Annotated[str, Field(max_length=10_000)] = ""
    active: bool = True
    external_id: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    plans: EligibleSchema | None = None
    performs: EligibleSchema | None = None
    items: Annotated[list[ItemSchema], Field(max_length=30)] | None = None
    chains: Annotated[list[ChainSchema], Field(max_length=20)] | None = None
    version: Version | None = None

    def given(self) -> dict[str, Any]:
        """The fields that the request names, for the command."""
        plain = self.dict(exclude_unset=True, exclude={"plans", "performs", "items", "chains", "version"})
        named: dict[str, Any] = {
            role: eligible.plain()
            for role, eligible in (("plans", self.plans), ("performs", self.performs))
            if eligible
        }
        if self.items is not None:
            named["items"] = [Item(item.product_id, item.quantity) for item in self.items]
        if self.chains is not None:
            named["chains"] = [ChainRow(**chain.dict()) for chain in self.chains]
        return {name: value for name, value in plain.items() if value is not None or name == "external_id"} | named


class TypeIn(TypePatch):
    """A new activity type."""

    name: Name
    sector_id: Id


class HoursSchema(Schema):
    """A stretch of the week by the resource's own clock; an end before the start, or 24:00, is on the next day."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    starts: Clock
    ends: Clock

    def plain(self) -> Shift:
        """For the command. Raises BadClock or BadShift."""
        return Shift(self.weekday, parse_clock(self.starts, field="hours"), parse_clock(self.ends, field="hours"))


Hours = Annotated[list[HoursSchema], Field(max_length=70)]


class ResourceOut(Schema):
    """Somebody whose time is planned."""

    id: int
    user_id: int
    name: str
    branch_id: int
    colour: str
    time_zone: str
    presence: Literal["hours", "patterns"]
    position: int
    active: bool
    home_latitude: Decimal | None
    home_longitude: Decimal | None
    hours: list[HoursSchema]
    version: int


class ResourcePatch(Schema):
    """What changes of a resource; what is left out stays. Hours are replaced as a whole."""

    branch_id: Id | None = None
    colour: Colour = "#206bc4"
    time_zone: Annotated[str, Field(min_length=1, max_length=64)] = "Europe/Rome"
    presence: Literal["hours", "patterns"] = "hours"
    position: Position = 0
    active: bool = True
    home_latitude: Annotated[Decimal, Field(ge=-90, le=90, max_digits=9, decimal_places=6)] | None = None
    home_longitude: Annotated[Decimal, Field(ge=-180, le=180, max_digits=9, decimal_places=6)] | None = None
    hours: Hours | None = None
    version: Version | None = None

    def given(self) -> dict[str, Any]:
        """The fields that the request names, for the command."""
        plain = self.dict(exclude_unset=True, exclude={"hours", "version", "user_id"})
        if self.hours is not None:
            plain["hours"] = [stretch.plain() for stretch in self.hours]
        return {name: value for name, value in plain.items() if value is not None or name.startswith("home_")}


class ResourceIn(ResourcePatch):
    """A person whose time is planned from now on; the time zone is the branch's unless given."""

    user_id: Id
    branch_id: Id


class AbsenceOut(Schema):
    """Time in which a resource is away."""

    id: int
    resource_id: int
    starts: AwareDatetime
    ends: AwareDatetime
    reason: str
    version: int


class AbsenceChange(Schema):
    """When and why a resource is away."""

    starts: AwareDatetime
    ends: AwareDatetime
    reason: Annotated[str, Field(min_length=1, max_length=80)]
    version: Version | None = None

    def window(self) -> Interval:
        """The time away. Raises EndsBeforeStart."""
        return Interval(self.starts, self.ends)


class AbsenceIn(AbsenceChange):
    """A new absence."""

    resource_id: Id


class SlotOut(Schema):
    """A free time of a resource, on a quarter of an hour.

    `detour_km` is the driving that it adds to that day, where places are known; so many `others` are free then too.
    """

    resource_id: int
    name: str
    starts: AwareDatetime
    ends: AwareDatetime
    detour_km: float | None = None
    others: int = 0

    @classmethod
    def of(cls, offer: Offer) -> "SlotOut":
        """What of an offer is told."""
        return cls(
            resource_id=offer.resource_id, name=offer.name, starts=offer.interval.starts,
            ends=offer.interval.ends, others=offer.others,
            detour_km=None if offer.detour_km is None else round(offer.detour_km, 1),
        )  # fmt: skip


_LISTS = ("plans", "performs", "items", "chains")
_CHAIN = tuple(ChainSchema.model_fields)


def type_out(row: ActivityType) -> TypeOut:
    """An activity type whose eligibilities, billing items and chains are loaded."""
    eligible: dict[str, EligibleSchema] = {"plans": EligibleSchema(), "performs": EligibleSchema()}
    for each in row.eligibilities.all():
        if each.user_id is not None:
            eligible[each.role].user_ids.append(each.user_id)
        if each.team_id is not None:
            eligible[each.role].team_ids.append(each.team_id)
    plain: dict[str, Any] = {name: getattr(row, name) for name in TypeOut.model_fields if name not in _LISTS}
    items = [ItemSchema(product_id=item.product_id, quantity=item.quantity) for item in row.billing_items.all()]
    chains = [ChainSchema(**{name: getattr(chain, name) for name in _CHAIN}) for chain in row.chains.all()]
    return TypeOut(**plain, **eligible, items=items, chains=chains)


def resource_out(row: Resource) -> ResourceOut:
    """A resource whose person and working hours are loaded."""
    plain = {name: getattr(row, name) for name in ResourceOut.model_fields if name not in ("name", "hours")}
    return ResourceOut(**plain, name=str(row), hours=_hours(row.working_hours.all()))


def _hours(rows: Iterable[Any]) -> list[HoursSchema]:
    return [
        HoursSchema(weekday=row.weekday, starts=f"{row.starts:%H:%M}", ends=_end(row.ends))
        for row in sorted(rows, key=lambda row: (row.weekday, row.starts))
    ]


def _end(ends: time) -> str:
    return "24:00" if ends == time(0) else f"{ends:%H:%M}"


def absence_out(row: Absence) -> AbsenceOut:
    """An absence."""
    return AbsenceOut(**{name: getattr(row, name) for name in AbsenceOut.model_fields})
