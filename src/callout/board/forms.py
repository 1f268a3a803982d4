"""The plain form that does what dragging does."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callout.accounts.actor import Actor
from callout.core.intervals import Interval
from callout.core.worktime import local, zone_of
from callout.planning import queries as planning
from callout.planning.models import Resource
from callout.ui.forms import Form, VersionField
from callout.workorders.models import WorkOrder


class PlanForm(Form):
    """Who goes, on which day, from when to when, by the reader's own clock."""

    layout = ("resource_id", ("day", "starts", "ends"), "helpers")
    resource_id = forms.ModelChoiceField(Resource.objects.none(), label=_("Technician"))
    day = forms.DateField(label=_("Day"))
    starts = forms.TimeField(label=pgettext_lazy("times", "From"))
    ends = forms.TimeField(
        label=pgettext_lazy("times", "To"),
        required=False,
        help_text=_("Empty: as long as expected. Before the start: on the next day."),
    )
    helpers = forms.ModelMultipleChoiceField(
        Resource.objects.none(), label=_("Technicians who come along"), widget=forms.CheckboxSelectMultiple,
        required=False, help_text=_("For the whole time. Nobody has to be chosen."),
    )  # fmt: skip
    version = VersionField()

    def __init__(self, *args: Any, order: WorkOrder, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.actor = order, actor
        visible = planning.resources_visible_to(actor).values("pk")
        able = planning.performers(order.activity_type).filter(pk__in=visible)
        for name in ("resource_id", "helpers"):
            self.fields[name].queryset = able  # type: ignore[attr-defined]  # a field of records

    @property
    def window(self) -> Interval:
        """The chosen time. Raises NonexistentTime, AmbiguousTime or EndsBeforeStart on its field."""
        data, zone = self.cleaned_data, self.actor.time_zone
        starts = local(datetime.combine(data["day"], data["starts"]), zone, field="starts")
        if data["ends"] is None:
            return Interval(starts, starts + timedelta(minutes=self.order.minutes))
        day = data["day"] + timedelta(days=1) if data["ends"] < data["starts"] else data["day"]
        return Interval(starts, local(datetime.combine(day, data["ends"]), zone, field="ends"))


def start_of(order: WorkOrder, actor: Actor, *, resource: str = "", at: str = "") -> dict[str, Any]:
    """What the form starts with: the slot in the address, else where the work order stands now."""
    helpers = list(order.helpers.values_list("resource_id", flat=True))
    start: dict[str, Any] = {"version": order.version, "helpers": helpers}
    moments: tuple[datetime, datetime] | None = None
    if at:
        try:
            begins = datetime.fromisoformat(at)
        except ValueError:
            return start
        if begins.tzinfo is None:
            return start
        moments = begins, begins + timedelta(minutes=order.minutes)
        start["resource_id"] = resource
    elif order.appointment:
        moments = order.appointment.starts, order.appointment.ends
        start["resource_id"] = order.resource_id
    if moments:
        first, last = (moment.astimezone(zone_of(actor.time_zone)) for moment in moments)
        start |= {"day": first.date(), "starts": first.time(), "ends": last.time()}
    return start
