"""Values of a record's fields: made fit to keep, compared with what is kept, told to the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from callout.catalog import rules
from callout.catalog.errors import AlreadyTaken, Missing, NotAnEmail, NotYesOrNo, UnknownChoice, UnknownReference
from callout.core.errors import DomainError, Invalid, Many

LANGUAGES_OF_WORDS = ("en", "it", "ro")


class UnknownField(TypeError):
    """A caller of a command named a field that cannot be set: a mistake of the program, not of a person."""


def clean(
    model: type[models.Model], values: Mapping[str, Any], *, allowed: frozenset[str], whole: bool
) -> dict[str, Any]:
    """The values as they are kept.

    `allowed` are the fields that may be set at all; `whole` asks for every field that has no default. Raises Many with
    one refusal per field, UnknownField for a field outside `allowed`.
    """
    unknown = set(values) - allowed
    if unknown:
        raise UnknownField(f"{model.__name__} has no {', '.join(sorted(unknown))} to set")
    wanted = dict(values)
    if whole:
        wanted |= {name: None for name in allowed - wanted.keys() if _is_required(model._meta.get_field(name))}
    kept: dict[str, Any] = {}
    errors: list[DomainError] = []
    for name, value in wanted.items():
        try:
            kept[name] = _clean_one(model._meta.get_field(name), value)
        except Many as error:
            errors += error.errors
        except DomainError as error:
            errors.append(error)
    if errors:
        raise Many(errors)
    return kept


def _is_required(field: Any) -> bool:
    return not field.blank and not field.has_default()


def _clean_one(field: Any, value: Any) -> Any:
    if value is None or value == "":
        return _blank(field)
    if field.is_relation:
        return _related(field, value)
    cleaner = next((clean for kind, clean in _CLEANERS if isinstance(field, kind)), None)
    cleaned = cleaner(field, value) if cleaner else value
    if cleaned == "" and field.null:
        return None
    if field.choices and cleaned not in dict(field.flatchoices):
        raise UnknownChoice(field.name, value=str(value)[:60])
    return cleaned


def _blank(field: Any) -> Any:
    if _is_required(field):
        raise Missing(field.name)
    if field.null:
        return None
    if isinstance(field, models.CharField | models.TextField) and field.blank:
        return ""
    if field.has_default():
        return field.get_default()
    raise Missing(field.name)


def _related(field: Any, value: Any) -> Any:
    if not isinstance(value, field.related_model):
        raise UnknownReference(field.name, value=str(value)[:60])
    return value


def _char(field: Any, value: Any) -> str:
    if field.name == "currency":
        return rules.currency_code(value, field=field.name)
    if field.name == "country":
        return rules.country_code(value, field=field.name)
    return rules.line_of_text(value, field=field.name, most=field.max_length, required=_is_required(field))


def _email(field: Any, value: Any) -> str:
    text = _char(field, value)
    try:
        validate_email(text)
    except ValidationError as error:
        raise NotAnEmail(field.name, value=text[:60]) from error
    return text


def _integer(field: Any, value: Any) -> int:
    low, high = (0, 32767) if isinstance(field, models.PositiveSmallIntegerField) else (-(2**31), 2**31 - 1)
    return rules.whole(value, field=field.name, least=low, most=high)


def _decimal(field: Any, value: Any) -> Decimal:
    return rules.number(value, field=field.name, digits=field.max_digits, places=field.decimal_places)


def _words(field: Any, value: Any) -> dict[str, str]:
    """A name in other languages: {"it": "...", "ro": "..."}; empty ones are left out."""
    if not isinstance(value, Mapping) or not set(value) <= set(LANGUAGES_OF_WORDS):
        raise Invalid(field.name)
    texts = {
        language: rules.line_of_text(text, field=f"{field.name}_{language}", most=120, required=False)
        for language, text in value.items()
    }
    return {language: text for language, text in texts.items() if text}


def _boolean(field: Any, value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotYesOrNo(field.name)
    return value


_CLEANERS: tuple[tuple[type, Callable[[Any, Any], Any]], ...] = (
    (models.EmailField, _email),
    (models.CharField, _char),
    (models.TextField, lambda field, value: rules.lines_of_text(value, field=field.name, required=not field.blank)),
    (models.BooleanField, _boolean),
    (models.IntegerField, _integer),
    (models.DecimalField, _decimal),
    (models.DateField, lambda field, value: rules.day(value, field=field.name)),
    (models.JSONField, _words),
)


def assign(record: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the values on the record, unsaved; returns what differs as {field: [before, after]} for the audit trail."""
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        before = getattr(record, name, None)  # a new record has no row yet behind a reference that it needs
        if before != value:
            changes[name] = [_plain(before), _plain(value)]
            setattr(record, name, value)
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    return value


def check_free(
    model: type[models.Model], name: str, value: Any, *, but: int | None = None, among: models.Q | None = None
) -> None:
    """Refuse with AlreadyTaken when another record has this value in a field that has to be unique."""
    if value in (None, ""):
        return
    others = model._default_manager.exclude(pk=but).filter(**{name: value})
    found = others.filter(among).first() if among is not None else others.first()
    if found is not None:
        raise AlreadyTaken(name, value=value, other=str(found))
