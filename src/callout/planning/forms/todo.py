"""Forms of the to-do list."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Team
from callout.accounts.queries import colleagues
from callout.customers import queries as customers
from callout.customers.models import Customer
from callout.planning.models import ActivityState, ActivityType, Sector, Task
from callout.planning.queries import todo
from callout.planning.queries.todo import Whose, Wish
from callout.ui.forms import Form, VersionField
from callout.ui.widgets import Picker

SPANS = (7, 14, 31, 92, 366)
DEFAULT_SPAN = 14
CLOSED = "closed"


class WhoseField(forms.ChoiceField):
    """A person or a team: `u12`, `t3`."""

    def offer(self, people: QuerySet[Any], teams: QuerySet[Team]) -> None:
        """Offer these."""
        groups = [
            (_("People"), [(f"u{pk}", name) for pk, name in people.values_list("pk", "display_name")]),
            (_("Teams"), [(f"t{pk}", name) for pk, name in teams.values_list("pk", "name")]),
        ]
        self.choices = [group for group in groups if group[1]]

    def clean(self, value: Any) -> Any:
        """The choice as it is asked for."""
        text = super().clean(value)
        return whose(text) if text else None


def whose(text: str) -> Whose:
    """What the choice says."""
    number = int(text[1:])
    return Whose(team_id=number) if text[0] == "t" else Whose(user_id=number)


class TaskForm(Form):
    """A task or a reminder."""

    layout = ("activity_type", "title", "whose", ("due_on", "remind_at"), "customer", "notes")
    activity_type = forms.ModelChoiceField(ActivityType.objects.none(), label=_("Type"), empty_label=None)
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    whose = WhoseField(label=_("For"))
    due_on = forms.DateField(label=_("Due"), required=False)
    remind_at = forms.DateTimeField(label=_("Remind at"), required=False, help_text=_("Reminders come at this time."))
    customer = forms.ModelChoiceField(
        Customer.objects.none(), label=_("Customer"), required=False,
        widget=Picker("customer_search", minimum=3, placeholder=_("Name, phone, tax code, serial number…")),
    )  # fmt: skip
    notes = forms.CharField(label=_("Notes"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 4}))
    version = VersionField()

    def __init__(self, *args: Any, actor: Actor, task: Task | None = None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        if task is not None:
            del self.fields["activity_type"]
            del self.fields["whose"]
            plain = ("title", "due_on", "remind_at", "customer", "notes", "version")
            self.initial = {name: getattr(task, name) for name in plain} | self.initial
        else:
            self._offer(actor, today)
        if actor.may("customer.read"):
            seen = customers.visible_to(actor).filter(active=True)
            if task is not None and task.customer_id is not None:
                seen = seen | customers.visible_to(actor).filter(pk=task.customer_id)
            self.fields["customer"].queryset = seen
        else:
            del self.fields["customer"]

    def _offer(self, actor: Actor, today: date) -> None:
        kinds = ActivityType.objects.filter(active=True).exclude(kind=ActivityType.Kind.APPOINTMENT)
        kinds = kinds.select_related("sector").order_by("sector__position", "sector__name", "name")
        self.fields["activity_type"].queryset = kinds
        self.fields["whose"].offer(colleagues(), Team.objects.order_by("name"))
        self.initial.setdefault("whose", f"u{actor.user_id}")
        self.initial.setdefault("due_on", today)

    def values(self) -> dict[str, Any]:
        """The plain fields, for the command."""
        found = self.cleaned_data
        values = {name: found[name] for name in ("title", "notes", "remind_at")}
        if found["due_on"]:
            values["due_on"] = found["due_on"]
        if "customer" in self.fields:
            values["customer_id"] = found["customer"].pk if found["customer"] else None
        return values

    def target(self) -> dict[str, Any]:
        """Whose it is to be, for the command."""
        chosen: Whose = self.cleaned_data["whose"]
        return {"owner_id": chosen.user_id, "team_id": chosen.team_id}


class PostponeForm(Form):
    """Another day."""

    due_on = forms.DateField(label=_("Due"))
    version = VersionField()


class HandOverForm(Form):
    """Another person or team."""

    whose = WhoseField(label=_("For"))
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].offer(colleagues(), Team.objects.order_by("name"))


class WishForm(Form):
    """Which list, and what of it; whatever cannot be is left out."""

    whose = WhoseField(label=_("List of"), required=False)
    q = forms.CharField(label=_("Search"), required=False, max_length=120, widget=forms.TextInput({"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Sector"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    days = forms.TypedChoiceField(label=_("Up to"), required=False, coerce=int, empty_value=DEFAULT_SPAN)
    day = forms.DateField(required=False)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.today = actor, today
        fields: Any = self.fields
        fields["whose"].offer(todo.people_whose_list(actor), todo.teams_whose_list(actor))
        fields["kind"].choices = [("", _("All kinds")), *ActivityType.Kind.choices]
        fields["sector"].empty_label = _("All sectors")
        states = ActivityState.objects.order_by("id")
        fields["state"].choices = [
            ("", _("To do")), (CLOSED, _("Closed")), *((str(row.pk), row.label) for row in states),
        ]  # fmt: skip
        fields["days"].choices = [(span, (today + timedelta(days=span))) for span in SPANS]

    def read(self) -> tuple[Whose, Wish, date]:
        """The list, what of it, and the day of the calendar beside it."""
        self.is_valid()
        found = self.cleaned_data
        state, span = found.get("state") or "", found.get("days") or DEFAULT_SPAN
        sector = found.get("sector")
        wish = Wish(
            until=self.today + timedelta(days=span),
            kind=found.get("kind") or "",
            sector_id=sector.pk if sector else None,
            state_id=int(state) if state.isdigit() else None,
            text=(found.get("q") or "").strip(),
            closed=state == CLOSED or self._is_closed(state),
        )
        return found.get("whose") or Whose(user_id=self.actor.user_id), wish, found.get("day") or self.today

    def _is_closed(self, state: str) -> bool:
        """Whether activities in this state are over."""
        row = ActivityState.objects.filter(pk=state).first() if state.isdigit() else None
        return row is not None and row.category not in todo.TO_DO
