"""Forms of the catalogue: they read what was typed for one command each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callout.catalog import queries
from callout.catalog.models import LineKind, PaymentTerm, Product, RateCard, VatRate
from callout.ui.forms import Form, VersionField
from callout.ui.widgets import Picker

LANGUAGES = ("en", "it", "ro")


class WordForm(Form):
    """A name, and what it is called in the languages of the program."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    name_it = forms.CharField(label=_("Name in Italian"), max_length=120, required=False)
    name_ro = forms.CharField(label=_("Name in Romanian"), max_length=120, required=False)

    @classmethod
    def start(cls, row: Any) -> dict[str, Any]:
        """What the fields begin with: the row's own values."""
        own = {name: getattr(row, name) for name in cls.base_fields if hasattr(row, name)}
        return own | {f"name_{code}": text for code, text in row.names.items()}

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, under the names that the commands know; the version is handed over by itself."""
        names = {code: self.cleaned_data[f"name_{code}"] for code in LANGUAGES}
        plain = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "version" and name.removeprefix("name_") not in LANGUAGES
        }
        return {**plain, "names": names}


NAMES = ("name", ("name_en", "name_it", "name_ro"))


class ProductForm(WordForm):
    """A product."""

    layout = (
        ("code", "kind"), *NAMES, ("category", "unit"), ("price", "cost", "vat_rate"), "serialised", "active",
        "external_id",
    )  # fmt: skip
    code = forms.CharField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=Product.Kind.choices, initial=Product.Kind.PART)
    category = forms.CharField(label=_("Category"), max_length=80, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, initial="pc")
    price = forms.DecimalField(label=_("Price"), min_value=0, max_digits=12, decimal_places=2, initial=0)
    cost = forms.DecimalField(label=_("Cost"), min_value=0, max_digits=12, decimal_places=2, required=False)
    vat_rate = forms.ModelChoiceField(VatRate.objects.none(), label=_("VAT rate"), required=False)
    serialised = forms.BooleanField(label=_("Has serial numbers"), required=False)
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    external_id = forms.CharField(
        label=_("External id"), max_length=80, required=False, help_text=_("How another system knows it.")
    )
    version = VersionField()

    def __init__(self, *args: Any, row: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Q(active=True) | Q(pk=row.vat_rate_id if row else None)
        self.fields["vat_rate"].queryset = VatRate.objects.filter(offered)


class VatRateForm(WordForm):
    """A VAT rate."""

    layout = (*NAMES, ("percent", "country"), "reason", "active")
    percent = forms.DecimalField(label=_("Percent"), min_value=0, max_value=100, max_digits=5, decimal_places=2)
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters, for example IT."))
    reason = forms.CharField(
        label=_("Reason for exemption"), max_length=200, required=False,
        help_text=_("Printed on invoices beside a rate of zero."),
    )  # fmt: skip
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)


class PaymentTermForm(WordForm):
    """Terms of payment."""

    layout = (*NAMES, ("method", "days"), "end_of_month")
    method = forms.ChoiceField(label=_("Method"), choices=PaymentTerm.Method.choices)
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=365, initial=30)
    end_of_month = forms.BooleanField(label=_("Counted from the end of the month"), required=False)


class RateCardForm(WordForm):
    """A rate card."""

    layout = (*NAMES, ("currency", "valid_from", "valid_to"), "is_general", "active")
    currency = forms.CharField(label=_("Currency"), max_length=3)
    valid_from = forms.DateField(label=_("Valid from"), required=False)
    valid_to = forms.DateField(label=_("Valid to"), required=False)
    is_general = forms.BooleanField(
        label=_("For customers without a rate card of their own"), required=False, initial=True
    )
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    version = VersionField()


def product_name(value: Any) -> str:
    """Code and name of the product with this primary key, for a picker; nothing when there is none."""
    found = Product.objects.filter(pk=value).first() if str(value).isdigit() else None
    return f"{found.code} {found}" if found else ""


class RateLineForm(Form):
    """One line of a rate card; a line without a description is left out."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind.choices)
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("Product"), required=False,
        widget=Picker("product_search", product_name, minimum=2),
    )  # fmt: skip
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    price = forms.DecimalField(label=_("Price"), min_value=0, max_digits=12, decimal_places=2, required=False)
    quantity = forms.DecimalField(
        label=_("Proposed quantity"), min_value=0, max_digits=10, decimal_places=2, required=False
    )
    vat_rate = forms.ModelChoiceField(VatRate.objects.none(), label=_("VAT rate"), required=False)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Q(active=True) | Q(pk=self.initial.get("vat_rate"))
        self.fields["vat_rate"].queryset = VatRate.objects.filter(offered)
        for name in ("price", "quantity"):
            self.fields[name].widget.attrs["class"] = "text-end"

    @property
    def is_filled(self) -> bool:
        """Whether the line says anything that should be kept."""
        data = self.cleaned_data
        return not data.get("remove") and bool(data.get("description") or data.get("product") or data.get("price"))

    def clean(self) -> dict[str, Any]:
        """A line that says something needs unit, price and VAT rate."""
        data = super().clean() or self.cleaned_data
        if not data.get("description") and data.get("product"):
            data["description"] = data["product"].name
        for name in ("description", "unit", "price", "vat_rate"):
            if self.is_filled and name not in self.errors and data.get(name) in (None, ""):
                self.add_error(name, _("Please fill this in."))
        return data


RateLineFormSet = forms.formset_factory(RateLineForm, extra=3, max_num=100)


def lines_of(formset: Any) -> list[dict[str, Any]]:
    """The filled lines in their order, for the command."""
    kept = [form.cleaned_data for form in formset if form.is_filled]
    return [{name: value for name, value in line.items() if name != "remove"} for line in kept]


def start_of_lines(card: RateCard | None) -> Sequence[dict[str, Any]]:
    """What the lines' fields begin with."""
    names = ("id", "kind", "description", "product", "unit", "price", "quantity", "vat_rate")
    return list(queries.lines_of(card).values(*names)) if card else []
