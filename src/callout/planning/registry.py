"""What higher apps tell planning when they start: fields of layouts, mails of types, pages of appointments."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from callout.accounts.actor import Actor

PagesOf = Callable[[Iterable[int], Actor], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class LayoutField:
    """A field that an activity type's layout can show, hide and put in its place; `label` is a lazy translation.

    `asked` says that it is filled in when a call is taken, `sample` what a preview shows in it.
    """

    name: str
    label: Any
    asked: bool
    sample: Any = ""


_fields: dict[str, LayoutField] = {}
_mails: dict[str, str] = {}
_pages: list[PagesOf] = []


def register_fields(fields: Iterable[LayoutField]) -> None:
    """Say which fields layouts are made of, in the order in which they stand without one."""
    _fields.update({field.name: field for field in fields})


def layout_fields() -> list[LayoutField]:
    """All fields, in the order in which they stand without a layout."""
    return list(_fields.values())


def in_layout(layout: Iterable[str]) -> list[str]:
    """The names of the fields that a type with this layout shows, in their order; without a layout all of them."""
    return [name for name in layout if name in _fields] or list(_fields)


def register_mails(events: Mapping[str, str]) -> None:
    """Say which mail (an event of notices) goes out on which occasion of an activity type's settings."""
    _mails.update(events)


def mail_of(occasion: str) -> str | None:
    """The event of the mail that an occasion sends; None where nobody sends one."""
    return _mails.get(occasion)


def register_pages(pages: PagesOf) -> None:
    """Say where appointments are carried out: `pages(ids, actor)` gives the addresses of those that it knows."""
    _pages.append(pages)


def pages_of(ids: Iterable[int], actor: Actor) -> dict[int, str]:
    """The address of the page of each of these appointments that has one for the actor."""
    wanted = list(ids)
    return {pk: url for pages in _pages for pk, url in pages(wanted, actor).items()} if wanted else {}
