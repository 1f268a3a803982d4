"""What the verifier and the person who bills fill in."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.billing.queries import LineToVerify
from callout.billing.rules import Decision
from callout.ui.forms import Form


class VerifyForm(Form):
    """The lines of one reported work order: approve each or decline it; quantity and price editable."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Iterable[LineToVerify], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            key = self.key(line)
            approved = line.decided.approved if line.decided else line.proposal.billable
            self.fields[f"approved-{key}"] = forms.BooleanField(
                label=_("Approve %(line)s") % {"line": line.reported.description}, required=False, initial=approved
            )
            self.fields[f"quantity-{key}"] = forms.DecimalField(
                label=_("Quantity to bill"), initial=line.quantity, min_value=0, max_digits=10, decimal_places=2,
                localize=True,
            )  # fmt: skip
            self.fields[f"price-{key}"] = forms.DecimalField(
                label=_("Price"), initial=line.price, min_value=0, max_digits=12, decimal_places=2, localize=True
            )
            self.fields[f"reason-{key}"] = forms.CharField(
                label=_("Reason"), required=False, max_length=200, initial=line.decided.reason if line.decided else ""
            )

    @staticmethod
    def key(line: LineToVerify) -> str:
        """The part of the field names that tells the lines apart."""
        return f"{line.proposal.source_kind}-{line.proposal.source_id}"

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its four fields, for the table."""
        return [
            {
                "line": line,
                **{name: self[f"{name}-{self.key(line)}"] for name in ("approved", "quantity", "price", "reason")},
            }
            for line in self.lines
        ]

    def decisions(self) -> list[Decision]:
        """What was entered; only after the form was found valid."""
        entered = self.cleaned_data
        return [
            Decision(
                source_kind=line.proposal.source_kind,
                source_id=line.proposal.source_id,
                approved=entered[f"approved-{self.key(line)}"],
                quantity=Decimal(entered[f"quantity-{self.key(line)}"]),
                price=Decimal(entered[f"price-{self.key(line)}"]),
                reason=entered[f"reason-{self.key(line)}"],
            )
            for line in self.lines
        ]


class SendBackForm(Form):
    """Why a report goes back to the technician."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("What is to be mended"), max_length=1000, widget=forms.Textarea({"rows": 2}))


class DraftForm(Form):
    """Which verified work orders go on one invoice, and its date."""

    work_orders = forms.MultipleChoiceField(label=_("Work orders"), widget=forms.CheckboxSelectMultiple)
    date = forms.DateField(label=_("Invoice date"))

    def __init__(self, *args: Any, orders: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.orders = list(orders)
        self.fields["work_orders"].choices = [(order.pk, order.code) for order in self.orders]


class CancelForm(Form):
    """Why an invoice is cancelled."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)
