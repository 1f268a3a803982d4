"""Forms of asking to be away."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.core.intervals import Interval
from callout.core.worktime import check_day, day_of, local
from callout.planning.models import Resource
from callout.ui.forms import Form, VersionField


class AskForm(Form):
    """One's own absence: whole days, or from one time of the day to another, by one's own clock."""

    layout = (("starts", "from_time"), ("ends", "to_time"), "reason")
    starts = forms.DateField(label=_("First day"))
    from_time = forms.TimeField(label=_("from what time"), required=False)
    ends = forms.DateField(label=_("Last day"))
    to_time = forms.TimeField(label=_("until what time"), required=False, help_text=_("Empty for whole days."))
    reason = forms.CharField(label=_("Reason"), max_length=80)

    def __init__(self, *args: Any, resource: Resource | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = resource.time_zone if resource else "UTC"

    @property
    def window(self) -> Interval:
        """The time away. Raises EndsBeforeStart, NonexistentTime, AmbiguousTime, DayOutOfRange."""
        data = self.cleaned_data
        return Interval(
            self._moment("starts", data["from_time"]) or self._day("starts").starts,
            self._moment("ends", data["to_time"]) or self._day("ends").ends,
        )

    def _day(self, field: str) -> Interval:
        return day_of(check_day(self.cleaned_data[field], field=field), self.zone)

    def _moment(self, field: str, clock: time | None) -> datetime | None:
        if clock is None:
            return None
        return local(datetime.combine(self.cleaned_data[field], clock), self.zone, field=field)


class DecisionForm(Form):
    """The answer to somebody who asked to be away."""

    answer = forms.CharField(
        label=_("Answer"), max_length=200, required=False, help_text=_("Who asked reads it; needed for a refusal.")
    )
    version = VersionField()
