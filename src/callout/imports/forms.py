"""Forms of imports: the file, and which column goes where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.core.errors import DomainError, Many
from callout.imports import registry
from callout.imports.models import ImportRun
from callout.imports.registry import Field, Kind
from callout.imports.rules.cells import DATE_FORMATS
from callout.imports.rules.mapping import SOURCES, zone_names
from callout.ui.forms import Form
from callout.ui.refusals import explain

COLUMN = "column:"
DETAILS = ("text", "default", "format", "time_zone", "twice", "decimal", "values", "blank")
FILTERS = 2
_BY_KIND = {
    "date": ("format",),
    "datetime": ("format", "time_zone", "twice"),
    "decimal": ("decimal",),
    "integer": ("decimal",),
}
"""Details that only some kinds of field have."""


class UploadForm(Form):
    """A file and what is in it."""

    kind = forms.ChoiceField(label=_("What is in the file?"))
    file = forms.FileField(label=_("File"), help_text=_("CSV with any separator and encoding, or XLSX; 50 MB at most."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in registry.kinds(actor)]
        self.fields["file"].widget.attrs["accept"] = ".csv,.tsv,.txt,.xlsx,.xlsm"


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the kind on the mapping page, with its inputs."""

    field: Field
    source: BoundField
    details: list[BoundField]
    filled: bool


class MappingForm(Form):
    """Which column goes where, with the details of each field, a filter of rows, and a name to keep it under."""

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        run: ImportRun,
        columns: Mapping[str, Any],
        options: Mapping[str, Any],
        samples: Mapping[str, Sequence[str]],
        **kwargs: Any,
    ) -> None:
        self.kind, self.run, self.columns, self.samples = kind, run, columns, samples
        super().__init__(*args, **kwargs)
        self.initial |= _start(kind, columns, options)
        for field in kind.fields:
            self._add_field(field)
        for option in kind.options:
            self.fields[f"option.{option.name}"] = forms.BooleanField(label=option.label, required=False)
        for number in range(FILTERS):
            self._add_filter(number)
        self.fields["save_as"] = forms.CharField(
            label=_("Keep this mapping as"), max_length=80, required=False,
            help_text=_("The next file of this kind is then mapped by itself."),
        )  # fmt: skip
        self._settle()

    def _add_field(self, field: Field) -> None:
        columns = [(f"{COLUMN}{header}", self._shown(header)) for header in self.run.headers]
        gone = self.columns.get(field.name, {}).get("column")
        if gone is not None and gone not in self.run.headers:
            columns.append((f"{COLUMN}{gone}", gone))
        choices = [
            ("", _("– leave out –")),
            (_("Columns"), columns),
            (_("Otherwise"), [("value", _("always the same value")), ("template", _("a text with columns"))]),
        ]
        self.fields[f"{field.name}.source"] = forms.ChoiceField(label=field.label, choices=choices, required=False)
        for name in DETAILS:
            if name in ("text", "default", "values", "blank") or name in _BY_KIND.get(field.kind, ()):
                self.fields[f"{field.name}.{name}"] = _detail(name)

    def _shown(self, header: str) -> str:
        """A column with its first value, by which people know it."""
        first = next(iter(self.samples.get(header, ())), "")
        return f"{header} · {first[:30]}" if first else header

    def _add_filter(self, number: int) -> None:
        headers = [("", _("– all rows –")), *((header, header) for header in self.run.headers)]
        self.fields[f"filter{number}.column"] = forms.ChoiceField(
            label=_("Only rows where"), choices=headers, required=False
        )
        self.fields[f"filter{number}.values"] = forms.CharField(
            label=_("is one of"), required=False, max_length=2000, help_text=_("Separated by commas.")
        )

    def lines(self) -> Iterator[Line]:
        """The fields of the kind with their inputs."""
        for field in self.kind.fields:
            details = [self[f"{field.name}.{name}"] for name in DETAILS if f"{field.name}.{name}" in self.fields]
            filled = any(bound.value() for bound in details)
            yield Line(field, self[f"{field.name}.source"], details, filled)

    def filters(self) -> list[tuple[BoundField, BoundField]]:
        """The inputs that leave rows out."""
        return [(self[f"filter{number}.column"], self[f"filter{number}.values"]) for number in range(FILTERS)]

    def switches(self) -> list[BoundField]:
        """The options of the kind."""
        return [self[f"option.{option.name}"] for option in self.kind.options]

    @property
    def chosen_columns(self) -> dict[str, dict[str, Any]]:
        """The rules, as a mapping keeps them."""
        rules = ((field.name, self._rule(field)) for field in self.kind.fields)
        return {name: rule for name, rule in rules if rule}

    def _rule(self, field: Field) -> dict[str, Any]:
        data = self.cleaned_data
        source = data[f"{field.name}.source"]
        if not source:
            return {}
        text = data[f"{field.name}.text"]
        rule: dict[str, Any] = {source: text} if source in ("value", "template") else {"column": source[len(COLUMN) :]}
        for name in DETAILS[1:]:
            value = data.get(f"{field.name}.{name}")
            if value and value != {"blank": "keep", "format": "iso"}.get(name):
                rule[name] = _pairs(value) if name == "values" else value
        before = self.columns.get(field.name, {})
        if "else" in before and {key: before.get(key) for key in SOURCES} == {key: rule.get(key) for key in SOURCES}:
            rule["else"] = before["else"]
        return rule

    @property
    def chosen_options(self) -> dict[str, Any]:
        """The switches and the filter, as a mapping keeps them."""
        data = self.cleaned_data
        options: dict[str, Any] = {option.name: data[f"option.{option.name}"] for option in self.kind.options}
        filters = [
            {"column": data[f"filter{number}.column"], "in": _listed(data[f"filter{number}.values"])}
            for number in range(FILTERS)
            if data[f"filter{number}.column"]
        ]
        return {**options, "filter": filters} if filters else options

    def refuse(self, error: DomainError) -> None:
        """Put what is refused beside the field that it is about."""
        for part in error.errors if isinstance(error, Many) else [error]:
            place = {"filter": "filter0.column"}.get(part.field or "", f"{part.field}.source")
            place = place if place in self.fields else part.field if part.field in self.fields else None
            self.add_error(place, explain(part).text)


