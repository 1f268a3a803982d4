"""Forms: how they look, how they read numbers and dates, and how a refusal finds its field."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext

from callout.core.errors import DomainError, Many, StaleVersion
from callout.ui.numbers import plain_number, typed_number
from callout.ui.refusals import explain, shown
from callout.ui.widgets import Picker

CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class Bound(BoundField):
    """A field on its page: styled, described for screen readers, with the stored value beside it on a conflict."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The attributes of the input, with the classes that its kind needs."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if not widget.is_hidden:
            names = [widget.attrs.get("class", ""), attrs.get("class", ""), _look(widget)]
            if self.errors:
                names.append("is-invalid")
            attrs["class"] = " ".join(filter(None, names))
        return attrs

    @property
    def is_check(self) -> bool:
        """Whether the label stands behind the box."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def stored(self) -> str | None:
        """What is stored now, in words, when it differs from what was typed on an old version of the page."""
        if not getattr(self.form, "stale", False) or self.is_hidden or not self._has_changed():  # type: ignore[attr-defined]  # not in the stubs
            return None
        return _words(self.field, self.initial)


def _look(widget: forms.Widget) -> str:
    if isinstance(widget, CHECKS):
        return "form-check-input"
    if isinstance(widget, Picker):
        return "form-control"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _words(field: forms.Field, value: Any) -> str:
    """A stored value as the reader writes it."""
    if value in (None, "", [], ()):
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    choices = getattr(field, "choices", None)
    if choices is None:
        return shown(value)
    wanted = {str(field.prepare_value(one)) for one in (value if isinstance(value, list | tuple) else [value])}
    return ", ".join(str(label) for key, label in _flat(choices) if str(key) in wanted) or str(value)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


class Renderer(TemplatesSetting):
    """Form widgets and fields are drawn by the project's own templates."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    formset_template_name = "ui/formset.html"
    bound_field_class = Bound


class NumberBox(forms.TextInput):
    """A box for a number in the reader's notation, with the number keys on a phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str:
        """The number with the reader's decimal mark; what is no number as it was typed."""
        return typed_number(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The number as programs write it."""
        text = data.get(name)
        return plain_number(text) if isinstance(text, str) else text


class DateBox(forms.DateInput):
    """The browser's own date field: it shows the reader's notation and sends ISO."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentBox(forms.DateTimeInput):
    """The browser's own field for date and time of day, in the reader's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimeBox(forms.TimeInput):
    """The browser's own field for a time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class VersionField(forms.IntegerField):
    """The version of the record that the page showed, for `core.errors.check_version`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.HiddenInput, "required": False, "min_value": 0, **kwargs})


NATIVE: tuple[tuple[type[forms.Field], type[forms.Widget], type[forms.Widget]], ...] = (
    (forms.DateTimeField, forms.DateTimeInput, MomentBox),
    (forms.DateField, forms.DateInput, DateBox),
    (forms.TimeField, forms.TimeInput, TimeBox),
    (forms.DecimalField, forms.NumberInput, NumberBox),
    (forms.FloatField, forms.NumberInput, NumberBox),
    (forms.IntegerField, forms.NumberInput, NumberBox),
)


class _Behaviour:
    """What every form here does; `layout` may order the fields: names, and tuples of names that share a row."""

    layout: tuple[str | tuple[str, ...], ...] = ()
    fields: dict[str, forms.Field]
    data: Any
    stale = False

    def _settle(self) -> None:
        """Give fields their native widgets and the page's version its value."""
        self.label_suffix = ""
        for field in self.fields.values():
            _make_native(field)
        instance = getattr(self, "instance", None)
        if "version" in self.fields and instance is not None:
            self.initial.setdefault("version", instance.version)  # type: ignore[attr-defined]  # a form has it

    def rows(self) -> list[list[BoundField]]:
        """The visible fields in rows as `layout` says; those it leaves out come after, one a row."""
        visible = {bound.name: bound for bound in self.visible_fields()}
        rows = [(names,) if isinstance(names, str) else names for names in self.layout]
        placed = {name for names in rows for name in names}
        rows += [(name,) for name in visible if name not in placed]
        return [found for names in rows if (found := [visible[name] for name in names if name in visible])]

    def refuse(self, error: DomainError) -> None:
        """Put a refusal beside its field, or on top when it names none of this form's."""
        parts = error.errors if isinstance(error, Many) else [error]
        for part in parts:
            told = explain(part)
            place = told.field if told.field in self.fields else None
            self.add_error(place, told.text)
            if isinstance(part, StaleVersion):
                self._show_both_versions()

    def _show_both_versions(self) -> None:
        """Offer what is stored beside what was typed; sending again is then meant to replace it."""
        self.stale = True
        if "version" in self.fields:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(self.initial.get("version", ""))

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """`with form.refusals(): command(...)`: a refusal of the command becomes an error of the form."""
        try:
            yield
        except DomainError as error:
            self.refuse(error)


ROWS = 4
"""Lines of a field for longer text, which grows by its corner."""


def _make_native(field: forms.Field) -> None:
    if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") == "10":  # Django's own default
        field.widget.attrs = {**field.widget.attrs, "rows": ROWS}
    for kind, plain, native in NATIVE:
        if isinstance(field, kind) and type(field.widget) in (plain, forms.TextInput):
            kept = {key: value for key, value in field.widget.attrs.items() if key not in ("step", "min", "max")}
            field.widget = native(kept)
            field.widget.is_required = field.required
            return


class Form(_Behaviour, forms.Form):
    """Base of forms that read input for a command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._settle()


class ModelForm(_Behaviour, forms.ModelForm):
    """Base of forms whose fields are a model's. Give `cleaned_data` to the command: `save` is refused.

    The record that the form was given stays as it is stored, whatever is typed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = copy(self.instance)
        self._settle()

    def save(self, commit: bool = True) -> Any:
        """Never: only commands write."""
        raise TypeError("a command writes, not the form")


def handle(
    request: HttpRequest,
    form: Any,
    action: Callable[[Any], Any],
    *,
    template: str,
    context: dict[str, Any] | None = None,
    success: Any,
    message: str = "",
) -> HttpResponse:
    """Show the form, or run `action(form)` on valid input and go to `success`.

    `success` is an address, a URL name, an object with an address, or a callable that makes one of these (or a
    response) from what `action` returned. A refusal of `action` shows the form again: 422, or 409 for an old version.
    """
    if request.method == "POST" and form.is_valid():
        result = None
        with form.refusals():
            result = action(form)
        if form.is_valid():
            if message:
                messages.success(request, message)
            return _leave(request, success(result) if callable(success) else success)
    refused = form.is_bound and request.method == "POST"
    status = (409 if form.stale else 422) if refused else 200
    return render(request, template, {"form": form, **(context or {})}, status=status)


def _leave(request: HttpRequest, target: Any) -> HttpResponse:
    if isinstance(target, HttpResponse):
        return target
    url = resolve_url(target)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
