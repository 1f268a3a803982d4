"""Forms of the planning setup: they read what was typed for one command each."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import Q
from django.utils import dates
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Branch, Team, User
from callout.accounts.queries import branches_for, colleagues
from callout.catalog.models import Product
from callout.core.errors import DomainError
from callout.core.intervals import Interval
from callout.core.worktime import Shift
from callout.documents.models import NumberBook
from callout.planning import queries, registry, rules
from callout.planning.commands import Item
from callout.planning.models import ActivityState, ActivityType, Category, Resource, Sector
from callout.planning.queries import Eligible
from callout.planning.registry import LayoutField
from callout.ui.forms import Form, VersionField

DAYS = range(7)


class ColourField(forms.CharField):
    """A colour, chosen in the browser's own box."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "color", "class": "form-control-color"})
        super().__init__(**{"widget": widget, "max_length": 7, "initial": "#206bc4", **kwargs})


class Named(Form):
    """A name, and what it is called in the languages of the program."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    name_it = forms.CharField(label=_("Name in Italian"), max_length=120, required=False)
    name_ro = forms.CharField(label=_("Name in Romanian"), max_length=120, required=False)
    version = VersionField()

    @staticmethod
    def naming(row: Sector | ActivityState | ActivityType) -> dict[str, Any]:
        """What the name fields start with."""
        return {"name": row.name, "version": row.version, **{f"name_{code}": text for code, text in row.names.items()}}

    @property
    def names(self) -> dict[str, str]:
        """The names in other languages, for the command."""
        return {code: self.cleaned_data[f"name_{code}"] for code in ("en", "it", "ro")}


class SectorForm(Named):
    """A sector."""

    layout = ("name", ("name_en", "name_it", "name_ro"), "position")
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=9999, initial=0)


class StateForm(Named):
    """An activity state."""

    layout = ("name", ("name_en", "name_it", "name_ro"), ("category", "colour"), "is_default", "obsolete")
    category = forms.ChoiceField(
        label=_("Category"), choices=Category.choices, help_text=_("What the rules understand of this state.")
    )
    colour = ColourField(label=_("Colour"))
    is_default = forms.BooleanField(label=_("Used unless another is chosen"), required=False)
    obsolete = forms.BooleanField(label=_("No longer offered"), required=False)


class TypeForm(Named):
    """An activity type with who plans and performs it, and who is told."""

    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Sector"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ActivityType.Kind.choices)
    minutes = forms.IntegerField(label=_("Expected duration in minutes"), min_value=5, max_value=1440, initial=60)
    colour = ColourField(label=_("Colour"))
    number_series = forms.ChoiceField(label=_("Number book"), required=False)
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    chargeable = forms.BooleanField(label=_("Charged to the customer"), required=False, initial=True)
    registration_type = forms.CharField(label=_("Registration type"), max_length=40, required=False)
    notify_owner = forms.BooleanField(label=_("Notify the owner at creation"), required=False)
    mail_customer_on = forms.MultipleChoiceField(
        label=_("Mail the customer when"),
        choices=[(code, _(text)) for code, text in rules.MAIL_EVENTS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mailing_list = forms.CharField(
        label=_("Mailing list"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("E-mail addresses that are told on the same occasions, one a line."),
    )
    layout_fields = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    plans_teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), widget=forms.CheckboxSelectMultiple, required=False
    )
    plans_people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("People"), widget=forms.CheckboxSelectMultiple, required=False
    )
    performs_teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), widget=forms.CheckboxSelectMultiple, required=False
    )
    performs_people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("People"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = colleagues()
        self.fields["plans_people"].queryset = people
        self.fields["performs_people"].queryset = people.filter(resource__isnull=False)
        self.fields["number_series"].choices = _books(self.initial.get("number_series", ""))
        names = [(field.name, field.label) for field in registry.layout_fields()]
        self.fields["layout_fields"].choices = names

    @staticmethod
    def start(row: ActivityType) -> dict[str, Any]:
        """What the form of an existing type starts with."""
        plain = ("kind", "minutes", "colour", "number_series", "active", "chargeable", "registration_type",
                 "notify_owner", "mail_customer_on", "mailing_list", "layout")  # fmt: skip
        chosen = {
            f"{role}_{group}": [pk for kind, pk in row.eligibilities.values_list("role", field) if kind == role and pk]
            for role in ("plans", "performs")
            for group, field in (("people", "user_id"), ("teams", "team_id"))
        }
        return Named.naming(row) | {name: getattr(row, name) for name in plain} | {"sector": row.sector_id} | chosen

    def eligible(self, role: str) -> Eligible:
        """The people and teams chosen for a role."""
        people, teams = (self.cleaned_data[f"{role}_{group}"] for group in ("people", "teams"))
        return Eligible(frozenset(each.pk for each in people), frozenset(each.pk for each in teams))

    @property
    def values(self) -> dict[str, Any]:
        """The plain fields, for the command."""
        named = {"sector", "name", "name_en", "name_it", "name_ro", "version", "layout_fields"}
        groups = {f"{role}_{group}" for role in ("plans", "performs") for group in ("people", "teams")}
        kept = {key: value for key, value in self.cleaned_data.items() if key not in named | groups}
        return kept | {"sector_id": self.cleaned_data["sector"].pk, "layout": self.layout_chosen}

    @property
    def layout_chosen(self) -> list[str]:
        """The layout as the page had it; empty when that is all fields in their usual order."""
        chosen = list(dict.fromkeys(self.cleaned_data.get("layout_fields") or []))
        return [] if chosen == [field.name for field in registry.layout_fields()] else chosen

    def layout_rows(self) -> list[tuple[LayoutField, bool]]:
        """Every field and whether it is shown: those of the layout in their order, then the others."""
        known = {field.name: field for field in registry.layout_fields()}
        data: Any = self.data
        typed = self.is_bound and hasattr(data, "getlist")
        wanted = data.getlist("layout_fields") if typed else self.initial.get("layout", [])
        shown = [name for name in dict.fromkeys(wanted) if name in known] or list(known)
        return [(known[name], True) for name in shown] + [
            (field, False) for name, field in known.items() if name not in shown
        ]


def _books(chosen: str) -> list[Any]:
    """The number books that activities can have: those of work orders for appointments, and those of tasks."""
    found: dict[str, list[str]] = {"workorder": [], "task": []}
    books = NumberBook.objects.filter(kind__in=found, active=True).order_by("series")
    for kind, series in books.values_list("kind", "series").distinct():
        found[kind].append(series)
    if chosen and chosen not in [*found["workorder"], *found["task"]]:
        found["workorder"].append(chosen)
    groups = [(_("Work orders"), found["workorder"]), (_("Tasks"), found["task"])]
    return [("", _("as usual")), *((label, [(one, one) for one in series]) for label, series in groups if series)]


class ItemForm(Form):
    """A product that completing the activity bills by itself."""

    layout = (("product", "quantity"),)
    product = forms.ModelChoiceField(Product.objects.none(), label=_("Product"), required=False)
    quantity = forms.DecimalField(label=_("Quantity"), min_value=0, max_digits=10, decimal_places=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Q(active=True) | Q(pk=self.initial.get("product"))
        self.fields["product"].queryset = Product.objects.filter(kept)

    def clean(self) -> dict[str, Any]:
        """A product needs a quantity above zero; an empty line is left out."""
        data = super().clean() or self.cleaned_data
        if data.get("product") and not data.get("quantity"):
            self.add_error("quantity", _("How much of it?"))
        return data


ItemFormSet = forms.formset_factory(ItemForm, extra=2, max_num=30)


def items_of(formset: Any) -> list[Item]:
    """The filled lines, for the command."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("product")]
    return [Item(row["product"].pk, row["quantity"]) for row in rows]


