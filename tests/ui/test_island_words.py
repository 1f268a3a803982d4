"""The islands bring their own texts; what the pages have a word for is called the same there."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from callout.customers.models import Priority
from callout.server.paths import project_dir

TEXTS = project_dir() / "islands" / "shared" / "i18n"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# The planner's week after the shown one is no range of dates; its start and end are nouns, the pages' are commands.
OTHER_MEANING = {"next_week", "starts_at", "ends_at"}


def texts(language: str) -> dict[str, str]:
    source = (TEXTS / f"{language}.ts").read_text()
    return dict(re.findall(r"^  (\w+): '((?:[^'\\]|\\.)*)',$", source, re.MULTILINE))


def catalogue(language: str) -> dict[str, set[str]]:
    """Translations by their English, both in small letters: a word may begin a sentence on one side only."""
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as stream:
        found: dict[str, set[str]] = {}
        for message in read_po(stream, locale=language):
            if isinstance(message.id, str) and message.id:
                found.setdefault(message.id.lower(), set()).add(message.string.lower())
    return found


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_word_that_pages_have_too_is_translated_alike(language: str) -> None:
    english, own, pages = texts("en"), texts(language), catalogue(language)
    shared = {key for key, text in english.items() if text.lower() in pages and key not in OTHER_MEANING}
    assert {"work_order", "technician", "status", "search", "move"} <= shared
    differing = {key: own[key] for key in shared if own[key].lower() not in pages[english[key].lower()]}
    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_priorities_have_the_names_of_the_pages(language: str) -> None:
    own = texts(language)
    with translation.override(language):
        names = {f"priority_{one.name.lower()}": str(one.label) for one in Priority}
    assert {key: own[key].lower() for key in names} == names


@pytest.mark.parametrize(("language", "word"), [("it", "intervent"), ("ro", "interven")])
def test_a_work_order_has_one_name(language: str, word: str) -> None:
    assert [text for text in texts(language).values() if word in text.lower()] == []
