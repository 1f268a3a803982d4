"""Finding a customer while somebody is on the phone: by name, number, tax code, serial number, address.

Rows of SearchKey are read in two bounded steps: equal to the term or beginning with it, by the ordered index; then,
when that was not enough, holding each of its words, by the trigram index. A term whose words stand in different rows
(a name and a city) is looked for last, from the rows of one word to those of the others at the same customer.

For somebody who sees some customers only both steps are one statement, which also looks through the first of the own
customers between them. It ends when it has enough visible rows, and reads further when these were of too few customers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from callout.accounts.actor import Actor
from callout.core import phones
from callout.core.text import fold, query_grams, words
from callout.customers import queries
from callout.customers.keys import compact
from callout.customers.models import Customer, SearchKey

_PREFIX = re.compile(r"^\s*[A-Za-z]{2}(?=[\s.-]*\d)")
LONGEST_TERM = 80
LONG_NUMBER = 7
PER_STEP = 200
"""Rows of the search table that one query reads at most."""
CROSSING = (1_000, 5_000)
"""Rows with one word whose customers are looked through for the others: of each word, and at last of one."""
KIND_ORDER = ("code", "name", "phone", "tax", "serial", "contact", "email", "address")
INSIDE = 3
COLUMNS = ("customer_id", "kind", "shown", "folded")
Row = tuple[int, str, str, str]
"""Customer, kind of the key, what is shown, what was compared."""
Rank = tuple[int, int, str, str, str]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far is read for somebody who does not see every customer.

    So many rows of each query, the rows of so many own customers, and no more than `enough` rows that may be seen.
    """

    rows: int
    customers: int
    enough: int


NEAR, FAR = Reach(rows=400, customers=500, enough=100), Reach(rows=5_000, customers=2_000, enough=400)


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


@dataclass(frozen=True)
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

    @cached_property
    def beginnings(self) -> list[str]:
        """The texts with which a row may begin."""
        return [text for text in dict.fromkeys((self.folded, self.code, self.digits)) if text]

    @cached_property
    def words(self) -> list[str]:
        """The folded words."""
        return words(self.folded)

    @property
    def inner(self) -> list[str]:
        """The texts whose words a row may hold; of a long number its digits alone, since they are in few rows."""
        if len(self.digits) >= LONG_NUMBER and self.digits in self.code:
            return [self.digits]
        whole = [self.folded] if self.words and not (self.digits and len(self.words) > 1) else []
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
    for rows in _steps(wanted, actor):
        _keep_best(best, rows, wanted)
        if len(best) >= limit:
            break
    if not best:
        _keep_best(best, _crossing(wanted, actor, limit), wanted)
    return _hits(best, limit)


def _steps(term: Term, actor: Actor) -> Iterator[list[Row]]:
    """Rows that fit the term, the nearest first, each step read when it is asked for."""
    if queries.sees_all(actor):
        yield _rows(beginning_with(term), actor)
        yield _rows(holding(term), actor)
        return
    for reach in (NEAR, FAR):
        found = [*beginning_with(term), *of_own(term, actor, reach.customers), *holding(term)]
        yield _rows(found, actor, reach)


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


def of_own(term: Term, actor: Actor, most: int) -> list[QuerySet[SearchKey]]:
    """Rows of the actor's own customers, the first so many, that hold every word of the term."""
    own = queries.sites_visible_to(actor).order_by().values("customer_id")[:most]
    conditions = [reduce(and_, map(_somewhere, words(text))) for text in term.inner]
    return [SearchKey.objects.filter(reduce(or_, conditions), customer__in=own)] if conditions else []


def _somewhere(word: str) -> Q:
    """What `_holding` asks for without an index."""
    if len(word) >= 3:
        return Q(folded__contains=word)
    return Q(folded__startswith=word) | Q(folded__contains=f" {word}")


def _with_grams(text: str) -> QuerySet[SearchKey]:
    """Rows that hold the words of the text; those of three letters and more are looked at again, letter by letter."""
    return SearchKey.objects.filter(_holding(text))


def _holding(text: str) -> Q:
    condition = Q(grams__contains=query_grams(text))
    for word in words(text):
        if len(word) >= 3:
            condition &= Q(folded__contains=word)
    return condition


