"""The kinds of file that can be imported. Higher apps register theirs when they start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from callout.accounts.actor import Actor
from callout.imports.errors import UnknownKind

FieldKind = Literal[
    "text", "lines", "phone", "email", "integer", "decimal", "boolean", "date", "datetime", "country", "choice"
]
Result = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row may say.

    `kind` decides what a cell becomes: text (one line, single spaces), lines (several), phone and email (text as it
    is), integer, decimal (Decimal), boolean, date, datetime (aware, UTC), country (ISO code), choice (the first of a
    pair in `choices`; cells may hold either). `aliases` are further headers by which a column is recognised.
    """

    name: str
    label: Any
    required: bool = False
    kind: FieldKind = "text"
    choices: Sequence[tuple[str, Any]] = ()
    aliases: Sequence[str] = ()
    help: Any = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A switch for the whole file; `save` finds its value (True or False) among the values, under its name."""

    name: str
    label: Any
    default: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: the record's primary key and its name for the result grid."""

    result: Result
    object_id: int
    label: str


class Save(Protocol):
    """Take in one row, by the app's commands. Called inside a savepoint: a DomainError undoes this row alone."""

    def __call__(self, values: dict[str, Any], *, actor: Actor, now: datetime) -> Outcome:
        """`values` hold the mapped fields that are not blank, blank ones (None) that the mapping says to empty, and
        every option. The refusal's `field` should be a field's name, then it is shown at the cell.
        """


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `url_name` is the page of one record (argument `pk`); `chunk` rows go into one transaction.

    `known_by` are fields that tell a record from others, the first one that a row fills counts: two rows of a file
    with the same value are about the same record.
    """

    code: str
    label: Any
    right: str
    fields: Sequence[Field]
    save: Save
    url_name: str = ""
    options: Sequence[Option] = ()
    chunk: int = 200
    known_by: Sequence[str] = ("external_id", "code")
    by_name: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.fields})


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Offer a kind of file; a second one with the same code takes the place of the first."""
    _kinds[kind.code] = kind


def kinds(actor: Actor) -> list[Kind]:
    """The kinds that `actor` may import, in the order in which they were registered."""
    return [kind for kind in _kinds.values() if actor.may(kind.right)]


def kind(code: str) -> Kind:
    """The kind with this code; raises UnknownKind."""
    found = _kinds.get(code)
    if found is None:
        raise UnknownKind("kind", kind=code[:40], known=", ".join(_kinds))
    return found
