"""Forms of a work order's lines, and of what happens on site."""

import base64
import binascii
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from callout.catalog.models import LineKind, Product, RateCard
from callout.ui.forms import Form, VersionField
from callout.ui.widgets import Picker
from callout.workorders import queries
from callout.workorders.commands import EstimateChange
from callout.workorders.forms.ticket import VersionForm
from callout.workorders.models import EstimateLine, HoursLine, WorkOrder

SIGNATURE_BYTES = 400_000
_PNG = "data:image/png;base64,"


def _quantity(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=10, decimal_places=2, **kwargs)


def _money(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, **kwargs)


class CardForm(VersionForm):
    """Which rate card the estimate is made by."""

    rate_card = forms.ModelChoiceField(RateCard.objects.none(), label=_("Rate card"))

    def __init__(self, *args: Any, order: WorkOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rate_card"].queryset = RateCard.objects.filter(active=True, currency=order.currency)
        self.initial.setdefault("rate_card", queries.effective_card(order, on=order.date))


class EstimateForm(Form):
    """Quantity and price of every line of the estimate."""

    def __init__(self, *args: Any, order: WorkOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(order.estimate.order_by("position", "id"))
        for line in self.lines:
            named = {"name": line.description}
            quantity = _quantity(_("Quantity of %(name)s") % named, initial=line.quantity)
            price = _money(_("Price of %(name)s") % named, initial=line.price)
            self.fields |= {
                f"quantity-{line.pk}": quantity,
                f"price-{line.pk}": price,
                f"version-{line.pk}": VersionField(initial=line.version),
            }
        self._settle()

    def table(self) -> list[tuple[EstimateLine, Any, Any, Any]]:
        """Each line with its fields."""
        return [
            (line, self[f"quantity-{line.pk}"], self[f"price-{line.pk}"], self[f"version-{line.pk}"])
            for line in self.lines
        ]

    def changes(self) -> list[EstimateChange]:
        """What the command wants."""
        found = self.cleaned_data
        return [
            EstimateChange(
                line.pk, found[f"version-{line.pk}"], found[f"quantity-{line.pk}"], found[f"price-{line.pk}"]
            )
            for line in self.lines
        ]


class NewEstimateLineForm(Form):
    """Something that the rate card does not have."""

    layout = (("kind", "description"), ("quantity", "unit", "price"))
    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind.choices)
    description = forms.CharField(label=_("Description"), max_length=200)
    quantity = _quantity(_("Quantity"), initial=1)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    price = _money(_("Price"))


class LineForm(Form):
    """Which line, as the page showed it."""

    line = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    version = VersionField()


class HoursForm(Form):
    """Hours of one day."""

    layout = (("day", "worked", "to_bill"),)
    day = forms.DateField(label=_("Day"))
    worked = forms.DecimalField(label=_("Hours worked"), max_digits=5, decimal_places=2)
    to_bill = forms.DecimalField(label=_("To bill"), max_digits=5, decimal_places=2, required=False)

    def begin_with(self, day: date) -> None:
        """Offer this day."""
        self.initial.setdefault("day", day)


class HoursLineForm(LineForm):
    """A line of hours that stands there."""

    day = forms.DateField(label=_("Day"))
    worked = forms.DecimalField(label=_("Hours worked"), max_digits=5, decimal_places=2)
    to_bill = forms.DecimalField(label=_("To bill"), max_digits=5, decimal_places=2)

    def __init__(self, *args: Any, of: HoursLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of is not None:
            self.initial |= {
                "line": of.pk, "version": of.version, "day": of.day, "worked": of.worked, "to_bill": of.to_bill,
            }  # fmt: skip


class ExpenseForm(Form):
    """What the trip cost besides hours."""

    layout = ("description", ("kind", "quantity", "price"), "billable", "receipt")
    description = forms.CharField(label=_("Description"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in (LineKind.EXPENSE, LineKind.TRAVEL, LineKind.FIXED)],
    )
    quantity = _quantity(_("Quantity"), initial=1)
    price = _money(_("Price"))
    billable = forms.BooleanField(label=_("Charged to the customer"), required=False, initial=True)
    receipt = forms.FileField(
        label=_("Receipt"), required=False, allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/*,application/pdf", "capture": "environment"}),
    )  # fmt: skip


class PartForm(Form):
    """A part that was used."""

    layout = ("product", ("quantity", "serial"), "billable")
    product = forms.ModelChoiceField(
        Product.objects.filter(active=True), label=_("Part"), widget=Picker("part_search", minimum=2)
    )
    quantity = _quantity(_("Quantity"), initial=1)
    serial = forms.CharField(label=_("Serial number"), required=False, max_length=60)
    billable = forms.BooleanField(label=_("Charged to the customer"), required=False, initial=True)


class NotesForm(VersionForm):
    """The technician's words."""

    notes = forms.CharField(
        label=_("What was done"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 5})
    )

    def __init__(self, *args: Any, order: WorkOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("notes", order.report_notes)


class PhotoForm(Form):
    """A picture taken on site."""

    photo = forms.FileField(
        label=_("Picture"), allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip


class SignatureForm(VersionForm):
    """The customer's name, and the signature drawn over it."""

    signer_name = forms.CharField(label=_("Name of who signs"), max_length=120)
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: WorkOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact = order.ticket.contact
        self.initial.setdefault("signer_name", order.signer_name or (contact.name if contact else ""))

    def clean_signature(self) -> bytes | None:
        """The drawing as PNG; None when only the name was typed."""
        text = self.cleaned_data["signature"]
        if not text:
            return None
        if not text.startswith(_PNG) or len(text) > SIGNATURE_BYTES:
            raise ValidationError(_("The signature did not arrive. Sign again, or have the name typed."))
        try:
            return base64.b64decode(text[len(_PNG) :], validate=True)
        except binascii.Error as error:
            raise ValidationError(_("The signature did not arrive. Sign again, or have the name typed.")) from error


class StepForm(VersionForm):
    """A step of the work, now or at a time that has passed."""

    at = forms.DateTimeField(label=_("At"), required=False)
