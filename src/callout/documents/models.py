"""What every document shares: a number without gaps, a status, a period, files."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import Branch


class DocumentStatus(models.TextChoices):
    """The document axis: independent of what the work itself goes through."""

    DRAFT = "draft", _("draft")
    PENDING = "pending", _("pending approval")
    POSTED = "posted", _("posted")
    CANCELLED = "cancelled", _("cancelled")


class NumberBook(models.Model):
    """A series and its next number for one kind of document of one branch (branch empty: for all branches).

    The row is locked last in the transaction that posts a document, so numbers have no gap under rollback.
    """

    kind = models.CharField(_("document"), max_length=30)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), null=True, blank=True)
    series = models.CharField(_("series"), max_length=12)
    format = models.CharField(_("format"), max_length=60, default="{series}-{number:06}")
    next_number = models.PositiveBigIntegerField(_("next number"), default=1)
    active = models.BooleanField(_("active"), default=True)
    is_default = models.BooleanField(_("used unless another is chosen"), default=True)

    class Meta:
        verbose_name = _("number book")
        verbose_name_plural = _("number books")
        ordering = ["kind", "series"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "series"], name="number_book_unique"),
            models.UniqueConstraint(
                fields=["kind", "branch"],
                condition=Q(is_default=True, active=True),
                name="number_book_one_default",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(next_number__gte=1), name="number_book_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.series}"


class Period(models.Model):
    """An accounting period, `starts` to `ends` inclusive; outside every period or in a locked one nothing is written.

    `module` empty locks every module; a named module locks that one alone.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), null=True, blank=True)
    module = models.CharField(_("module"), max_length=30, blank=True)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("to"))
    locked = models.BooleanField(_("locked"), default=False)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="period_order"),
            models.UniqueConstraint(fields=["branch", "module", "starts"], name="period_unique", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.starts} - {self.ends}"


class Document(models.Model):
    """Abstract: what has a number, a date and a document status. A draft has no number; a posted one always has."""

    doc_status = models.CharField(
        _("document status"), max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.DRAFT
    )
    series = models.CharField(_("series"), max_length=12, blank=True)
    number = models.PositiveBigIntegerField(_("number"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    date = models.DateField(_("date"))
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    created_at = models.DateTimeField(_("created"))
    created_by_name = models.CharField(_("created by"), max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(doc_status__in=DocumentStatus.values), name="%(class)s_doc_status_known"
            ),
            models.CheckConstraint(
                condition=Q(doc_status="posted", number__isnull=False)
                | Q(doc_status__in=["draft", "pending"], number__isnull=True)
                | Q(doc_status="cancelled"),
                name="%(class)s_number_when_posted",
            ),
            models.UniqueConstraint(fields=["series", "number"], name="%(class)s_number_unique"),
        ]

    def __str__(self) -> str:
        return self.code or "-"


class Attachment(models.Model):
    """A file kept with a record; the name on disk is a UUID, the type comes from the content."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(max_length=20, default="file")
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.name


def no_overlap(name: str, key: str, starts: str, ends: str, condition: Q | None = None) -> ExclusionConstraint:
    """A constraint: rows with the same integer `key` never overlap in half-open [starts, ends). Needs no extension."""
    same = Func(F(key), F(key), Value("[]"), function="int8range")
    when = Func(F(starts), F(ends), Value("[)"), function="tstzrange")
    return ExclusionConstraint(
        name=name,
        expressions=[(same, RangeOperators.OVERLAPS), (when, RangeOperators.OVERLAPS)],
        condition=condition,
        deferrable=models.Deferrable.IMMEDIATE,
    )
