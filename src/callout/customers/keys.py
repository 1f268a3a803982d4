"""What a customer is found by, made of what is kept. No framework: also whoever fills tables by COPY needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from callout.core import phones
from callout.core.text import fold, grams

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Key:
    """One row of the search table; `shown` is what a result says, `folded` what is compared."""

    kind: str
    shown: str
    folded: str
    grams: list[str] = field(compare=False, hash=False)


def compact(text: str) -> str:
    """Letters and digits alone, folded: how codes, tax codes and serial numbers are compared."""
    return re.sub(r"[\W_]+", "", fold(text))


def _key(kind: str, shown: str, folded: str) -> Key:
    folded = folded[:LONGEST]
    return Key(kind, shown[:LONGEST], folded, grams(folded))


def phone_key(text: str) -> Iterator[Key]:
    """The digits of a telephone number, if there are any."""
    digits = phones.search_key(text) if text else ""
    if digits:
        yield _key("phone", text, digits)


def _plain(kind: str, text: str) -> Iterator[Key]:
    if text and fold(text):
        yield _key(kind, text, fold(text))


def _code(kind: str, text: str) -> Iterator[Key]:
    if text and compact(text):
        yield _key(kind, text, compact(text))


def customer_keys(
    *, code: str, name: str, phone: str = "", email: str = "", tax_code: str = "", vat_number: str = ""
) -> list[Key]:
    """What a customer itself is found by."""
    return _once(
        *_plain("name", name),
        *_code("code", code),
        *phone_key(phone),
        *_plain("email", email),
        *_code("tax", tax_code),
        *_code("tax", vat_number),
    )


def site_keys(*, name: str, address: str = "", postal_code: str = "", city: str = "") -> list[Key]:
    """What a customer is found by because of one of its sites: the address first, so that its beginning counts."""
    place = " ".join(part for part in (postal_code, city) if part)
    return _once(*_plain("address", ", ".join(part for part in (address, place, name) if part)))


def contact_keys(*, name: str, phone: str = "", mobile: str = "", email: str = "") -> list[Key]:
    """What a customer is found by because of one of its people."""
    return _once(*_plain("contact", name), *phone_key(phone), *phone_key(mobile), *_plain("email", email))


def asset_keys(*, serial: str) -> list[Key]:
    """What a customer is found by because of something installed there."""
    return _once(*_code("serial", serial))


def _once(*keys: Key) -> list[Key]:
    return list(dict.fromkeys(keys))