def _detail(name: str) -> forms.Field:
    """The input for one detail of a rule."""
    if name in _CHOICES:
        label, choices = _CHOICES[name]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if name == "values":
        box = forms.Textarea(attrs={"rows": 2})
        return forms.CharField(
            label=_("Replace values"), widget=box, required=False, help_text=_("One a line: old = new")
        )
    label, hint, example = _TEXTS[name]
    box = forms.TextInput(attrs={"placeholder": example} if example else {})
    return forms.CharField(label=label, max_length=500, required=False, help_text=hint, widget=box)


def _zones() -> list[tuple[str, Any]]:
    return [("", "UTC"), *((zone, zone) for zone in zone_names())]


_CHOICES: Mapping[str, tuple[Any, Any]] = {
    "time_zone": (_("Time zone"), _zones),
    "twice": (
        _("A time that the clocks showed twice"),
        [("", _("refuse it")), ("first", _("the first")), ("second", _("the second"))],
    ),
    "decimal": (_("Decimals"), [("", _("as it looks")), (".", _("point: 1.5")), (",", _("comma: 1,5"))]),
    "blank": (_("An empty cell of a known record"), [("keep", _("keep what is there")), ("clear", _("empty it"))]),
}
_TEXTS: Mapping[str, tuple[Any, Any, str]] = {
    "text": (
        _("Value, or text with columns"), _("A column with a question mark may be empty."), "{Street} {Number?}",
    ),
    "default": (_("When the cell is empty"), "", ""),
    "format": (
        _("Order of the date"), _("iso, dmy, mdy, or a pattern such as %d.%m.%Y %H:%M"), ", ".join(DATE_FORMATS),
    ),
}  # fmt: skip


def _pairs(text: str) -> dict[str, str]:
    """`old = new`, one a line."""
    lines = (line.partition("=") for line in text.splitlines() if line.strip())
    return {old.strip(): new.strip() for old, _sign, new in lines}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _start(kind: Kind, columns: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """What the inputs begin with, from a mapping."""
    start: dict[str, Any] = {}
    for name, rule in columns.items():
        if "column" in rule:
            start[f"{name}.source"] = f"{COLUMN}{rule['column']}"
        else:
            source = "value" if "value" in rule else "template"
            start[f"{name}.source"], start[f"{name}.text"] = source, rule.get(source)
        start |= {f"{name}.{detail}": rule[detail] for detail in DETAILS[1:] if detail in rule}
        if rule.get("values"):
            start[f"{name}.values"] = "\n".join(f"{old} = {new}" for old, new in rule["values"].items())
    for option in kind.options:
        start[f"option.{option.name}"] = options.get(option.name, option.default)
    for number, one in enumerate(_filters(options)[:FILTERS]):
        start[f"filter{number}.column"] = one["column"]
        start[f"filter{number}.values"] = ", ".join(str(value) for value in one["in"])
    return start


def _filters(options: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return options.get("filter") or ()
