"""Forms of the tasks that activities make by themselves."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Branch, Team
from callout.accounts.queries import branches_for, colleagues
from callout.planning.commands import ChainRow
from callout.planning.forms.todo import WhoseField
from callout.planning.models import ActivityType, Chain
from callout.planning.rules.chains import Link
from callout.ui.forms import Form

MOST_CHAINS = 20


class ChainForm(Form):
    """One chain; without what it creates it is left out."""

    layout = (("trigger", "creates", "whose"), ("base", "every", "unit", "free_days"))
    id = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    trigger = forms.ChoiceField(label=_("When"), choices=Chain.Trigger.choices, required=False)
    creates = forms.ModelChoiceField(
        ActivityType.objects.none(), label=_("make"), required=False, empty_label=_("nothing")
    )
    whose = WhoseField(label=_("for"), required=False)
    base = forms.ChoiceField(label=_("Due date counted from"), choices=Chain.Base.choices, required=False)
    every = forms.IntegerField(label=_("after"), min_value=1, max_value=1000, initial=1, required=False)
    unit = forms.ChoiceField(
        label=_("days, weeks or months"), choices=[("", _("at once")), *Chain.Unit.choices], required=False
    )
    free_days = forms.ChoiceField(
        label=_("A day on which nobody works"), choices=Chain.FreeDays.choices, initial=Chain.FreeDays.AFTER,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        offered = Q(active=True, kind__in=(ActivityType.Kind.TASK, ActivityType.Kind.REMINDER))
        kinds = ActivityType.objects.filter(offered | Q(pk=self.initial.get("creates")))
        fields["creates"].queryset = kinds.order_by("name", "pk")
        fields["whose"].choices = people

    @staticmethod
    def start(chain: Chain) -> dict[str, Any]:
        """What the form of a chain that is there starts with."""
        plain = ("id", "trigger", "base", "every", "unit", "free_days")
        whose = f"u{chain.owner_id}" if chain.owner_id else f"t{chain.team_id}" if chain.team_id else ""
        return {name: getattr(chain, name) for name in plain} | {"creates": chain.creates_id, "whose": whose}

    def row(self) -> ChainRow | None:
        """The chain, for the command; None for an empty one."""
        found = self.cleaned_data
        if not found.get("creates"):
            return None
        whose = found["whose"]
        return ChainRow(
            id=found["id"], trigger=found["trigger"], creates_id=found["creates"].pk, unit=found["unit"],
            every=found["every"] or 1, free_days=found["free_days"], base=found["base"],
            owner_id=whose.user_id if whose else None, team_id=whose.team_id if whose else None,
        )  # fmt: skip


_ChainFormSet = forms.formset_factory(ChainForm, extra=1, max_num=MOST_CHAINS)


def chain_forms(data: Any, chains: list[Chain]) -> Any:
    """The forms of a type's chains, and one for another; who may be chosen is read once for all of them."""
    field = WhoseField()
    field.offer(colleagues(), Team.objects.order_by("name"))
    people = [("", _("whoever had the activity")), *field.choices]
    start = [ChainForm.start(chain) for chain in chains]
    return _ChainFormSet(data, initial=start, prefix="chains", form_kwargs={"people": people})


def chains_of(formset: Any) -> list[ChainRow]:
    """The filled chains, for the command."""
    return [row for form in formset if (row := form.row())]


def links_of(rows: list[ChainRow]) -> list[Link]:
    """The chains as the rules know them, under keys that no chain has."""
    return [
        Link(-place, row.trigger, row.creates_id, row.unit, row.every, row.free_days, row.base)
        for place, row in enumerate(rows, start=1)
    ]


class DryRunForm(Form):
    """An activity to try the chains with."""

    layout = (("dry_when", "dry_due", "dry_branch"),)
    dry_when = forms.ChoiceField(
        label=_("What happens"), choices=[("closes", _("it closes")), ("opens", _("it opens"))]
    )
    dry_due = forms.DateField(label=_("Its date"))
    dry_branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Branch"), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = branches_for(actor).order_by("code")
        self.fields["dry_branch"].queryset = branches
        self.initial |= {"dry_due": today, "dry_branch": branches.first()}
