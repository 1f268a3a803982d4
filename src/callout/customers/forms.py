"""Forms of customers and what belongs to them: they read what was typed for one command each."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import LANGUAGES, Branch, User
from callout.accounts.queries import branches_for
from callout.catalog.forms import NAMES, WordForm, product_name
from callout.catalog.models import PaymentTerm, Product, RateCard
from callout.catalog.queries import products_visible_to
from callout.catalog.rules import countries
from callout.customers import queries
from callout.customers.models import Asset, Classification, Customer, Priority, Site, Zone
from callout.customers.rules import zones_by_country
from callout.ui.forms import Form, VersionField
from callout.ui.widgets import Picker

HINTED = ("name", "phone", "tax_code", "vat_number")
"""Fields of a new customer that are compared with what is there while they are typed."""


@cache
def _zones() -> list[tuple[str, str]]:
    names = sorted({zone for zones in zones_by_country().values() for zone in zones})
    return [("", _("as the branch")), *((name, name) for name in names)]


def _countries() -> list[tuple[str, str]]:
    return [("", _("as the branch")), *sorted(countries().items(), key=lambda pair: pair[1])]


def start(form: type[Form], row: Any) -> dict[str, Any]:
    """What a form's fields begin with: the row's own values."""
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}


class _Typed(Form):
    """What every form here gives to its command: everything but the version."""

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, under the names that the commands know."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class CustomerForm(_Typed):
    """A customer's own fields."""

    layout = (
        ("name", "code"), ("phone", "email"), ("tax_code", "vat_number"), ("priority", "language", "currency"),
        ("zone", "agent"), ("classification_1", "classification_2", "classification_3"), ("payment_term", "rate_card"),
        "notes", ("external_id", "active"),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=160)
    code = forms.CharField(
        label=_("Code"), max_length=20, required=False, help_text=_("Leave it empty to take the next free one.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    tax_code = forms.CharField(label=_("Tax code"), max_length=20, required=False)
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.MEDIUM
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    zone = forms.ModelChoiceField(Zone.objects.all(), label=_("Commercial zone"), required=False)
    agent = forms.ModelChoiceField(User.objects.none(), label=_("Sales agent"), required=False)
    classification_1 = forms.ModelChoiceField(
        Classification.objects.filter(axis=1), label=_("Classification 1"), required=False
    )
    classification_2 = forms.ModelChoiceField(
        Classification.objects.filter(axis=2), label=_("Classification 2"), required=False
    )
    classification_3 = forms.ModelChoiceField(
        Classification.objects.filter(axis=3), label=_("Classification 3"), required=False
    )
    payment_term = forms.ModelChoiceField(PaymentTerm.objects.all(), label=_("Payment terms"), required=False)
    rate_card = forms.ModelChoiceField(RateCard.objects.filter(active=True), label=_("Rate card"), required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    external_id = forms.CharField(label=_("External id"), max_length=80, required=False)
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    version = VersionField()

    def __init__(self, *args: Any, row: Customer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = queries.agents()
        if row is not None and row.agent_id:
            agents = agents | User.objects.filter(pk=row.agent_id)
        self.fields["agent"].queryset = agents
        if row is not None and row.rate_card_id:
            self.fields["rate_card"].queryset |= RateCard.objects.filter(pk=row.rate_card_id)


class SiteForm(_Typed):
    """A site."""

    layout = (
        "name", "address", ("postal_code", "city", "county"), ("country", "time_zone"), ("latitude", "longitude"),
        ("branch", "zone"), ("is_main", "is_billing"), "notes", "external_id",
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    county = forms.CharField(label=_("County"), max_length=80, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)
    latitude = forms.DecimalField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.DecimalField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Served by"), required=False)
    zone = forms.ModelChoiceField(Zone.objects.all(), label=_("Zone"), required=False)
    is_main = forms.BooleanField(label=_("Main site"), required=False)
    is_billing = forms.BooleanField(label=_("Bills go here"), required=False)
    notes = forms.CharField(
        label=_("Notes for who goes there"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    external_id = forms.CharField(label=_("External id"), max_length=80, required=False)
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches_for(actor)

    @property
    def values(self) -> dict[str, Any]:
        """What was typed; an empty name, branch or country means the one that follows or that the site has."""
        given = super().values
        return {name: value for name, value in given.items() if value or name not in ("name", "branch", "country")}


class ContactForm(_Typed):
    """A person at a customer."""

    layout = (("name", "job_title"), ("phone", "mobile", "email"), ("language", "site"), "external_id")
    name = forms.CharField(label=_("Name"), max_length=120)
    job_title = forms.CharField(label=_("Role"), max_length=80, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("the customer's")), *LANGUAGES], required=False)
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"), required=False)
    external_id = forms.CharField(label=_("External id"), max_length=80, required=False)
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, customer: Customer | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if customer is not None:
            self.fields["site"].queryset = queries.sites_of(customer, actor=actor)


class AssetForm(_Typed):
    """An installed product."""

    layout = (
        ("product", "site"), ("serial", "lot"), ("installed_on", "warranty_until"), "notes", "external_id", "active",
    )  # fmt: skip
    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("Product"), widget=Picker("product_search", product_name, minimum=2)
    )
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"))
    serial = forms.CharField(label=_("Serial number"), max_length=60)
    lot = forms.CharField(label=_("Lot"), max_length=40, required=False)
    installed_on = forms.DateField(label=_("Installed on"), required=False)
    warranty_until = forms.DateField(label=_("Warranty until"), required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    external_id = forms.CharField(label=_("External id"), max_length=80, required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = queries.sites_of(customer, actor=actor)
        self.fields["site"].queryset = sites
        self.fields["site"].initial = sites.first()
        self.fields["product"].queryset = products_visible_to(actor)


class ContractForm(_Typed):
    """An agreement."""

    layout = (("code", "description"), ("starts", "ends"), "rate_card", "assets", "external_id")
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("Leave it empty to take the next free one.")
    )
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    starts = forms.DateField(label=_("From"))
    ends = forms.DateField(label=_("To"), required=False)
    rate_card = forms.ModelChoiceField(RateCard.objects.filter(active=True), label=_("Rate card"), required=False)
    assets = forms.ModelMultipleChoiceField(
        Asset.objects.none(), label=_("Assets covered"), required=False, widget=forms.CheckboxSelectMultiple
    )
    external_id = forms.CharField(label=_("External id"), max_length=80, required=False)
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assets"].queryset = queries.assets_of(customer, actor=actor)
        if self.initial.get("rate_card"):
            chosen = RateCard.objects.filter(pk=self.initial["rate_card"].pk)
            self.fields["rate_card"].queryset |= chosen

    @property
    def values(self) -> dict[str, Any]:
        """What was typed; an empty code of an agreement that is there means the one it has."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return given if given["code"] else {name: value for name, value in given.items() if name != "code"}


class ZoneForm(WordForm):
    """A commercial zone."""

    layout = ("code", *NAMES)
    code = forms.CharField(label=_("Code"), max_length=20)


class ClassificationForm(WordForm):
    """A value of classification 1, 2 or 3."""

    layout = ("axis", *NAMES)
    axis = forms.TypedChoiceField(label=_("Classification"), choices=[(1, "1"), (2, "2"), (3, "3")], coerce=int)


class MainSiteForm(SiteForm):
    """The site of a new customer: the main one by itself."""

    layout = (
        "name", "address", ("postal_code", "city", "county"), ("country", "time_zone"), ("latitude", "longitude"),
        ("branch", "zone"), "notes", "external_id",
    )  # fmt: skip
    is_main = None
    is_billing = None


class FirstContactForm(ContactForm):
    """The contact person of a new customer, who may be left out."""

    layout = (("name", "job_title"), ("phone", "mobile", "email"), ("language", "external_id"))
    site = None

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, customer=None, **kwargs)
        self.fields["name"].required = False

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(
            self.data.get(self.add_prefix(name)) for name in ("name", "phone", "mobile", "email", "job_title")
        )


def site_is_empty(form: SiteForm) -> bool:
    """Whether nothing was typed of the site of a new customer."""
    typed = ("name", "address", "postal_code", "city", "county", "country", "latitude", "longitude")
    return not any(form.data.get(form.add_prefix(name)) for name in typed)
