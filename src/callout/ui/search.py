"""What `Ctrl+K` opens: each capability tells what it finds; here it is put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from callout.accounts.actor import Actor

LIMIT = 8
"""Hits that each provider shows."""
MAX_TERM = 80


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One thing that was found: what it is, where it is, and why it matched."""

    label: str
    detail: str
    url: str
    icon: str
    why: str


Provider = Callable[[str, Actor, int], Sequence[SearchHit]]


@dataclass(frozen=True, slots=True)
class Source:
    """A group of the answer."""

    name: str
    label: Any
    find: Provider
    order: int


_sources: dict[str, Source] = {}


def register(name: str, label: Any, provider: Provider, *, order: int = 50) -> None:
    """Take part in the search under a heading; `provider(term, actor, limit)` shows only what the actor may see.

    The term has no spaces around it and may be empty. Lower orders come first. A name registered again replaces.
    """
    _sources[name] = Source(name, label, provider, order)


def find(term: str, *, actor: Actor) -> list[tuple[Source, Sequence[SearchHit]]]:
    """The groups that found something, in their order."""
    term = term.strip()[:MAX_TERM]
    found = [(source, source.find(term, actor, LIMIT)) for source in sorted(_sources.values(), key=lambda s: s.order)]
    return [(source, hits) for source, hits in found if hits]
