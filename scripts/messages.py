"""Keep the translations with the source: `extract` brings the catalogues up to date, `missing` lists what lacks.

Needs no gettext tools: templates are turned into Python by Django, and Babel reads the calls.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "callout"
LANGUAGES = ("it", "ro")
KEYWORDS = {
    "_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

Found = tuple[str, int, str | tuple[str, ...], str | None]


def found() -> Iterator[Found]:
    """Every marked string: file, line, message (or singular and plural), context."""
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        name = str(path.relative_to(PACKAGE))
        if "migrations" in path.parts or "static" in path.parts:
            continue
        text = path.read_text()
        if path.suffix != ".py":
            text = templatize(text, origin=name)
        for line, function, message, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
            yield from _entry(name, line, function, message)


def _entry(name: str, line: int, function: str, message: object) -> Iterator[Found]:
    spec = KEYWORDS[function]
    parts = message if isinstance(message, tuple) else (message,)
    if spec is None:
        if parts[0]:
            yield name, line, parts[0], None
    elif function.startswith("p"):
        yield name, line, parts[1], parts[0]
    elif function.startswith("np"):
        yield name, line, (parts[1], parts[2]), parts[0]
    elif parts[0]:
        yield name, line, (parts[0], parts[1]), None


def template() -> Catalog:
    """A catalogue of everything that is marked in the source."""
    catalog = Catalog(project="Callout", charset="utf-8", fuzzy=False)
    for name, line, message, context in found():
        flags = ["python-brace-format"] if name.endswith("errors.py") else []
        catalog.add(message, locations=[(name, line)], context=context, flags=flags)
    return catalog


def path_of(language: str) -> Path:
    """Where a language's catalogue stands."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """A language's catalogue; an empty one when it does not exist yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Callout", fuzzy=False, header_comment="# Callout")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def extract() -> None:
    """Add new messages, drop those that are gone, keep every translation."""
    source = template()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.msgid_bugs_address = ""
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(stream, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)


def missing() -> list[str]:
    """What a catalogue lacks: messages without translation, or with one that names other placeholders."""
    source, lacks = template(), []
    for language in LANGUAGES:
        catalog = read(language)
        for message in source:
            if not message.id:
                continue
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            known = catalog.get(key, message.context)
            text = known.string if known else ""
            texts = text if isinstance(text, tuple | list) else (text,)
            if not known or not all(texts) or known.fuzzy:
                lacks.append(f"{language}: {message.id!r} ({message.locations[0][0]})")
    return lacks


def main() -> None:
    """Run `extract` or `missing`."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    if sys.argv[1:] == ["extract"]:
        extract()
    lacks = missing()
    print("\n".join(lacks[:200]))
    print(f"{len(lacks)} messages lack a translation")
    sys.exit(1 if lacks and sys.argv[1:] != ["extract"] else 0)


if __name__ == "__main__":
    main()
