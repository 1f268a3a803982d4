"""Which column goes where: the rules of a mapping, checked against a file, applied to a row, guessed from headers.

A mapping's `columns` hold a rule per field: {"column": header}, {"template": "{Street} {Number?}"} (blank as soon as a
column without a question mark is blank) or {"value": constant}. Further keys of a rule: `else` (another rule, tried
when this one gives nothing), `default`, `values`, `format`, `time_zone`, `twice`, `decimal`, `blank` ("keep" what is
there, which is usual, or "clear" it).
A mapping's `options`: `filter`, a list of {"column": header, "in": [values]} that all have to hold, and the kind's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from callout.core.errors import DomainError, Many
from callout.core.text import fold
from callout.imports.errors import BadOption, BadRule, CellMissing, ColumnMissing, NotMapped, UnknownField
from callout.imports.registry import Field, Kind
from callout.imports.rules.cells import DATE_FORMATS, Cell, plain_text, value_of

SOURCES = ("column", "template", "value")
RULE_KEYS = {*SOURCES, "else", "default", "values", "format", "time_zone", "twice", "decimal", "blank"}
DEEPEST = 5
_PLACE = re.compile(r"\{([^{}]+)\}")

Rule = Mapping[str, Any]
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Reading:
    """A row as the mapping reads it. `skipped`: the filter leaves it out."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: tuple[DomainError, ...] = ()
    skipped: bool = False


def check(kind: Kind, columns: Mapping[str, Rule], options: Mapping[str, Any], headers: Sequence[str]) -> None:
    """Refuse, with Many, a mapping that cannot be applied to a file with these headers."""
    errors: list[DomainError] = [UnknownField(name, name=name[:60]) for name in columns if name not in kind.by_name]
    for name, rule in columns.items():
        errors += _rule_errors(name, rule, headers, DEEPEST)
    errors += [NotMapped(one.name, label=one.label) for one in kind.fields if one.required and one.name not in columns]
    errors += _option_errors(kind, options, headers)
    if errors:
        raise Many(errors)


def _rule_errors(name: str, rule: Any, headers: Sequence[str], depth: int) -> Iterator[DomainError]:
    if not _is_rule(rule) or depth == 0:
        yield BadRule(name, name=name)
        return
    for column in columns_of(rule, headers):
        if column not in headers:
            yield ColumnMissing(name, column=column, known=", ".join(headers)[:400])
    if "else" in rule:
        yield from _rule_errors(name, rule["else"], headers, depth - 1)


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, Mapping) or not set(rule) <= RULE_KEYS or sum(key in rule for key in SOURCES) != 1:
        return False
    texts = (key for key in ("column", "template", "format", "time_zone", "twice", "decimal", "blank") if key in rule)
    if not all(isinstance(rule[key], str) for key in texts):
        return False
    return _has_good_options(rule)


def _has_good_options(rule: Rule) -> bool:
    date_format = rule.get("format") or "iso"
    return (
        (date_format in DATE_FORMATS or "%" in date_format)
        and (rule.get("time_zone") or "UTC") in available_timezones()
        and rule.get("twice", "") in ("", "first", "second")
        and rule.get("decimal", "") in ("", ".", ",")
        and rule.get("blank", "keep") in ("keep", "clear")
        and isinstance(rule.get("values") or {}, Mapping)
    )


def _option_errors(kind: Kind, options: Mapping[str, Any], headers: Sequence[str]) -> Iterator[DomainError]:
    switches = {option.name for option in kind.options}
    for name, value in options.items():
        if name in switches and isinstance(value, bool):
            continue
        if name != "filter" or not _is_filter(value):
            yield BadOption(name, name=name[:60])
            continue
        for part in value:
            if part["column"] not in headers:
                yield ColumnMissing("filter", column=part["column"], known=", ".join(headers)[:400])


