"""Documents on paper: letters of three languages, the letterhead, nothing fetched, and limits that hold."""

import base64
import io
import re
import time
import zlib

import pytest
from PIL import Image

from callout.accounts.actor import SYSTEM
from callout.accounts.models import Branch
from callout.documents import commands, pdf
from callout.documents.errors import PdfFailed
from tests import builders


def branch(**fields) -> Branch:
    fields = {
        "name": "Cluj", "legal_name": "Șoimii “Întreținere” S.R.L. </style>\n\\", "address": "Str. Țării 5\nCluj",
        "vat_number": "RO18547290", **fields,
    }  # fmt: skip
    return Branch(**fields)


def insides(document: bytes) -> str:
    """Everything in a PDF, its compressed streams unpacked."""
    parts = [document]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")


def letters(document: bytes) -> set[str]:
    """The characters that a reader can copy out of a PDF, from the maps of its embedded fonts."""
    maps = re.findall(r"beginbf(?:char|range)(.*?)endbf", insides(document), re.DOTALL)
    return {chr(int(code, 16)) for part in maps for code in re.findall(r"<([0-9a-fA-F]{4})>\s*$", part, re.MULTILINE)}


def pages(document: bytes) -> int:
    return int(re.search(r"/Count (\d+)", insides(document))[1])


def body(html: str) -> bytes:
    return pdf.draw(f"<html><body>{html}</body></html>")


@pytest.fixture
def bare(tmp_path, settings):
    """A template that only extends the letterhead."""
    (tmp_path / "bare.html").write_text(
        '{% extends "documents/pdf/base.html" %}{% block content %}<p>{{ text }}</p>'
        '{% for row in rows %}<p class="keep">{{ row }}</p>{% endfor %}{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]


@pytest.mark.parametrize("language", ["en", "it", "ro"])
def test_every_letter_is_there_and_its_font_embedded(bare, language):
    made = pdf.render_pdf("bare.html", {"branch": branch(), "text": "șțăâîȘȚĂÂÎ èéàùì € Иδ"}, language=language)
    assert set("șțăâîȘȚĂÂÎèéàùì€Иδ") <= letters(made)
    inside = insides(made)
    assert pages(made) == 1 and "SourceSans3" in inside and "/FontFile" in inside
    assert not re.search(r"/FontName /(?!\w+\+SourceSans3)", inside)


def test_a_template_that_asks_for_another_font_gets_the_bundled_one():
    made = body('<p style="font-family: Noto Sans, serif">șt</p>')
    assert {"ș", "t"} <= letters(made) and "SourceSans3" in insides(made)


def test_long_documents_have_several_pages_on_a4(bare):
    made = pdf.render_pdf("bare.html", {"branch": branch(), "rows": range(100)}, language="ro")
    assert pages(made) == 3
    assert re.search(r"/MediaBox \[ ?0 0 59\d(\.\d+)? 84\d", insides(made))


def test_nothing_outside_the_document_is_fetched(tmp_path):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (50, 50), "red").save(secret)
    urls = [secret.as_uri(), str(secret), "http://127.0.0.1:9/x.png", "file:pdf.py"]
    html = "".join(f'<img src="{url}"><link rel="stylesheet" href="{url}">' for url in urls)
    assert "/Image" not in insides(body(html + f'<style>@import "{secret.as_uri()}"; p {{}}</style><p>x</p>'))


@pytest.mark.django_db
def test_a_stored_picture_is_drawn_and_nothing_else(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (4000, 3000), "red").save(out, "PNG")

    def keep(data, name):
        return commands.store_file(
            subject=builders.branch(), data=data, name=name, purpose="photo", actor=SYSTEM, now=builders.MONDAY
        )

    photo, note = keep(out.getvalue(), "photo.png"), keep(b"hello", "note.txt")
    assert "/Image" in insides(body(f'<img src="{pdf.data_uri(photo)}">'))
    shown = base64.b64decode(pdf.data_uri(photo).partition(",")[2])
    assert Image.open(io.BytesIO(shown)).size == (1600, 1200)
    assert pdf.data_uri(note) == ""
    (tmp_path / photo.path).unlink()
    assert pdf.data_uri(photo) == ""


def test_a_document_that_wants_too_much_is_refused_in_time():
    started = time.monotonic()
    with pytest.raises(PdfFailed):
        body("<table>" + "<tr>" + "<td>x</td>" * 400 + "</tr>" + ("<tr>" + "<td>x</td>" * 400 + "</tr>") * 4000)
    assert time.monotonic() - started < pdf.SECONDS + 5


def test_a_picture_of_gigabytes_is_left_out():
    out = io.BytesIO()
    Image.new("1", (40_000, 40_000)).save(out, "PNG")
    uri = base64.b64encode(out.getvalue()).decode()
    assert "/Image" not in insides(body(f'<img src="data:image/png;base64,{uri}">'))
