"""How people and programs get in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import User


class FirstAccess(models.Model):
    """A code with which a new person signs in once, as name and password; only its hash is kept."""

    user = models.OneToOneField(User, models.CASCADE, related_name="first_access")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"first access of {self.user}"


class SecretQuestion(models.Model):
    """A question whose answer a person gives, with an e-mailed link or a release, to set a new password."""

    user = models.OneToOneField(User, models.CASCADE, related_name="secret_question")
    question = models.CharField(_("secret question"), max_length=200)
    answer_hash = models.CharField(max_length=128)

    def __str__(self) -> str:
        return self.question


class Recovery(models.Model):
    """One way open to a new password: a mailed link or an administrator's release; hashed, short-lived, used once."""

    user = models.ForeignKey(User, models.CASCADE)
    code_hash = models.CharField(max_length=64, unique=True)
    released_by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery of {self.user}"


class Token(models.Model):
    """A key for programs: acts with the rights of its person. Only the hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(_("created"))
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class IdempotentRequest(models.Model):
    """The answer given to a write request with an idempotency key, given again when the same request returns."""

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
