"""What the planner keeps for itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import User


class Look(models.Model):
    """How one person has arranged the planner; `settings` are the fields of `board.rules.Look`."""

    user = models.OneToOneField(User, models.CASCADE, verbose_name=_("person"), related_name="board_look")
    settings = models.JSONField(default=dict)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("look of the planner")
        verbose_name_plural = _("looks of the planner")

    def __str__(self) -> str:
        return str(self.user)
