"""Pages of a sorted list that begin after a row instead of counting rows: each costs the same, however deep it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from callout.core.ids import MAX_VALUES, decode_cursor, encode_cursor

# The type that a database value of the kind has in Python, most special first.
KINDS: tuple[tuple[str, type], ...] = (
    ("BooleanField", bool),
    ("DateTimeField", datetime),
    ("DateField", date),
    ("DecimalField", Decimal),
    ("IntegerField", int),
    ("AutoField", int),
    ("BigAutoField", int),
    ("CharField", str),
    ("TextField", str),
)


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a sort. NULL counts as the greatest value, as in PostgreSQL's own indexes."""

    path: str
    descending: bool
    field: Field
    kind: type
    nullable: bool

    @property
    def term(self) -> str:
        """The column for `order_by`."""
        return f"-{self.path}" if self.descending else self.path

    def value(self, row: Model) -> Any:
        """The row's value in this column."""
        found: Any = row
        for part in self.path.split("__"):
            found = getattr(found, part)
            if found is None:
                return None
        return found

    def beyond(self, value: Any) -> Q:
        """Rows that come later by this column alone."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if self.descending else Q(pk__in=[])
        if self.descending:
            return Q(**{f"{self.path}__lt": value})
        later = Q(**{f"{self.path}__gt": value})
        return later | Q(**{f"{self.path}__isnull": True}) if self.nullable else later

    def same(self, value: Any) -> Q:
        """Rows with the same value."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def bound(self, value: Any) -> Q:
        """What holds for every later row, in a form that an index can begin at."""
        if value is None:
            return Q() if self.descending else Q(**{f"{self.path}__isnull": True})
        if self.descending:
            return Q(**{f"{self.path}__lte": value})
        return Q() if self.nullable else Q(**{f"{self.path}__gte": value})


class _Row(Func):
    """Several columns as one value; such values compare like words do letters."""

    template = "ROW(%(expressions)s)"
    output_field = BooleanField()  # Django asks for some type; the comparison is the database's


def keys_of(queryset: QuerySet, order: Sequence[str]) -> tuple[Key, ...]:
    """The sort keys for names like `-received_at` or `customer__folded`, with the primary key last as tie breaker."""
    keys = []
    for name in order:
        key = _key(queryset, name.removeprefix("-"), name.startswith("-"))
        keys.append(key)
        if key.field.primary_key:
            break
    if not keys or not keys[-1].field.primary_key:
        keys.append(_key(queryset, "pk", keys[-1].descending if keys else False))
    if len(keys) > MAX_VALUES:
        raise ImproperlyConfigured(f"a list sorts by {MAX_VALUES} columns at most, the primary key included")
    return tuple(keys)


def _key(queryset: QuerySet, path: str, descending: bool) -> Key:
    field, path, nullable = resolve(queryset, path)
    kind = next((kind for name, kind in KINDS if _is(field, name)), None)
    if kind is None:
        raise ImproperlyConfigured(f"{path}: a list cannot be sorted by a {type(field).__name__}")
    return Key(path, descending, field, kind, nullable)


def _is(field: Field, name: str) -> bool:
    return any(base.__name__ == name for base in type(field).__mro__)


def resolve(queryset: QuerySet, path: str) -> tuple[Field, str, bool]:
    """The field at the end of a path, the path to its own column, and whether it may be NULL."""
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field, path, True
    model, nullable, parts = queryset.model, False, path.split("__")
    for place, part in enumerate(parts):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist as error:
            raise ImproperlyConfigured(f"{queryset.model.__name__} has no {path}") from error
        nullable = nullable or field.null
        parts[place] = field.name
        if place + 1 < len(parts):
            model = field.related_model
    if field.is_relation:  # by the number itself: a relation's name would sort by the other table's own order
        parts[-1] = field.attname
        field = field.target_field
    return field, "__".join(parts), nullable


def ordered(queryset: QuerySet, keys: Sequence[Key]) -> QuerySet:
    """The rows in the order of the keys."""
    return queryset.order_by(*(key.term for key in keys))


def after(queryset: QuerySet, keys: Sequence[Key], cursor: str) -> QuerySet:
    """The rows behind the one that the cursor was made of. Raises BadCursor for what is no cursor of this sort."""
    values = decode_cursor(cursor, kinds=[key.kind | None if key.nullable else key.kind for key in keys])
    if _comparable(keys, values):
        columns = _Row(*(F(key.path) for key in keys))
        place = _Row(*(Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True)))
        return queryset.filter(LessThan(columns, place) if keys[0].descending else GreaterThan(columns, place))
    later = Q(pk__in=[])
    for key, value in reversed(list(zip(keys, values, strict=True))):
        later = key.beyond(value) | (key.same(value) & later)
    return queryset.filter(keys[0].bound(values[0]), later)


def _comparable(keys: Sequence[Key], values: Sequence[Any]) -> bool:
    """Whether one row comparison says it all: one direction, and no NULL on the far side."""
    if len({key.descending for key in keys}) > 1 or any(value is None for value in values):
        return False
    return keys[0].descending or not any(key.nullable for key in keys)


def cursor_of(row: Model, keys: Sequence[Key]) -> str:
    """The place of a row in the order of the keys."""
    return encode_cursor([key.value(row) for key in keys])


def bounded_count(queryset: QuerySet, limit: int) -> int:
    """How many rows there are, counted no further than one over `limit`."""
    return queryset.order_by().values("pk")[: limit + 1].count()
