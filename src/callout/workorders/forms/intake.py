"""What an operator fills in while the customer speaks, in the order in which people tell it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.catalog.forms import product_name
from callout.catalog.models import Product
from callout.catalog.queries import products_visible_to
from callout.core.slots import Wish
from callout.customers import queries as customers
from callout.customers.models import Asset, Contact, Contract, Customer, Priority, Site
from callout.planning.models import ActivityType
from callout.tickets.commands import Call
from callout.tickets.models import Channel
from callout.ui.forms import Form
from callout.ui.shapes import day_writer
from callout.ui.widgets import Picker
from callout.workorders.registry import billed_products

ASSETS = 60
"""Assets that the form lists."""


class Slot(NamedTuple):
    """A time that the operator has chosen: whose calendar, and when."""

    resource_id: int
    starts: datetime

    @property
    def text(self) -> str:
        """The slot in a form."""
        return f"{self.resource_id}@{self.starts.isoformat()}"


class SlotField(forms.Field):
    """A slot as its text; nothing, when the time is left for later."""

    def to_python(self, value: Any) -> Slot | None:
        """The slot, or None."""
        if not value:
            return None
        resource, _at, moment = str(value).partition("@")
        try:
            starts = datetime.fromisoformat(moment)
        except ValueError:
            starts = None
        if starts is None or starts.utcoffset() is None or not (resource.isascii() and resource.isdigit()):
            raise forms.ValidationError(_("Choose one of the times offered."))
        return Slot(int(resource[:18]), starts)


class SlotWish(forms.Form):
    """What the customer would like, as the panel of free times asks it; after `full_clean`, without what is unclear."""

    PARTS: Mapping[str, tuple[time, time]] = {"am": (time(0), time(13)), "pm": (time(12), time(23, 59))}
    slot_day = forms.DateField(required=False)
    slot_part = forms.ChoiceField(choices=[("", ""), ("am", ""), ("pm", "")], required=False)

    @property
    def day(self) -> date | None:
        """From this day on."""
        return self.cleaned_data.get("slot_day")

    @property
    def wish(self) -> Wish:
        """The hours that would suit."""
        hours = self.PARTS.get(self.cleaned_data.get("slot_part", ""))
        return Wish(since=hours[0], to=hours[1]) if hours else Wish()


class CallForm(Form):
    """A call. Sites, contacts, assets and contracts are those of the chosen customer."""

    customer = forms.ModelChoiceField(
        Customer.objects.none(),
        label=_("Customer"),
        widget=Picker("customer_search", minimum=3, placeholder=_("Name, phone, tax code, serial number…")),
    )
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"), empty_label=None)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact person"), required=False)
    assets = forms.ModelMultipleChoiceField(
        Asset.objects.none(), label=_("What it is about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    billed = forms.ModelMultipleChoiceField(
        Product.objects.none(), label=_("Products on this customer's invoices"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product of the catalogue"), required=False,
        widget=Picker("product_search", product_name, minimum=2, placeholder=_("Code or name of a product…")),
    )  # fmt: skip
    activity_type = forms.ModelChoiceField(ActivityType.objects.none(), label=_("Type of work"))
    subject = forms.CharField(label=_("Subject"), max_length=200)
    description = forms.CharField(
        label=_("What the customer says"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 5})
    )
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    due_at = forms.DateTimeField(label=_("Due"), required=False)
    contract = forms.ModelChoiceField(Contract.objects.none(), label=_("Contract"), required=False)
    emails = forms.CharField(
        label=_("E-mail for messages about this ticket"), required=False, max_length=400,
        help_text=_("Without one, the contact person is written to."),
    )  # fmt: skip
    slot = SlotField(label=_("Time"), required=False, widget=forms.HiddenInput)
    notes = forms.CharField(
        label=_("Notes for colleagues"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers.visible_to(actor).filter(active=True)
        self.fields["activity_type"].queryset = ActivityType.objects.filter(
            active=True, kind=ActivityType.Kind.APPOINTMENT
        ).select_related("sector")
        self.chosen = self._chosen()
        self._narrow(actor)

    def _chosen(self) -> Customer | None:
        """The customer of the page, if one is chosen."""
        value = self["customer"].value()
        if isinstance(value, Customer):
            return value
        text = str(value or "")
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            return None
        return self.fields["customer"].queryset.filter(pk=text).first()

    def _narrow(self, actor: Actor) -> None:
        """Offer what belongs to the customer, and begin with what is likely."""
        if self.chosen is None:
            self.initial.setdefault("priority", Priority.MEDIUM)
            return
        customer = self.chosen
        sites = customers.sites_visible_to(actor).filter(customer=customer)
        self.fields["site"].queryset = sites
        contacts = customer.contacts.all()
        self.fields["contact"].queryset = contacts
        assets = customer.assets.filter(active=True).select_related("product")
        self.fields["assets"].queryset = assets
        self.fields["assets"].choices = [(asset.pk, str(asset)) for asset in assets[:ASSETS]]
        self._offer_products(actor, customer)
        self.fields["contract"].queryset = customer.contracts.all()
        self.initial.setdefault("site", sites.first())
        self.initial.setdefault("priority", customer.priority)
        if len(only := contacts[:2]) == 1:
            self.initial.setdefault("contact", only[0])

    def _offer_products(self, actor: Actor, customer: Customer) -> None:
        """Those that the customer was billed, the newest first; any other one by searching."""
        products = products_visible_to(actor).filter(active=True)
        self.fields["product"].queryset = self.fields["billed"].queryset = products
        write = day_writer()
        self.fields["billed"].choices = [
            (
                one.product.pk,
                _("%(product)s – billed on %(date)s, %(invoice)s")
                % {"product": one.product, "date": write(one.date), "invoice": one.invoice},
            )
            for one in billed_products(customer, actor=actor)
        ]

    def product_ids(self) -> list[int]:
        """The products that the call is about besides assets, each once."""
        one = self.cleaned_data["product"]
        chosen = [*self.cleaned_data["billed"], *([one] if one else [])]
        return list(dict.fromkeys(product.pk for product in chosen))

    def call(self) -> Call:
        """What the command wants."""
        found = self.cleaned_data
        return Call(
            customer_id=found["customer"].pk,
            site_id=found["site"].pk,
            activity_type_id=found["activity_type"].pk,
            subject=found["subject"],
            description=found["description"],
            contact_id=found["contact"].pk if found["contact"] else None,
            priority=found["priority"],
            channel=found["channel"],
            due_at=found["due_at"],
            asset_ids=[asset.pk for asset in found["assets"]],
            product_ids=self.product_ids(),
            contract_id=found["contract"].pk if found["contract"] else None,
            emails=found["emails"],
            notes=found["notes"],
        )


class NewCustomerForm(Form):
    """A customer whom nobody knows yet: just what is needed to go on with the call."""

    layout = ("name", ("phone", "email"), ("contact", "tax_code"), "address", ("postal_code", "city", "country"))
    name = forms.CharField(label=_("Name"), max_length=160)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    contact = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    tax_code = forms.CharField(label=_("Tax code"), max_length=20, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    country = forms.CharField(label=_("Country"), min_length=2, max_length=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "new", **kwargs})
        self.initial.setdefault("country", settings.DEFAULT_COUNTRY)

    def values(self) -> dict[str, Any]:
        """What the customers' command wants."""
        found = self.cleaned_data
        site = {name: found[name] for name in ("address", "postal_code", "city", "country")}
        person = {"name": found["contact"], "phone": found["phone"], "email": found["email"]}
        return {
            **{name: found[name] for name in ("name", "phone", "email", "tax_code")},
            "sites": [site],
            "contacts": [person] if found["contact"] else [],
        }
