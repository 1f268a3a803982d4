"""Every page speaks Italian and Romanian: the catalogues are complete, agree with the source, and are what shows."""

import gettext
import importlib.util
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.urls import reverse
from django.utils import translation

from callout.server.messages import compile_messages

_SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "messages.py"
_SPEC = importlib.util.spec_from_file_location("messages_script", _SCRIPT)
script = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(script)

FORMS = {"it": 2, "ro": 3}
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%%|\{\{[^}]*\}\}|\{[^{}]*\}|</?[a-z][^>]*>")
WRONG_LETTERS = {"it": "'", "ro": "'şţŞŢ“"}
languages = pytest.mark.parametrize("language", list(FORMS))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as they stand in the source, compiled in a folder of this run's own."""
    folder = tmp_path_factory.mktemp("locale")
    copies = []
    for language in FORMS:
        copies.append(folder / language / "LC_MESSAGES" / "django.po")
        copies[-1].parent.mkdir(parents=True)
        shutil.copy(script.path_of(language), copies[-1])
    compile_messages(copies)
    return folder


def texts(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def sources(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def translated(language: str) -> Iterator[Message]:
    catalog: Catalog = script.read(language)
    return (message for message in catalog if message.id)


def test_nothing_is_left_in_english():
    assert script.missing() == []


@languages
def test_no_translation_is_a_guess(language):
    assert [message.id for message in translated(language) if message.fuzzy] == []


@languages
def test_every_plural_has_all_its_forms(language):
    plurals = [message for message in translated(language) if isinstance(message.id, tuple)]
    assert plurals
    assert script.read(language).num_plurals == FORMS[language]
    assert [
        message.id for message in plurals if len([form for form in texts(message) if form]) != FORMS[language]
    ] == []


@languages
def test_a_translation_names_the_placeholders_of_its_source(language):
    wrong = []
    for message in translated(language):
        allowed = [Counter(PLACEHOLDERS.findall(source)) for source in sources(message)]
        wrong += [text for text in texts(message) if Counter(PLACEHOLDERS.findall(text)) not in allowed]
    assert wrong == []


@languages
def test_a_translation_keeps_the_lines_and_margins_of_its_source(language):
    def shape(text: str) -> tuple[int, str, str]:
        return text.count("\n"), text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = [
        text for message in translated(language) for text in texts(message) if shape(text) != shape(sources(message)[0])
    ]
    assert wrong == []


@languages
def test_letters_and_quotation_marks_are_those_of_the_language(language):
    wrong = [
        text
        for message in translated(language)
        for text in texts(message)
        if any(letter in text for letter in WRONG_LETTERS[language])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("it", {1: "1 riga", 2: "2 righe", 20: "20 righe"}),
        ("ro", {1: "1 rând", 2: "2 rânduri", 19: "19 rânduri", 20: "20 de rânduri", 101: "101 rânduri"}),
    ],
)
def test_numbers_take_the_form_of_the_language(compiled, language, counts):
    catalog = gettext.translation("django", str(compiled), [language])
    found = {n: catalog.ngettext("%(number)s row", "%(number)s rows", n) % {"number": n} for n in counts}
    assert found == counts


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", {"work order": "ordine di lavoro", "rate card": "tariffario", "asset": "matricola"}),
        ("ro", {"work order": "ordin de lucru", "rate card": "listă de tarife", "asset": "echipament"}),
    ],
)
def test_the_glossary_is_what_the_pages_say(compiled, settings, language, words):
    settings.LOCALE_PATHS = [compiled]
    with translation.override(language):
        assert {word: translation.gettext(word) for word in words} == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", ["Accedi", "Primo accesso?", "Accedi con una passkey", "Password smarrita?"]),
        ("ro", ["Autentificare", "Nume de utilizator", "Autentificare cu o cheie de acces", "Ați pierdut parola?"]),
    ],
)
def test_the_login_page_speaks_the_visitors_language(client, compiled, settings, language, words):
    settings.LOCALE_PATHS = [compiled]
    page = client.get(reverse("account_login"), headers={"Accept-Language": language}).content.decode()
    assert f'lang="{language}"' in page
    assert [word for word in words if word not in page] == []
    assert "Lost your password?" not in page
