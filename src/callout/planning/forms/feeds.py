"""Forms of calendar feeds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Team
from callout.planning.queries import todo
from callout.ui.forms import Form


class FeedForm(Form):
    """Whose calendar a new feed holds: one's own unless a team is chosen."""

    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Calendar of"), required=False, empty_label=_("me"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = todo.teams_whose_list(actor)
