"""The form for one more technician on a work order."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.core.intervals import Interval
from callout.planning import queries as planning
from callout.planning.models import Resource
from callout.workorders import queries
from callout.workorders.forms.ticket import VersionForm
from callout.workorders.models import WorkOrder

NAMED = 5
"""People who are named as free."""


class CrewForm(VersionForm):
    """Who comes along, and for how long when not for the whole time."""

    layout = (("resource_id", "minutes"),)
    resource_id = forms.ModelChoiceField(Resource.objects.none(), label=_("Technician"))
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=5, max_value=1440, help_text=_("Empty: for the whole time.")
    )

    def __init__(self, *args: Any, order: WorkOrder, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        there = [each.resource.pk for each in queries.crew_of(order)]
        visible = planning.resources_visible_to(actor).values("pk")
        able = planning.performers(order.activity_type).filter(pk__in=visible).exclude(pk__in=there)
        field: Any = self.fields["resource_id"]
        field.queryset = able
        if order.appointment is None:
            return
        visit = Interval(order.appointment.starts, order.appointment.ends)
        free = planning.free_then(order.activity_type, visit, actor=actor, besides=there, limit=NAMED)
        if free:
            field.help_text = _("Free then: %(people)s.") % {"people": ", ".join(map(str, free))}

    @property
    def window(self) -> Interval | None:
        """The time of the helper; None for the whole time."""
        minutes = self.cleaned_data["minutes"]
        if minutes is None or self.order.appointment is None:
            return None
        starts = self.order.appointment.starts
        return Interval(starts, starts + timedelta(minutes=minutes))
