"""Fields that search while one types."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext

Labeller = Callable[[Any], str]


class Picker(forms.Select):
    """A choice among thousands: three letters or digits, and the server offers what fits.

    `url_name` is the page that renders `ui/_picker_results.html` with `items` (value, label, why) for the parameter
    `q`, and for the fields named in `depends`, whose change empties this one. The label of a value that is already
    chosen comes from `label(value)`, else from the field's own queryset.
    """

    template_name = "ui/picker.html"

    def __init__(
        self,
        url_name: str,
        label: Labeller | None = None,
        *,
        depends: tuple[str, ...] = (),
        minimum: int = 3,
        placeholder: Any = "",
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.url_name = url_name
        self.label = label
        self.depends = depends
        self.minimum = minimum
        self.placeholder = placeholder

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template needs; the choices themselves are never listed."""
        context = forms.Widget.get_context(self, name, value, attrs)
        context["widget"] |= {
            "url": reverse(self.url_name),
            "label": self.label_of(value),
            "minimum": self.minimum,
            "depends": " ".join(self.depends),
            "placeholder": self.placeholder or gettext("Type to search"),
        }
        return context

    def label_of(self, value: Any) -> str:
        """The words for the chosen value; none when nothing, or nothing that exists, is chosen."""
        if value in (None, ""):
            return ""
        if self.label is not None:
            return self.label(value)
        field = getattr(self.choices, "field", None)
        if field is None:
            return next((str(label) for key, label in self.choices if str(key) == str(value)), "")
        try:
            return field.label_from_instance(field.to_python(value))
        except ValidationError:
            return ""

    def use_required_attribute(self, initial: Any) -> bool:
        """The text field may ask for a value; a list to look into is not read for it."""
        return not self.is_hidden

    def format_value(self, value: Any) -> Any:
        """The chosen key, one only."""
        return "" if value is None else str(value)
