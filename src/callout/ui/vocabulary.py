"""Words that users define themselves, in each language they work in."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Word(models.Model):
    """A user-defined name. `name` is the original; `names` holds it in other languages: {"it": "...", "ro": "..."}."""

    name = models.CharField(_("name"), max_length=120)
    names = models.JSONField(_("name in other languages"), default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, else the original."""
        return self.in_language(get_language() or "en")

    def in_language(self, language: str) -> str:
        """The name in `language`, else the original: for what a customer reads."""
        return self.names.get(language.split("-")[0]) or self.name
