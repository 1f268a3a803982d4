"""Forms of the worked-hours sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.ui.forms import Form, VersionField
from callout.workorders.models import HoursLine, WorkOrder


class _WithReason(Form):
    """Somebody else's hours are corrected with a reason; one's own need none."""

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=200)
            self._settle()

    @property
    def reason(self) -> str | None:
        """The reason of a correction; None for one's own hours."""
        return self.cleaned_data.get("reason")


class NewHoursForm(_WithReason):
    """Further hours of the day, on one of the person's work orders."""

    layout = ("order", ("worked", "to_bill"), "reason")
    order = forms.ChoiceField(label=_("Work order"))
    worked = forms.DecimalField(label=_("Hours worked"), max_digits=5, decimal_places=2)
    to_bill = forms.DecimalField(label=_("To bill"), max_digits=5, decimal_places=2, required=False)

    def __init__(self, *args: Any, orders: list[WorkOrder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(order.pk), f"{order.code} {order.ticket.customer.name}") for order in orders]
        self.fields["order"].choices = choices  # type: ignore[attr-defined]  # a choice


class LineForm(_WithReason):
    """A line of hours that stands there."""

    layout = (("worked", "to_bill", "reason"),)
    line = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    version = VersionField()
    worked = forms.DecimalField(label=_("Hours worked"), max_digits=5, decimal_places=2, required=False)
    to_bill = forms.DecimalField(label=_("To bill"), max_digits=5, decimal_places=2, required=False)

    def __init__(self, *args: Any, of: HoursLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of is not None:
            self.initial |= {"line": of.pk, "version": of.version, "worked": of.worked, "to_bill": of.to_bill}
