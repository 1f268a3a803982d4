"""The company's own wording of a mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.notices.queries import Wording
from callout.notices.rules import MAX_SUBJECT, MAX_TEMPLATE
from callout.ui.forms import Form, VersionField


class WordingForm(Form):
    """Subject and text with placeholders."""

    subject = forms.CharField(label=_("subject"), max_length=MAX_SUBJECT)
    body = forms.CharField(label=_("text"), max_length=MAX_TEMPLATE, widget=forms.Textarea(attrs={"rows": 14}))
    active = forms.BooleanField(label=_("use this wording instead of the built-in one"), required=False)
    version = VersionField()

    def __init__(self, *args: Any, wording: Wording, active: bool, **kwargs: Any) -> None:
        initial = {"subject": wording.subject, "body": wording.body, "active": active}
        if wording.own is not None:
            initial["version"] = wording.own.version
        super().__init__(*args, initial=initial, **kwargs)
