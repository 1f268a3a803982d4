"""Forms of the ticket page that concern the ticket itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.accounts.queries import colleagues
from callout.customers import queries as customers
from callout.customers.models import Contact, Contract, Customer, Priority, Site
from callout.planning.models import ActivityType
from callout.tickets.commands import Upload
from callout.tickets.models import Ticket
from callout.ui.forms import Form, VersionField
from callout.ui.widgets import Picker


class VersionForm(Form):
    """Nothing but the version of what the page showed."""

    version = VersionField()


class TicketForm(VersionForm):
    """The call as it was taken down."""

    layout = (
        "subject", "description", ("contact", "priority"), ("due_at", "contract"), ("verifier", "vehicle"), "emails",
        "notes", "confirmed_real",
    )  # fmt: skip
    subject = forms.CharField(label=_("Subject"), max_length=200)
    description = forms.CharField(
        label=_("What the customer says"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 5})
    )
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact person"), required=False)
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    due_at = forms.DateTimeField(label=_("Due"), required=False)
    contract = forms.ModelChoiceField(Contract.objects.none(), label=_("Contract"), required=False)
    verifier = forms.ModelChoiceField(User.objects.none(), label=_("Verifier"), required=False)
    vehicle = forms.CharField(label=_("Vehicle"), required=False, max_length=60)
    emails = forms.CharField(label=_("E-mail for messages about this ticket"), required=False, max_length=400)
    notes = forms.CharField(
        label=_("Notes for colleagues"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 3})
    )
    confirmed_real = forms.BooleanField(label=_("Confirmed as real by the team on site"), required=False)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = ticket.customer.contacts.all()
        self.fields["contract"].queryset = ticket.customer.contracts.all()
        self.fields["verifier"].queryset = colleagues()
        for name in (*self.fields,):
            self.initial.setdefault(name, getattr(ticket, name))

    def values(self) -> dict[str, Any]:
        """What the command wants."""
        found = dict(self.cleaned_data)
        found.pop("version")
        for name in ("contact", "contract", "verifier"):
            chosen = found.pop(name)
            found[f"{name}_id"] = chosen.pk if chosen else None
        return found


class PlaceForm(VersionForm):
    """Whose request it is, and where; sites and people are searched among the chosen customer's."""

    layout = ("customer", ("site", "contact"))
    customer = forms.ModelChoiceField(
        Customer.objects.none(),
        label=_("Customer"),
        widget=Picker("customer_search", minimum=3, placeholder=_("Name, phone, tax code, serial number…")),
    )
    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("Site"), required=False,
        widget=Picker("site_options", depends=("customer",), minimum=1),
        help_text=_("Without one, the customer's main site."),
    )  # fmt: skip
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Contact person"), required=False,
        widget=Picker("contact_options", depends=("customer",), minimum=1),
    )  # fmt: skip

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers.visible_to(actor).filter(active=True)
        self.fields["site"].queryset = customers.sites_visible_to(actor)
        self.fields["contact"].queryset = customers.contacts_visible_to(actor)
        for name in ("customer", "site", "contact"):
            self.initial.setdefault(name, getattr(ticket, f"{name}_id"))

    def clean(self) -> dict[str, Any]:
        """Site and contact person are the customer's; without a site the main one is meant."""
        found = super().clean() or self.cleaned_data
        customer, site = found.get("customer"), found.get("site")
        if customer is None or "site" in self.errors:
            return found
        own = self.fields["site"].queryset.filter(customer=customer)
        if site is None:
            found["site"] = own.order_by("-is_main", "id").first()
        elif site.customer_id != customer.pk:
            found["site"] = None
        if found["site"] is None:
            self.add_error("site", _("Choose a site of this customer."))
        return found


class MessageForm(Form):
    """A remark: the short form of the thread."""

    text = forms.CharField(label=_("Remark"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 2}))
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    register_entry = forms.CharField(label=_("Register entry"), required=False, max_length=60)

    def upload(self) -> Upload | None:
        """The file that came with it."""
        return upload_of(self.cleaned_data.get("file"))


def upload_of(file: Any) -> Upload | None:
    """An uploaded file as a command takes it."""
    return Upload(file.name, file.read()) if file else None


class PhoneForm(VersionForm):
    """What settled the call."""

    solution = forms.CharField(
        label=_("What solved it"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 3})
    )


class CancelForm(VersionForm):
    """Why a ticket is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class FurtherForm(VersionForm):
    """A further work order."""

    activity_type = forms.ModelChoiceField(ActivityType.objects.none(), label=_("Type of work"))
    description = forms.CharField(
        label=_("Work to do"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 3})
    )
    minutes = forms.IntegerField(label=_("Expected minutes"), required=False, min_value=5, max_value=1440)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity_type"].queryset = ActivityType.objects.filter(active=True).select_related("sector")
        self.initial.setdefault("activity_type", ticket.activity_type_id)
