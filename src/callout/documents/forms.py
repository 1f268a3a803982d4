"""What administrators enter about numbers, periods and branches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import LANGUAGES, Branch
from callout.audit.models import Level
from callout.documents.models import NumberBook
from callout.documents.rules import KINDS, MODULES
from callout.ui.forms import Form, VersionField

FORMAT_HELP = _("For example {series}{year}-{number:05} for TK2026-00012.")


class NewNumberBook(Form):
    """A number book that does not exist yet."""

    kind = forms.ChoiceField(label=_("document"), choices=lambda: [(kind, _(name)) for kind, name in KINDS.items()])
    branch = forms.ModelChoiceField(
        label=_("branch"), queryset=Branch.objects.all(), required=False, empty_label=_("all branches")
    )
    series = forms.CharField(label=_("series"), max_length=12)
    format = forms.CharField(
        label=_("format"), max_length=60, initial="{series}{year}-{number:05}", help_text=FORMAT_HELP
    )
    next_number = forms.IntegerField(
        label=_("first number"), min_value=1, max_value=10**12, initial=1, help_text=_("It cannot be changed later.")
    )
    is_default = forms.BooleanField(label=_("used unless another is chosen"), required=False, initial=True)
    layout = (("kind", "branch"), ("series", "next_number"), "format")


class NumberBookForm(Form):
    """What may change in a number book."""

    format = forms.CharField(label=_("format"), max_length=60, help_text=FORMAT_HELP)
    active = forms.BooleanField(label=_("active"), required=False)
    is_default = forms.BooleanField(label=_("used unless another is chosen"), required=False)

    def __init__(self, *args: Any, book: NumberBook, **kwargs: Any) -> None:
        initial = {"format": book.format, "active": book.active, "is_default": book.is_default}
        super().__init__(*args, initial=initial, **kwargs)


class NewPeriod(Form):
    """A period that does not exist yet."""

    branch = forms.ModelChoiceField(
        label=_("branch"), queryset=Branch.objects.all(), required=False, empty_label=_("all branches")
    )
    module = forms.ChoiceField(
        label=_("module"),
        choices=lambda: [("", _("all")), *((module, _(name)) for module, name in MODULES.items())],
        required=False,
    )
    starts = forms.DateField(label=_("from"))
    ends = forms.DateField(label=_("to"))
    layout = (("branch", "module"), ("starts", "ends"))


class BranchForm(Form):
    """What stands on a branch's letterhead, and how it counts time and money."""

    code = forms.CharField(label=_("code"), max_length=12)
    name = forms.CharField(label=_("name"), max_length=120)
    legal_name = forms.CharField(label=_("registered name"), max_length=160, required=False)
    address = forms.CharField(label=_("address"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    country = forms.CharField(label=_("country"), max_length=2, help_text=_("Two letters, such as IT."))
    region = forms.CharField(label=_("region for public holidays"), max_length=8, required=False)
    currency = forms.CharField(label=_("currency"), max_length=3, help_text=_("Three letters, such as EUR."))
    time_zone = forms.CharField(label=_("time zone"), max_length=64, help_text=_("For example Europe/Bucharest."))
    language = forms.ChoiceField(label=_("language"), choices=LANGUAGES)
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    phone = forms.CharField(label=_("phone"), max_length=32, required=False)
    email = forms.EmailField(label=_("e-mail"), required=False)
    bank_account = forms.CharField(label=_("bank account (IBAN)"), max_length=40, required=False)
    version = VersionField()
    layout = (
        ("code", "name", "legal_name"),
        "address",
        ("country", "region", "currency"),
        ("time_zone", "language"),
        ("vat_number", "bank_account"),
        ("phone", "email"),
    )

    def __init__(self, *args: Any, branch: Branch | None = None, **kwargs: Any) -> None:
        initial = {name: getattr(branch, name) for name in self.base_fields} if branch else {}
        super().__init__(*args, initial=initial, **kwargs)


class LevelForm(Form):
    """How much detail the history keeps."""

    level = forms.TypedChoiceField(
        label=_("level of detail"),
        choices=Level.choices,
        coerce=lambda value: Level(int(value)),
        help_text=_("What was written stays; more detail is written from now on."),
    )
