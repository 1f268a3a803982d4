"""The plain forms of dispatch, for who does not use the planner's dialog."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Team
from callout.core.errors import DomainError
from callout.customers.models import Zone
from callout.dispatch import rules
from callout.planning.models import ActivityType, Resource, Sector
from callout.planning.queries import resources_visible_to
from callout.ui.forms import Form

PLACES = {"days": "first", "lunch": "lunch_minutes", "resource_ids": "resources"}


def _ticks(label: Any, rows: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(rows, label=label, widget=forms.CheckboxSelectMultiple, required=False)


class DispatchForm(Form):
    """Which days are dispatched, whose, and which work; what is not ticked is left open."""

    layout = (("first", "last"), "seconds", "with_lunch", ("lunch_earliest", "lunch_latest", "lunch_minutes"))
    first = forms.DateField(label=_("First day"))
    last = forms.DateField(label=_("Last day"))
    seconds = forms.IntegerField(
        label=_("Seconds to search"), min_value=rules.LEAST_SECONDS, max_value=rules.MOST_SECONDS,
        help_text=_("More time finds shorter ways. You can stop the search at any time and keep the best so far."),
    )  # fmt: skip
    with_lunch = forms.BooleanField(label=_("Keep a lunch break free"), required=False)
    lunch_earliest = forms.TimeField(label=_("Not before"), required=False)
    lunch_latest = forms.TimeField(label=_("Begins at the latest"), required=False)
    lunch_minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=rules.LEAST_LUNCH, max_value=rules.MOST_LUNCH
    )
    teams = _ticks(_("Teams"), Team.objects.order_by("name", "pk"))
    resources = _ticks(_("People"), Resource.objects.none())
    types = _ticks(_("Types of work"), ActivityType.objects.filter(active=True).order_by("name", "pk"))
    sectors = _ticks(_("Sectors"), Sector.objects.order_by("name", "pk"))
    zones = _ticks(_("Zones"), Zone.objects.order_by("name", "pk"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resources"].queryset = resources_visible_to(actor).filter(active=True)

    @staticmethod
    def start(day: date) -> dict[str, Any]:
        """What an empty form begins with."""
        return {
            "first": day, "last": day, "seconds": rules.USUAL_SECONDS, "lunch_earliest": "12:00",
            "lunch_latest": "13:00", "lunch_minutes": 60,
        }  # fmt: skip

    @property
    def choice(self) -> rules.Choice:
        """What was chosen; rules.check refuses what cannot be."""
        data = self.cleaned_data
        sets = {f"{name[:-1]}_ids": frozenset(each.pk for each in data[name]) for name in _SETS}
        return rules.Choice(
            days=days_between(data["first"], data["last"]), lunch=self._lunch(), seconds=data["seconds"], **sets
        )

    def _lunch(self) -> rules.Lunch | None:
        data = self.cleaned_data
        earliest, latest = data["lunch_earliest"], data["lunch_latest"]
        if not data["with_lunch"] or earliest is None or latest is None:
            return None
        return rules.Lunch(earliest, latest, data["lunch_minutes"] or 0)

    def refuse(self, error: DomainError) -> None:
        """Put a refusal beside the field that stands for what it names."""
        for part in getattr(error, "errors", [error]):
            part.field = PLACES.get(part.field or "", part.field)
        super().refuse(error)


_SETS = ("teams", "resources", "types", "sectors", "zones")


class FitForm(Form):
    """On which days an urgent work order may be done, and whether planned work may make room for it."""

    layout = (("first", "last"), "may_move")
    first = forms.DateField(label=_("First day"))
    last = forms.DateField(label=_("Last day"))
    may_move = forms.BooleanField(
        label=_("Planned work may be moved to make room"), required=False,
        help_text=_("You see what moves from where to where before anything is changed."),
    )  # fmt: skip

    @property
    def days(self) -> tuple[date, ...]:
        """The days that were chosen."""
        return days_between(self.cleaned_data["first"], self.cleaned_data["last"])

    def refuse(self, error: DomainError) -> None:
        """Put a refusal beside the field that stands for what it names."""
        for part in getattr(error, "errors", [error]):
            part.field = PLACES.get(part.field or "", part.field)
        super().refuse(error)


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last; one more than rules allow when there are too many."""
    count = min((last - first).days + 1, rules.MOST_DAYS + 1)
    return tuple(first + timedelta(days=place) for place in range(count))
