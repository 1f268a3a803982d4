"""Reading imports, their rows and mappings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.db.models import Q, QuerySet

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.imports.errors import UnknownMapping
from callout.imports.models import ImportRow, ImportRun, Mapping, Stage
from callout.imports.rules import mapping as rules

RIGHT = "import.run"


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping that can be chosen by its name: one that comes with the program, or one that people saved."""

    kind: str
    name: str
    columns: dict[str, Any]
    options: dict[str, Any]
    built_in: bool


@cache
def built_in() -> tuple[Named, ...]:
    """The mappings that come with the program, by kind and name."""
    found = []
    for file in (files("callout.imports") / "mappings").iterdir():
        if file.name.endswith(".json"):
            data = json.loads(file.read_text(encoding="utf-8"))
            found.append(Named(data["kind"], data["name"], data["columns"], data.get("options", {}), True))
    return tuple(sorted(found, key=lambda one: (one.kind, one.name)))


def mappings(kind: str) -> list[Named]:
    """The mappings for a kind of file by name, the program's own first."""
    saved = Mapping.objects.filter(kind=kind).order_by("name")
    own = [Named(one.kind, one.name, one.columns, one.options, False) for one in saved]
    return [*(one for one in built_in() if one.kind == kind), *own]


def mapping_named(kind: str, name: str) -> Named:
    """The mapping with this name; raises UnknownMapping."""
    known = mappings(kind)
    found = next((one for one in known if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in known) or "–"
        raise UnknownMapping("mapping", name=name[:80], known=names)
    return found


def fitting_mapping(kind: str, headers: Sequence[str]) -> Named | None:
    """The mapping whose columns are all in the file; of several the one that reads most of them."""
    known = set(headers)
    fitting = [
        (len(columns), one)
        for one in mappings(kind)
        if (columns := rules.all_columns(one.columns, headers)) and columns <= known
    ]
    return max(fitting, key=lambda pair: (pair[0], pair[1].name))[1] if fitting else None


def visible_to(actor: Actor) -> QuerySet[ImportRun]:
    """The imports that the actor may see: the own ones; administrators see everybody's."""
    if not actor.may(RIGHT):
        return ImportRun.objects.none()
    runs = ImportRun.objects.select_related("run")
    return runs if actor.may("settings.admin") else runs.filter(Q(started_by_id=actor.user_id))


def import_run(pk: int, *, actor: Actor) -> ImportRun:
    """One import; NotFound when the actor may not see it."""
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def kept_files() -> QuerySet[ImportRun]:
    """Imports that are done and whose file is still there."""
    return ImportRun.objects.filter(stage=Stage.DONE).exclude(path="")


def result_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """What became of the rows, by line."""
    return ImportRow.objects.filter(import_run=run).order_by("line")


def refused_lines(run: ImportRun) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """The refused lines with their reasons, by line."""
    refused = result_rows(run).filter(outcome=ImportRow.Outcome.REFUSED)
    return refused.values_list("line", "errors").iterator(chunk_size=1_000)
