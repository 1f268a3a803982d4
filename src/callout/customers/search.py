"""Finding a customer while somebody is on the phone: by name, number, tax code, serial number, address.

Rows of SearchKey are read in two bounded steps: equal to the term or beginning with it, by the ordered index; then,
when that was not enough, holding each of its words, by the trigram index. A term whose words stand in different rows
(a name and a city) is looked for last. No step reads more than it can show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from callout.accounts.actor import Actor
from callout.core import phones
from callout.core.text import fold, holds, query_grams, words
from callout.customers import queries
from callout.customers.keys import compact
from callout.customers.models import Customer, SearchKey

LONGEST_TERM = 80
PER_STEP = 200
"""Rows of the search table that one step reads at most."""
CROSSING = 2_000
"""Rows with the longest word among which the other words of a term are looked for."""
KIND_ORDER = ("code", "name", "phone", "tax", "serial", "contact", "email", "address")
Row = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """One customer that was found; `why` is the kind of the match in the reader's language, `matched` what matched."""

    customer_id: int
    code: str
    name: str
    place: str
    why: Any
    matched: str
    kind: str = "name"
    active: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """What is looked for: as words, as a code, as digits of a telephone number (empty when it is none)."""

    folded: str
    code: str
    digits: str

    @classmethod
    def of(cls, text: str) -> Term:
        """Read what somebody typed; only the first 80 characters count."""
        text = text[:LONGEST_TERM]
        digits = phones.search_key(text) if phones.is_phone_like(text) else ""
        return cls(fold(text), compact(text), digits if len(digits) >= 3 else "")

    @property
    def beginnings(self) -> list[str]:
        """The texts with which a row may begin."""
        return [text for text in dict.fromkeys((self.folded, self.code, self.digits)) if text]

    @property
    def inner(self) -> list[str]:
        """The texts whose words a row may hold."""
        parts = words(self.folded)
        whole = [self.folded] if parts and not (self.digits and len(parts) > 1) else []
        joined = [self.code] if len(self.code) >= 3 and self.code != self.folded and _looks_like_code(self.code) else []
        return list(dict.fromkeys((*whole, *joined, *([self.digits] if self.digits else []))))


def _looks_like_code(text: str) -> bool:
    return any(char.isdigit() for char in text)


def find(term: str, *, actor: Actor, limit: int = 20) -> list[Hit]:
    """The customers that fit the term, best first, each with the reason that says most.

    First what is equal to the term, then what begins with it, then what has a word that begins with it, then the rest;
    among equals customers that are active, codes before names before numbers. Nothing for a term without a letter or
    digit. At most `limit`.
    """
    wanted = Term.of(term)
    if not wanted.code:
        return []
    best: dict[int, tuple[Any, ...]] = {}
    for step in (beginning_with, holding):
        _keep_best(best, _rows(step(wanted), actor), wanted)
        if len(best) >= limit:
            break
    if not best:
        _keep_best(best, _crossing(wanted, actor), wanted)
    return _hits(best, actor, limit)


def beginning_with(term: Term) -> list[QuerySet[SearchKey]]:
    """Rows equal to the term, and rows that begin with it, each bounded."""
    found = []
    for text in term.beginnings:
        found.append(SearchKey.objects.filter(folded=text)[:PER_STEP])
        found.append(SearchKey.objects.filter(folded__startswith=text)[:PER_STEP])
    return found


def holding(term: Term) -> list[QuerySet[SearchKey]]:
    """Rows that hold every word of the term, bounded."""
    return [_with_grams(text)[:PER_STEP] for text in term.inner]


def _with_grams(text: str) -> QuerySet[SearchKey]:
    """Rows that hold the words of the text; those of three letters and more are looked at again, letter by letter."""
    condition = Q(grams__contains=query_grams(text))
    for word in words(text):
        if len(word) >= 3:
            condition &= Q(folded__contains=word)
    return SearchKey.objects.filter(condition)


def _rows(found: Sequence[QuerySet[SearchKey]], actor: Actor) -> Iterable[Row]:
    """The rows of several bounded queries, in one statement."""
    if not found:
        return []
    scoped = [_scoped(rows, actor).values_list("customer_id", "kind", "shown", "folded") for rows in found]
    return scoped[0].union(*scoped[1:], all=True) if len(scoped) > 1 else scoped[0]


def _scoped(rows: QuerySet[SearchKey], actor: Actor) -> QuerySet[SearchKey]:
    if queries.sees_all(actor):
        return rows
    limit = rows.query.high_mark
    rows.query.clear_limits()
    return rows.filter(customer__in=queries.visible_to(actor))[:limit]


def _crossing(term: Term, actor: Actor) -> Iterable[Row]:
    """Rows of customers whose several rows together hold every word of the term."""
    parts = sorted(words(term.folded), key=len, reverse=True)
    if len(parts) < 2 or len(parts[0]) < 3:
        return []
    rows = list(_rows([_with_grams(parts[0])[:CROSSING]], actor))
    left = {row[0] for row in rows}
    for word in parts[1:]:
        if left:
            mine = SearchKey.objects.filter(customer__in=left, folded__contains=word)
            left = {pk for pk, folded in mine.values_list("customer_id", "folded") if holds(folded, word)}
    return [row for row in rows if row[0] in left]


def _keep_best(best: dict[int, tuple[Any, ...]], rows: Iterable[Row], term: Term) -> None:
    for customer_id, kind, shown, folded in rows:
        rank = (_closeness(folded, term), KIND_ORDER.index(kind), folded, kind, shown)
        if customer_id not in best or rank < best[customer_id]:
            best[customer_id] = rank


def _closeness(folded: str, term: Term) -> int:
    """0 equal, 1 begins with the term, 2 a word of it begins so, 3 the term is inside."""
    if folded in term.beginnings or (len(term.digits) >= 7 and folded.endswith(term.digits)):
        return 0
    if any(folded.startswith(text) for text in term.beginnings):
        return 1
    first = words(term.folded)[:1]
    return 2 if first and any(word.startswith(first[0]) for word in words(folded)) else 3


def _hits(best: dict[int, tuple[Any, ...]], actor: Actor, limit: int) -> list[Hit]:
    customers = queries.with_place(Customer.objects.filter(pk__in=_nearest(best, limit)))
    kinds = dict(SearchKey.Kind.choices)
    hits = []
    for found in customers.values("pk", "code", "name", "place", "active"):
        kind, shown = best[found["pk"]][-2:]
        hits.append(
            Hit(
                found["pk"],
                found["code"],
                found["name"],
                found["place"] or "",
                kinds[kind],
                shown,
                kind,
                found["active"],
            )
        )
    hits.sort(key=lambda hit: (best[hit.customer_id][0], not hit.active, best[hit.customer_id], hit.customer_id))
    return hits[:limit]


def _nearest(best: dict[int, tuple[Any, ...]], limit: int) -> list[int]:
    """The best customers; a few more than wanted, because inactive ones give way among equals."""
    return sorted(best, key=lambda pk: (best[pk], pk))[: limit * 3]
