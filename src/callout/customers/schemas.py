"""What the API takes and gives of customers: strict on the way in, plain on the way out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from callout.catalog.schemas import Flag, Key, Strict, text

Latitude = Annotated[Decimal, Field(ge=-90, le=90, allow_inf_nan=False, max_digits=18)]
Longitude = Annotated[Decimal, Field(ge=-180, le=180, allow_inf_nan=False, max_digits=18)]
Language = Literal["en", "it", "ro"]
Priority = Literal["low", "medium", "high"]


class SiteIn(Strict):
    """A site; what is left out follows from branch and country."""

    name: text(120) = ""
    address: text(200) = ""
    postal_code: text(16) = ""
    city: text(80) = ""
    county: text(80) = ""
    country: text(2) = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    time_zone: text(64) = ""
    zone_id: Key | None = None
    branch_id: Key | None = None
    is_main: Flag = False
    is_billing: Flag = False
    notes: text(20_000) = ""
    external_id: text(80) | None = None


class SitePatch(SiteIn):
    """Changed fields of a site; what is left out stays. `version` is the one that was read."""

    version: Key | None = None


class ContactIn(Strict):
    """A person at a customer."""

    name: text(120, 1)
    job_title: text(80) = ""
    phone: text(40) = ""
    mobile: text(40) = ""
    email: text(254) = ""
    language: Language | Literal[""] = ""
    site_id: Key | None = None
    external_id: text(80) | None = None


class ContactPatch(ContactIn):
    """Changed fields of a person; what is left out stays. `version` is the one that was read."""

    name: text(120, 1) = ""
    version: Key | None = None


class NewContact(Strict):
    """A person who comes with a new customer."""

    name: text(120, 1)
    job_title: text(80) = ""
    phone: text(40) = ""
    mobile: text(40) = ""
    email: text(254) = ""
    language: Language | Literal[""] = ""
    external_id: text(80) | None = None


class AssetIn(Strict):
    """An installed product; without a site it stands at the main one."""

    product_id: Key
    serial: text(60, 1)
    site_id: Key | None = None
    lot: text(40) = ""
    installed_on: date | None = None
    warranty_until: date | None = None
    notes: text(20_000) = ""
    active: Flag = True
    external_id: text(80) | None = None


class AssetPatch(AssetIn):
    """Changed fields of an asset; what is left out stays. `version` is the one that was read."""

    product_id: Key = 0
    serial: text(60, 1) = ""
    version: Key | None = None


class ContractIn(Strict):
    """An agreement; without a code it gets the customer's and a number."""

    code: text(40) = ""
    description: text(200) = ""
    starts: date
    ends: date | None = None
    rate_card_id: Key | None = None
    asset_ids: Annotated[list[Key], Field(max_length=1000)] = []
    external_id: text(80) | None = None


class CustomerFields(Strict):
    """What a customer says of itself."""

    code: text(20) = ""
    name: text(160) = ""
    priority: Priority = "medium"
    tax_code: text(20) = ""
    vat_number: text(20) = ""
    phone: text(40) = ""
    email: text(254) = ""
    language: Language = "en"
    currency: text(3) = ""
    zone_id: Key | None = None
    classification_1_id: Key | None = None
    classification_2_id: Key | None = None
    classification_3_id: Key | None = None
    payment_term_id: Key | None = None
    rate_card_id: Key | None = None
    agent_id: Key | None = None
    notes: text(20_000) = ""
    active: Flag = True
    external_id: text(80) | None = None


class CustomerIn(CustomerFields):
    """A new customer with sites and people; the first site is the main one unless another is."""

    name: text(160, 1)
    sites: Annotated[list[SiteIn], Field(max_length=100)] = []
    contacts: Annotated[list[NewContact], Field(max_length=100)] = []


class CustomerPatch(CustomerFields):
    """Changed fields of a customer; what is left out stays. `version` is the one that was read."""

    version: Key | None = None


class SiteOut(Schema):
    """A site; `time_zone` is where its times are local."""

    id: int
    customer_id: int
    name: str
    address: str
    postal_code: str
    city: str
    county: str
    country: str
    latitude: Decimal | None
    longitude: Decimal | None
    time_zone: str
    zone_id: int | None
    branch_id: int
    is_main: bool
    is_billing: bool
    notes: str
    external_id: str | None
    version: int


class ContactOut(Schema):
    """A person at a customer; telephone numbers in E.164 where they can be."""

    id: int
    customer_id: int
    site_id: int | None
    name: str
    job_title: str
    phone: str
    mobile: str
    email: str
    language: str
    external_id: str | None
    version: int


class AssetOut(Schema):
    """An installed product."""

    id: int
    customer_id: int
    site_id: int
    product_id: int
    serial: str
    lot: str
    installed_on: date | None
    warranty_until: date | None
    notes: str
    active: bool
    external_id: str | None
    version: int


class ContractOut(Schema):
    """An agreement."""

    id: int
    customer_id: int
    code: str
    description: str
    starts: date
    ends: date | None
    rate_card_id: int | None
    external_id: str | None
    version: int


class CustomerOut(Schema):
    """A customer; `priority` is low, medium or high, moments are in UTC."""

    id: int
    code: str
    name: str
    priority: Priority
    tax_code: str
    vat_number: str
    phone: str
    email: str
    language: str
    currency: str
    zone_id: int | None
    classification_1_id: int | None
    classification_2_id: int | None
    classification_3_id: int | None
    payment_term_id: int | None
    rate_card_id: int | None
    agent_id: int | None
    notes: str
    active: bool
    external_id: str | None
    created_at: datetime
    version: int

    @staticmethod
    def resolve_priority(row: Any) -> str:
        """The priority by its word; an answer that is given again holds the word already."""
        value = row["priority"] if isinstance(row, dict) else row.priority
        return {1: "low", 2: "medium", 3: "high"}.get(value, value)


class CustomerWhole(CustomerOut):
    """A customer with what belongs to it, as far as the reader may see it."""

    sites: list[SiteOut]
    contacts: list[ContactOut]
    assets: list[AssetOut]
    contracts: list[ContractOut]


class CustomerRow(Schema):
    """A customer in a list; `why` and `matched` say what a search found it by."""

    id: int
    code: str
    name: str
    place: str
    active: bool
    why: str
    matched: str


class CustomerPage(Schema):
    """Some customers and the cursor of the next ones (null when these are the last, and for a search)."""

    items: list[CustomerRow]
    next: str | None
