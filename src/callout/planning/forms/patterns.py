"""Forms of presence patterns and of generating presences."""

from typing import Any

from django import forms
from django.utils import dates
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Team
from callout.customers.models import Zone
from callout.planning import queries
from callout.planning.models import PresencePattern, Resource
from callout.planning.queries.patterns import Choice
from callout.ui.forms import Form, VersionField


class PatternForm(Form):
    """A presence pattern."""

    layout = (
        "resource", "zone", ("starts", "ends"), ("every", "unit"), "weekdays", ("starts_on", "ends_on"),
    )  # fmt: skip
    resource = forms.ModelChoiceField(Resource.objects.none(), label=_("Person"))
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), required=False, empty_label=_("any zone"),
        help_text=_("Where the person is in these hours."),
    )  # fmt: skip
    starts = forms.TimeField(label=_("Begins at"))
    ends = forms.TimeField(label=_("Ends at"), help_text=_("00:00, or a time before the start, is on the next day."))
    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=1000, initial=1)
    unit = forms.ChoiceField(label=_("Recurrence"), choices=PresencePattern.Unit.choices, initial="week")
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=[(day, dates.WEEKDAYS[day]) for day in range(7)], coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("For a recurrence by weeks."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("First day"), help_text=_("Days, weeks and months are counted from here."))
    ends_on = forms.DateField(label=_("Last day"), required=False)
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = queries.resources_visible_to(actor).filter(active=True)
        self.fields["resource"].queryset = offered
        if fixed:
            del self.fields["resource"]

    @staticmethod
    def start(row: PresencePattern) -> dict[str, Any]:
        """What the form of an existing pattern starts with."""
        names = ("unit", "every", "weekdays", "starts", "ends", "starts_on", "ends_on", "version")
        return {name: getattr(row, name) for name in names} | {"zone": row.zone_id}

    @property
    def values(self) -> dict[str, Any]:
        """The plain fields, for the command."""
        names = ("unit", "every", "weekdays", "starts", "ends", "starts_on", "ends_on")
        zone = self.cleaned_data["zone"]
        return {name: self.cleaned_data[name] for name in names} | {"zone_id": zone.pk if zone else None}


class GenerateForm(Form):
    """For whom and for which days presences are generated or cleared."""

    layout = (("first", "last"), "clear")
    first = forms.DateField(label=_("First day"))
    last = forms.DateField(label=_("Last day"))
    clear = forms.ChoiceField(
        label=_("What is to be done"), widget=forms.RadioSelect, required=False,
        choices=[("", _("Generate presences from the patterns")), ("1", _("Take generated presences away"))],
    )  # fmt: skip
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), widget=forms.CheckboxSelectMultiple, required=False
    )
    zones = forms.ModelMultipleChoiceField(
        Zone.objects.all(), label=_("Zones"), widget=forms.CheckboxSelectMultiple, required=False
    )
    resources = forms.ModelMultipleChoiceField(
        Resource.objects.none(), label=_("People"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = queries.resources_visible_to(actor).filter(active=True)
        self.fields["resources"].queryset = offered

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        data = self.cleaned_data
        ids = {
            name: frozenset(each.pk for each in data[field])
            for name, field in (("resource_ids", "resources"), ("team_ids", "teams"), ("zone_ids", "zones"))
        }
        return Choice(first=data["first"], last=data["last"], clear=bool(data["clear"]), **ids)
