"""Files that users bring in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callout.jobs.models import Run


class Mapping(models.Model):
    """How the columns of a kind of file become fields. `columns` is {field: rule}; a rule is
    {"column": header} or {"template": "text with {Header}"} or {"value": constant}, with options of its field.
    """

    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    columns = models.JSONField()
    options = models.JSONField(default=dict)
    built_in = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_unique")]

    def __str__(self) -> str:
        return self.name


class Stage(models.TextChoices):
    """Where an import stands."""

    MAPPING = "mapping", _("columns to be chosen")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    IMPORTING = "importing", _("being imported")
    DONE = "done", _("imported")


class ImportRun(models.Model):
    """One file taken in: mapped, checked without writing anything, then imported as a job whose progress `run` shows.

    `position` is the last line dealt with at this stage: whoever goes on after a kill begins behind it. `path` is
    where the file lies in the store, empty once it was deleted.
    """

    kind = models.CharField(_("kind"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)
    dialect = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    mapping_name = models.CharField(_("mapping"), max_length=80, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.MAPPING)
    position = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    run = models.OneToOneField(Run, models.PROTECT, null=True)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    skipped = models.PositiveIntegerField(_("left out"), default=0)
    started_by_id = models.BigIntegerField(null=True)
    started_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="import_stage_known")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """What became of one row of the file. `errors` is a list of {"field", "column", "value", "message"}."""

    class Outcome(models.TextChoices):
        """What became of it."""

        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")
        SKIPPED = "skipped", _("left out")

    import_run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome.choices)
    label = models.CharField(max_length=200, blank=True)
    object_id = models.BigIntegerField(null=True)
    errors = models.JSONField(default=list)

    class Meta:
        ordering = ["line"]
        indexes = [models.Index(fields=["import_run", "outcome", "line"], name="import_row_outcome")]
        constraints = [models.UniqueConstraint(fields=["import_run", "line"], name="import_line_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"