@cache
def _zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/")]


class ResourceForm(Form):
    """Somebody whose time is planned, with the weekly hours."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Branch"))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)
    presence = forms.ChoiceField(label=_("Presence"), choices=Resource.PresenceMode.choices)
    colour = ColourField(label=_("Colour"))
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=9999, initial=0)
    home_latitude = forms.DecimalField(
        label=_("Latitude of the start of the day"), min_value=-90, max_value=90, max_digits=9, decimal_places=6,
        required=False,
    )  # fmt: skip
    home_longitude = forms.DecimalField(
        label=_("Longitude of the start of the day"), min_value=-180, max_value=180, max_digits=9, decimal_places=6,
        required=False,
    )  # fmt: skip
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, resource: Resource | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches_for(actor)
        if resource is None:
            self.fields["user"].queryset = colleagues().filter(resource__isnull=True)
        else:
            del self.fields["user"]
        for weekday in DAYS:
            self.fields[f"hours_{weekday}"] = forms.CharField(
                label=dates.WEEKDAYS[weekday],
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
            )

    @staticmethod
    def start(resource: Resource) -> dict[str, Any]:
        """What the form of an existing resource starts with."""
        plain = ("time_zone", "presence", "colour", "position", "home_latitude", "home_longitude", "active", "version")
        return {name: getattr(resource, name) for name in plain} | {"branch": resource.branch_id} | week(resource)

    @property
    def days(self) -> list[Any]:
        """The fields of the weekly hours, Monday first."""
        return [self[f"hours_{weekday}"] for weekday in DAYS]

    def clean(self) -> dict[str, Any]:
        """Read the hours of each day."""
        data = super().clean() or self.cleaned_data
        shifts: list[Shift] = []
        for weekday in DAYS:
            try:
                shifts += rules.day_hours(weekday, data.get(f"hours_{weekday}") or "")
            except DomainError as error:
                self.refuse(error)
        self.shifts: Sequence[Shift] = shifts
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The plain fields, for the command."""
        names = ("presence", "colour", "position", "home_latitude", "home_longitude", "active")
        zone = {"time_zone": self.cleaned_data["time_zone"]} if self.cleaned_data["time_zone"] else {}
        return {name: self.cleaned_data[name] for name in names} | zone


def week(resource: Resource) -> dict[str, str]:
    """The weekly hours as the form shows them, by the name of each day's field."""
    found: dict[str, list[str]] = {}
    for row in resource.working_hours.order_by("weekday", "starts"):
        shift = rules.shown_shift(Shift(row.weekday, row.starts, row.ends))
        found.setdefault(f"hours_{row.weekday}", []).append(shift)
    return {name: ", ".join(shifts) for name, shifts in found.items()}


class AbsenceForm(Form):
    """Somebody's absence: whole days, or from one moment to another, by the reader's clock."""

    layout = ("resource", ("starts", "ends"), "reason")
    resource = forms.ModelChoiceField(Resource.objects.none(), label=_("Person"))
    starts = forms.DateTimeField(label=_("From"))
    ends = forms.DateTimeField(label=_("To"), help_text=_("Midnight of the next day for a whole day."))
    reason = forms.CharField(label=_("Reason"), max_length=80)
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = queries.resources_visible_to(actor).filter(active=True)
        self.fields["resource"].queryset = offered
        if fixed:
            del self.fields["resource"]

    @property
    def window(self) -> Interval:
        """The time away. Raises EndsBeforeStart."""
        return Interval(self.cleaned_data["starts"], self.cleaned_data["ends"])