def _is_filter(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(part, Mapping) and isinstance(part.get("column"), str) and isinstance(part.get("in"), list)
        for part in value
    )


def columns_of(rule: Rule, headers: Iterable[str]) -> list[str]:
    """The headers that a rule reads, its `else` apart."""
    if "column" in rule:
        return [rule["column"]]
    return [_place(name, headers)[0] for name in _PLACE.findall(rule.get("template", ""))]


def all_columns(columns: Mapping[str, Rule], headers: Iterable[str]) -> set[str]:
    """Every header that a mapping reads."""
    found: set[str] = set()
    for first in columns.values():
        rule: Rule | None = first
        while rule is not None:
            found.update(columns_of(rule, headers))
            rule = rule.get("else")
    return found


def _place(name: str, headers: Iterable[str]) -> tuple[str, bool]:
    """A placeholder's header and whether it may be blank; a header may itself end in a question mark."""
    if name in headers or not name.endswith("?"):
        return name, False
    return name[:-1], True


def read(kind: Kind, columns: Mapping[str, Rule], options: Mapping[str, Any], row: Row) -> Reading:
    """The values that the row holds, for a mapping that `check` accepted."""
    if not _passes(options.get("filter") or (), row):
        return Reading(skipped=True)
    values: dict[str, Any] = {option.name: options.get(option.name, option.default) for option in kind.options}
    errors: list[DomainError] = []
    for name, rule in columns.items():
        target = kind.by_name[name]
        try:
            value = _apply(rule, target, row)
        except DomainError as error:
            errors.append(error)
            continue
        if value is not None:
            values[name] = value
        elif target.required:
            errors.append(CellMissing(name))
        elif rule.get("blank") == "clear":
            values[name] = None
    return Reading(values, tuple(errors))


def identity(kind: Kind, columns: Mapping[str, Rule], row: Row) -> str | None:
    """By what the row's record is told from others, or None where the row does not say it."""
    for name in kind.known_by:
        if name in columns and name in kind.by_name:
            try:
                value = _apply(columns[name], kind.by_name[name], row)
            except DomainError:
                return None
            if value is not None:
                return f"{name}:{value}"
    return None


def _passes(filters: Iterable[Mapping[str, Any]], row: Row) -> bool:
    return all(
        fold(plain_text(row.get(part["column"]))) in {fold(str(value)) for value in part["in"]} for part in filters
    )


def _apply(rule: Rule, target: Field, row: Row) -> Any:
    value = value_of(_cell(rule, row), target, rule)
    if value is None and "else" in rule:
        value = _apply(rule["else"], target, row)
    if value is None and rule.get("default") not in (None, ""):
        value = value_of(rule["default"], target, rule)
    return value


def _cell(rule: Rule, row: Row) -> Cell:
    if "value" in rule:
        return rule["value"]
    if "column" in rule:
        return row.get(rule["column"])
    blank = False

    def filled(match: re.Match[str]) -> str:
        nonlocal blank
        header, optional = _place(match[1], row)
        text = " ".join(plain_text(row.get(header)).split())
        blank = blank or not (text or optional)
        return text

    text = _PLACE.sub(filled, rule["template"])
    return None if blank else text


def guess(kind: Kind, headers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rules for the columns whose headers look like fields: the same name, label or alias, punctuation apart."""
    keys = {header: _key(header) for header in headers}
    taken: set[str] = set()
    columns: dict[str, dict[str, Any]] = {}
    for target in kind.fields:
        names = [_key(name) for name in (target.name, str(target.label), *target.aliases)]
        for header in sorted(headers, key=lambda header: names.index(keys[header]) if keys[header] in names else 99):
            if keys[header] in names and header not in taken:
                columns[target.name] = {"column": header}
                taken.add(header)
                break
    return columns


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def zone_names() -> list[str]:
    """Time zones that a mapping may name, sorted."""
    return sorted(name for name in available_timezones() if "/" in name and ZoneInfo(name))
