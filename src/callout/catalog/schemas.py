"""What the API takes and gives: strict on the way in, plain on the way out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from callout.catalog.models import LineKind, PaymentTerm, Product
from callout.core.text import has_forbidden


def _keepable(text: str) -> str:
    if has_forbidden(text):
        raise ValueError("holds characters that cannot be kept")
    return text


def text(longest: int, shortest: int = 0) -> Any:
    """A text of bounded length without NUL and half characters."""
    limits = StringConstraints(max_length=longest, min_length=shortest, strict=True)
    return Annotated[str, limits, AfterValidator(_keepable)]


Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2, allow_inf_nan=False)]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]
Key = Annotated[int, Field(strict=True, gt=0, lt=2**63)]
Names = dict[Literal["en", "it", "ro"], text(120)]
ProductKind = Literal[tuple(Product.Kind.values)]
Kind = Literal[tuple(LineKind.values)]
Method = Literal[tuple(PaymentTerm.Method.values)]


class Strict(Schema):
    """Input: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """The fields that the request names, null ones included."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class ProductIn(Strict):
    """A new product."""

    code: text(40, 1)
    name: text(120, 1)
    names: Names = {}
    kind: ProductKind = "part"
    category: text(80) = ""
    unit: text(20, 1) = "pc"
    price: Money = Decimal(0)
    cost: Money | None = None
    vat_rate_id: Key | None = None
    serialised: Flag = False
    active: Flag = True
    external_id: text(80) | None = None


class ProductPatch(Strict):
    """Changed fields of a product; what is left out stays. `version` is the one that was read."""

    version: Key | None = None
    code: text(40, 1) = ""
    name: text(120, 1) = ""
    names: Names = {}
    kind: ProductKind = "part"
    category: text(80) = ""
    unit: text(20, 1) = ""
    price: Money = Decimal(0)
    cost: Money | None = None
    vat_rate_id: Key | None = None
    serialised: Flag = False
    active: Flag = True
    external_id: text(80) | None = None


class ProductOut(Schema):
    """A product; `label` is its name in the reader's language, prices are net in the installation's currency."""

    id: int
    code: str
    name: str
    names: dict[str, str]
    label: str
    kind: str
    category: str
    unit: str
    price: Decimal
    cost: Decimal | None
    vat_rate_id: int | None
    serialised: bool
    active: bool
    external_id: str | None
    version: int


class ProductPage(Schema):
    """Some products and the cursor of the next ones (null when these are the last)."""

    items: list[ProductOut]
    next: str | None


class VatRateOut(Schema):
    """A VAT rate."""

    id: int
    name: str
    label: str
    percent: Decimal
    country: str
    reason: str
    active: bool


class PaymentTermOut(Schema):
    """Terms of payment."""

    id: int
    name: str
    label: str
    method: str
    days: int
    end_of_month: bool


class RateLineIn(Strict):
    """A line of a rate card; with `id` the line that is there, without a new one."""

    id: Key | None = None
    kind: Kind
    description: text(200, 1)
    unit: text(20, 1)
    price: Money
    quantity: Quantity = Decimal(0)
    product_id: Key | None = None
    vat_rate_id: Key


class RateCardIn(Strict):
    """A new rate card with its lines."""

    name: text(120, 1)
    names: Names = {}
    currency: text(3, 3)
    is_general: Flag = True
    valid_from: date | None = None
    valid_to: date | None = None
    active: Flag = True
    lines: Annotated[list[RateLineIn], Field(max_length=200)] = []


class RateCardPatch(Strict):
    """Changed fields of a rate card; `lines`, when given, are all its lines from now on."""

    version: Key | None = None
    name: text(120, 1) = ""
    names: Names = {}
    currency: text(3, 3) = ""
    is_general: Flag = True
    valid_from: date | None = None
    valid_to: date | None = None
    active: Flag = True
    lines: Annotated[list[RateLineIn], Field(max_length=200)] = []


class RateLineOut(Schema):
    """A line of a rate card."""

    id: int
    kind: str
    description: str
    unit: str
    price: Decimal
    quantity: Decimal
    product_id: int | None
    vat_rate_id: int


class RateCardOut(Schema):
    """A rate card."""

    id: int
    name: str
    label: str
    currency: str
    is_general: bool
    valid_from: date | None
    valid_to: date | None
    active: bool
    version: int


class RateCardWhole(RateCardOut):
    """A rate card with its lines."""

    lines: list[RateLineOut]
