"""What people enter about themselves, and administrators about people and teams."""

from functools import cache
from typing import Any, cast
from zoneinfo import available_timezones

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import LANGUAGES, RIGHT_CHOICES, ROLE_CHOICES, Branch, Team, User
from callout.accounts.queries import colleagues
from callout.ui.forms import Form, VersionField

GRANT = "grant_"
DECISIONS = [("", _("as the roles say")), ("yes", _("allowed")), ("no", _("denied"))]


@cache
def zones() -> list[tuple[str, str]]:
    """Time zones of places, for a choice."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class SignIn(LoginForm):
    """Name and password, called as on the other pages; what is asked for stands above the field and not in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("login", _("user name")), ("password", _("password"))):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


class NewPassword(forms.CharField):
    """A new password; what makes one bad is said by the command."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            **kwargs,
            strip=False,
            max_length=200,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )


class Data(Form):
    """A person's own data."""

    display_name = forms.CharField(label=_("name"), max_length=120)
    email = forms.EmailField(label=_("e-mail"), required=False)
    phone = forms.CharField(label=_("phone"), max_length=32, required=False)
    language = forms.ChoiceField(label=_("language"), choices=LANGUAGES)
    time_zone = forms.ChoiceField(label=_("time zone"), choices=zones, initial=settings.TIME_ZONE)
    layout: tuple[str | tuple[str, ...], ...] = (("display_name", "email"), ("phone", "language", "time_zone"))


class TwoPasswords(Form):
    """A new password, typed twice."""

    password = NewPassword(
        _("new password"), help_text=_("At least 10 characters, not digits alone, and nothing that is easily guessed.")
    )
    again = NewPassword(_("new password once more"))

    def clean(self) -> dict[str, Any]:
        """The two have to be the same."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        data.pop("again", None)
        return data


class Setup(TwoPasswords, Data):
    """The first access: everything that only the person knows."""

    username = forms.CharField(
        label=_("user name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    question = forms.CharField(
        label=_("secret question"),
        max_length=200,
        help_text=_("Asked when you have lost your password. Choose one that only you can answer."),
    )
    answer = forms.CharField(label=_("answer"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    layout = (
        ("display_name", "email"),
        ("phone", "language", "time_zone"),
        "username",
        ("password", "again"),
        ("question", "answer"),
    )


class Profile(Data):
    """What a person changes of the own data."""

    single_keys = forms.BooleanField(label=_("keys without Ctrl work as commands"), required=False)
    version = VersionField()

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, initial=_data_of(person), **kwargs)


class Question(Form):
    """Another secret question."""

    question = forms.CharField(label=_("secret question"), max_length=200)
    answer = forms.CharField(label=_("answer"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label=_("your current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    layout = (("question", "answer"), "password")


class TokenName(Form):
    """What a new API token is for."""

    name = forms.CharField(label=_("what the token is for"), max_length=80)


class LostPassword(Form):
    """Who has lost a password."""

    username = forms.CharField(
        label=_("user name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class RecoveryCode(Form):
    """A code from an administrator."""

    code = forms.CharField(
        label=_("code from an administrator"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class Answer(TwoPasswords):
    """The secret answer and a new password."""

    answer = forms.CharField(
        label=_("answer"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True})
    )
    layout = ("answer", ("password", "again"))


class Granting(Form):
    """A form with a decision for each right; `grants()` gives those that were made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for right, text in RIGHT_CHOICES:
            self.fields[GRANT + right] = forms.ChoiceField(label=text, choices=DECISIONS, required=False)

    def plain_rows(self) -> list[Any]:
        """The rows without the decisions, which have a table of their own."""
        return [row for row in self.rows() if not row[0].name.startswith(GRANT)]

    def decisions(self) -> list[Any]:
        """The fields of the decisions."""
        return [bound for bound in self.visible_fields() if bound.name.startswith(GRANT)]

    def values(self) -> dict[str, Any]:
        """What was entered, for a command: the decisions as one mapping, records by their keys."""
        values = {name: value for name, value in self.cleaned_data.items() if not name.startswith(GRANT)}
        decided = {name.removeprefix(GRANT): value for name, value in self.cleaned_data.items() if name not in values}
        values["grants"] = {right: value == "yes" for right, value in decided.items() if value}
        for name in ("teams", "branches", "members"):
            if name in values:
                key = {"teams": "team_ids", "branches": "branch_ids", "members": "member_ids"}[name]
                values[key] = [record.pk for record in values.pop(name)]
        return values


def grants_initial(grants: dict[str, bool]) -> dict[str, str]:
    """Decisions as the fields' values."""
    return {GRANT + right: "yes" if allowed else "no" for right, allowed in grants.items()}


class Boxes(forms.ModelMultipleChoiceField):
    """Any number of records, each with a box."""

    widget = forms.CheckboxSelectMultiple


class Person(Granting, Data):
    """Everything that an administrator sets for a person."""

    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=ROLE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    teams = Boxes(label=_("teams"), queryset=Team.objects.all(), required=False)
    branches = Boxes(
        label=_("branches"),
        queryset=Branch.objects.all(),
        required=False,
        help_text=_("Without one the person works for all branches."),
    )
    version = VersionField()
    layout = (("display_name", "email"), ("phone", "language", "time_zone"), "roles", ("teams", "branches"))

    def __init__(self, *args: Any, person: User | None = None, grants: dict[str, bool], **kwargs: Any) -> None:
        initial: dict[str, Any] = {**kwargs.pop("initial", {}), **grants_initial(grants)}
        if person is not None:
            initial |= _data_of(person) | {
                "roles": person.roles,
                "teams": [team.pk for team in person.teams.all()],
                "branches": [branch.pk for branch in person.branches.all()],
            }
        super().__init__(*args, initial=initial, **kwargs)


class TeamForm(Granting):
    """A team with its members and what they may do more or less than their roles say."""

    name = forms.CharField(label=_("name"), max_length=80)
    branch = forms.ModelChoiceField(label=_("branch"), queryset=Branch.objects.all(), required=False)
    members = Boxes(label=_("members"), queryset=User.objects.none(), required=False)
    version = VersionField()
    layout = (("name", "branch"), "members")

    def __init__(self, *args: Any, team: Team | None = None, grants: dict[str, bool], **kwargs: Any) -> None:
        initial: dict[str, Any] = grants_initial(grants)
        people = colleagues()
        if team is not None:
            members = list(team.members.values_list("pk", flat=True))
            initial |= {"name": team.name, "branch": team.branch_id, "version": team.version, "members": members}
            people = people | User.objects.filter(pk__in=members)
        super().__init__(*args, initial=initial, **kwargs)
        cast(Boxes, self.fields["members"]).queryset = people.distinct().order_by("display_name", "id")


def _data_of(person: User) -> dict[str, Any]:
    return {
        "display_name": person.display_name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "time_zone": person.time_zone,
        "single_keys": person.preferences.get("single_keys", True),
        "version": person.version,
    }