def _rows(found: Sequence[QuerySet[SearchKey]], actor: Actor, reach: Reach = FAR) -> list[Row]:
    """The first rows of these queries that the actor may see, in one statement."""
    if not found:
        return []
    if queries.sees_all(actor):
        return list(joined(found, PER_STEP))
    try:
        statement, values = own_rows(found, actor, reach)
    except EmptyResultSet:  # nothing is visible
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def joined(found: Sequence[QuerySet[SearchKey]], most: int) -> QuerySet[SearchKey, Row]:
    """The first rows of each query, one query after the other."""
    first = [rows.values_list(*COLUMNS)[:most] for rows in found]
    return first[0].union(*first[1:], all=True) if len(first) > 1 else first[0]


def own_rows(found: Sequence[QuerySet[SearchKey]], actor: Actor, reach: Reach) -> tuple[str, list[Any]]:
    """The statement that reads one query after the other until enough rows are visible to the actor, and its values.

    Written around the queries because Django cannot select from rows that are limited already.
    """
    rows, values = joined(found, reach.rows).query.sql_with_params()
    own, more = queries.visible_to(actor).values("pk").query.sql_with_params()
    seen = f"SELECT * FROM ({rows}) AS found WHERE customer_id IN ({own}) LIMIT {reach.enough}"  # noqa: S608 - Django's
    return seen, [*values, *more]


def _crossing(term: Term, actor: Actor, enough: int) -> list[Row]:
    """Rows of customers whose several rows together hold every word of three letters or more."""
    parts = sorted({word for word in term.words if len(word) >= 3}, key=lambda word: (-len(word), word))
    ids = sorted(_with_all(parts, actor, enough))[:PER_STEP] if len(parts) > 1 else []
    of_these = SearchKey.objects.filter(customer__in=ids)
    return _rows([of_these.filter(folded__contains=word) for word in parts], actor) if ids else []


def _with_all(parts: Sequence[str], actor: Actor, enough: int) -> set[int]:
    """Visible customers with a row for each word, looked for from the rows of one word to those of the others.

    When a word's rows come to an end, these are all of the customers; when they do not, the other words are begun with
    too, and at last more rows of the first one are read.
    """
    found: set[int] = set()
    near, far = CROSSING
    for word, most in (*((word, near) for word in parts), (parts[0], far)):
        rows = list(beside(word, parts, actor)[:most])
        found.update(customer_id for customer_id, mark in rows if mark is not None)
        if len(rows) < most or len(found) >= enough:
            break
    return found


def beside(word: str, parts: Iterable[str], actor: Actor) -> QuerySet[SearchKey, tuple[int, int | None]]:
    """Customers of rows that hold the word, each with a mark, or None, for having every other word and being visible.

    The mark is looked up row by row, so that reading ends where it is cut; Exists would let the database read the whole
    table first. What a customer lacks ends the look-up.
    """
    here = OuterRef("customer_id")
    mark: Any = (
        None if queries.sees_all(actor) else Subquery(queries.visible_to(actor).filter(pk=here).values("pk")[:1])
    )
    for other in parts:
        if other != word:
            rows = SearchKey.objects.filter(customer=here, folded__contains=other)
            rows = rows.annotate(further=mark).filter(further__isnull=False) if mark else rows
            mark = Subquery(rows.values("pk")[:1])
    return _with_grams(word).values_list("customer_id", mark)


def _keep_best(best: dict[int, Rank], rows: Iterable[Row], term: Term) -> None:
    for customer_id, kind, shown, folded in rows:
        rank = (_closeness(folded, term), KIND_ORDER.index(kind), folded, kind, shown)
        if customer_id not in best or rank < best[customer_id]:
            best[customer_id] = rank


def _closeness(folded: str, term: Term) -> int:
    """0 equal, 1 begins with the term, 2 a word of it begins so, 3 the term is inside."""
    if folded in term.beginnings or (len(term.digits) >= LONG_NUMBER and folded.endswith(term.digits)):
        return 0
    if any(folded.startswith(text) for text in term.beginnings):
        return 1
    first = term.words[:1]
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
