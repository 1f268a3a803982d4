"""People, teams, branches and their rights."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from callout.accounts.rules import RIGHTS, ROLE_NAMES

LANGUAGES = [("en", "English"), ("it", "Italiano"), ("ro", "Română")]
ROLE_CHOICES = [(code, _(name)) for code, name in ROLE_NAMES.items()]
RIGHT_CHOICES = [(code, _(text)) for code, text in RIGHTS.items()]


class Branch(models.Model):
    """A local office or company that carries out and accounts for work: country, currency, time zone, letterhead."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("registered name"), max_length=160, blank=True)
    address = models.TextField(_("address"), blank=True)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region for public holidays"), max_length=8, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    time_zone = models.CharField(_("time zone"), max_length=64)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    bank_account = models.CharField(_("bank account (IBAN)"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds people by user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this user name, ignoring case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. Disabled people keep their name on what they did.

    `setup_pending`: the first access is not finished, and nothing else can be done. A session is good for the
    `session_epoch` in which it began: counting that up ends all sessions at once.
    """

    username = models.CharField(_("user name"), max_length=60)
    display_name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Rome")
    roles = ArrayField(
        models.CharField(max_length=20, choices=ROLE_CHOICES), verbose_name=_("roles"), default=list, blank=True
    )
    branches = models.ManyToManyField(Branch, verbose_name=_("branches"), blank=True, related_name="people")
    teams: models.ManyToManyField = models.ManyToManyField("Team", through="Membership", related_name="members")
    is_active = models.BooleanField(_("active"), default=True)
    preferences = models.JSONField(default=dict, blank=True)
    setup_pending = models.BooleanField(default=False, db_default=False)
    session_epoch = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["display_name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_unique"),
            models.CheckConstraint(condition=Q(roles__contained_by=list(ROLE_NAMES)), name="user_roles_known"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is compared with at each request."""
        own = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # Django has it, its stubs do not
        return f"{self.session_epoch}:{own}"


def display(user: User) -> str:
    """The name that pages show for a person."""
    return user.display_name


class Team(models.Model):
    """People who work together: a back office that plans, a crew that performs."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person belongs to one team."""

    user = models.ForeignKey(User, models.CASCADE)
    team = models.ForeignKey(Team, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(F("user"), F("team"), name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user} / {self.team}"


class Grant(models.Model):
    """A right allowed or denied to one person or to everybody in one team, over what roles give."""

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="grants")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="grants")
    right = models.CharField(_("right"), max_length=40, choices=RIGHT_CHOICES)
    allowed = models.BooleanField(_("allowed"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team__isnull=True) | Q(user__isnull=True, team__isnull=False),
                name="grant_to_one",
            ),
            models.UniqueConstraint(fields=["user", "team", "right"], name="grant_unique", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.right} {'+' if self.allowed else '-'}"


class SavedView(models.Model):
    """A list as somebody likes it: columns, filters, sorting. Shared views are offered to everybody."""

    user = models.ForeignKey(User, models.CASCADE, related_name="views")
    list_name = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    shared = models.BooleanField(_("shared with everybody"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list_name", "name"], name="saved_view_unique")]

    def __str__(self) -> str:
        return self.name
