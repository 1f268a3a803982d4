"""Finding a customer while somebody is on the phone: by name, number, tax code, serial number, address.

Rows of SearchKey are read in two bounded steps: equal to the term or beginning with it, by the ordered index; then,
when that was not enough, holding each of its words, by the trigram index. A term whose words stand in different rows
(a name and a city) is looked for last. Whoever sees some customers only has more rows read, of which the visible ones
are kept; somebody of a small branch is served from the branch's own customers when these were not enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q, QuerySet

from callout.accounts.actor import Actor
from callout.core import phones
from callout.core.text import fold, holds, query_grams, words
from callout.customers import queries
from callout.customers.keys import compact
from callout.customers.models import Customer, SearchKey

_PREFIX = re.compile(r"^\s*[A-Za-z]{2}(?=[\s.-]*\d)")
LONGEST_TERM = 80
PER_STEP = 200
"""Rows of the search table that one query reads at most."""
SCOPED = 1_000
"""Rows of which one query keeps those that somebody may see who does not see every customer."""
FEW = 2_000
"""Up to so many visible customers may be looked through one by one."""
CROSSING = 5_000
"""Rows with one word that are compared with those with another."""
KIND_ORDER = ("code", "name", "phone", "tax", "serial", "contact", "email", "address")
INSIDE = 3
Row = tuple[int, str, str, str]
"""Customer, kind of the key, what is shown, what was compared."""
Rank = tuple[int, int, str, str, str]


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
    best: dict[int, Rank] = {}
    for step in (beginning_with, holding):
        _keep_best(best, _rows(step(wanted), actor), wanted)
        if len(best) >= limit:
            break
    if len(best) < limit:
        _keep_best(best, _among_few(wanted, actor), wanted)
    if not best:
        _keep_best(best, _crossing(wanted, actor), wanted)
    return _hits(best, limit)


def beginning_with(term: Term) -> list[QuerySet[SearchKey]]:
    """Rows equal to the term, and rows that begin with it."""
    found = []
    for text in term.beginnings:
        found.append(SearchKey.objects.filter(folded=text))
        found.append(SearchKey.objects.filter(folded__startswith=text))
    return found


def holding(term: Term) -> list[QuerySet[SearchKey]]:
    """Rows that hold every word of the term."""
    return [_with_grams(text) for text in term.inner]


def _with_grams(text: str) -> QuerySet[SearchKey]:
    """Rows that hold the words of the text; those of three letters and more are looked at again, letter by letter."""
    return SearchKey.objects.filter(_holding(text))


def _holding(text: str) -> Q:
    condition = Q(grams__contains=query_grams(text))
    for word in words(text):
        if len(word) >= 3:
            condition &= Q(folded__contains=word)
    return condition


def _rows(found: Sequence[QuerySet[SearchKey]], actor: Actor) -> list[Row]:
    """The first rows of each of these queries that the actor may see, in one statement."""
    shown = [rows.values_list("customer_id", "kind", "shown", "folded") for rows in bounded(found, actor)]
    if not shown:
        return []
    return list(shown[0].union(*shown[1:], all=True) if len(shown) > 1 else shown[0])


def bounded(found: Sequence[QuerySet[SearchKey]], actor: Actor) -> list[QuerySet[SearchKey]]:
    """The first rows of each query that the actor may see."""
    if queries.sees_all(actor):
        return [rows[:PER_STEP] for rows in found]
    seen = SearchKey.objects.filter(customer__in=queries.visible_to(actor))
    return [seen.filter(pk__in=rows.values("pk")[:SCOPED])[:PER_STEP] for rows in found]


def _among_few(term: Term, actor: Actor) -> list[Row]:
    """Rows of the customers of somebody who sees only few of them."""
    few = queries.few_visible_to(actor, FEW)
    if not few:
        return []
    condition = Q(folded__contains=term.code)
    for text in term.inner:
        condition |= reduce(and_, (Q(folded__contains=word) for word in words(text)))
    rows = SearchKey.objects.filter(condition, customer__in=few).values_list("customer_id", "kind", "shown", "folded")
    rows = list(rows[:SCOPED])
    return [row for row in rows if _closeness(row[3], term) < INSIDE or any(holds(row[3], text) for text in term.inner)]


def _crossing(term: Term, actor: Actor) -> list[Row]:
    """Rows of customers whose several rows together hold every word of three letters or more."""
    parts = [word for word in dict.fromkeys(words(term.folded)) if len(word) >= 3]
    if len(parts) < 2:
        return []
    first, *others = (_with_grams(word).values_list("customer_id", flat=True)[:CROSSING] for word in parts)
    ids = list(first.intersection(*others)[:PER_STEP])
    return _rows([SearchKey.objects.filter(customer__in=ids, folded__contains=word) for word in parts], actor)


def _keep_best(best: dict[int, Rank], rows: Iterable[Row], term: Term) -> None:
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
    return 2 if first and any(word.startswith(first[0]) for word in words(folded)) else INSIDE


def _hits(best: dict[int, Rank], limit: int) -> list[Hit]:
    customers = queries.with_place(Customer.objects.filter(pk__in=_nearest(best, limit)))
    kinds = dict(SearchKey.Kind.choices)
    hits = []
    for pk, code, name, place, active in customers.values_list("pk", "code", "name", "place", "active"):
        kind, shown = best[pk][-2:]
        hits.append(Hit(pk, code, name, place or "", kinds[kind], shown, kind, active))
    hits.sort(key=lambda hit: (best[hit.customer_id][0], not hit.active, best[hit.customer_id], hit.customer_id))
    return hits[:limit]


def _nearest(best: dict[int, Rank], limit: int) -> list[int]:
    """The best customers; a few more than wanted, because inactive ones give way among equals."""
    return sorted(best, key=lambda pk: (best[pk], pk))[: limit * 3]


def narrowed(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Of these customers all that fit the text, for a list: each word somewhere in what a customer is found by."""
    wanted = Term.of(text)
    if not wanted.code:
        return customers.none() if text.strip() else customers
    if wanted.digits or _looks_like_code(wanted.code):
        condition = Q(folded__startswith=wanted.code)
        for inner in wanted.inner:
            condition |= _holding(inner)
        return customers.filter(pk__in=SearchKey.objects.filter(condition).values("customer_id"))
    for word in words(wanted.folded):
        customers = customers.filter(pk__in=_with_grams(word).values("customer_id"))
    return customers


def duplicates(
    *, name: str, phone: str, tax_code: str, vat_number: str, actor: Actor, but: int | None = None, limit: int = 5
) -> list[Hit]:
    """Customers who may be the one that somebody is about to enter: the same number or tax code, or such a name."""
    found: dict[int, Hit] = {}
    numbers = ((phone, "phone"), (tax_code, "tax"), (vat_number, "tax"), (_PREFIX.sub("", vat_number), "tax"))
    for text, kind in numbers:
        term = Term.of(text)
        if len(term.code) >= 6:
            hits = find(text, actor=actor, limit=limit)
            found |= {hit.customer_id: hit for hit in hits if hit.kind == kind and _same(hit.matched, term)}
    if len(fold(name)) >= 3:
        hits = find(name, actor=actor, limit=limit)
        found = {hit.customer_id: hit for hit in hits if hit.kind == "name"} | found
    found.pop(but or 0, None)
    return list(found.values())[:limit]


def _same(matched: str, term: Term) -> bool:
    """Whether what was found is the number or code itself and not one that only holds it."""
    if term.digits and phones.search_key(matched).endswith(term.digits):
        return True
    return compact(matched).endswith(term.code) or term.code.endswith(compact(matched))
