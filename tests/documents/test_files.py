"""Files are kept under random names, typed by their content, and never run in anybody's browser."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from callout.accounts.models import Branch, Grant
from callout.documents import commands, queries, rules
from callout.documents.errors import BrokenFile, EmptyFile, FileTooLarge, ImageTooLarge, NotAnImage
from callout.documents.models import Attachment
from callout.ui import clock
from tests import builders

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = b"<!-- a --> <p>hello<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind)
    return out.getvalue()


def store(data: bytes, name: str = "a.bin", **fields) -> Attachment:
    fields = {"subject": builders.branch(), "actor": builders.actor("operator"), **fields}
    return commands.store_file(data=data, name=name, purpose="file", now=builders.MONDAY, **fields)


def archive(*names: str) -> bytes:
    """A zip that is the same in every process: test names are made from it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(zipfile.ZipInfo(name), "x")
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (picture("PNG"), "evil.html", "image/png"),
        (picture("JPEG"), "a.exe", "image/jpeg"),
        (picture("WEBP"), "a", "image/webp"),
        (SVG, "logo.png", "image/svg+xml"),
        (HTML, "a.png", "text/html"),
        (b"one;two\n1;2\n", "list.csv", "text/csv"),
        ("è già fatto".encode(), "note.txt", "text/plain"),
        (b"%PDF-1.4\n1 0 obj\n%%EOF\n", "a.png", "application/pdf"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "a.png", XLSX),
        (archive("a.txt"), "a.xlsx", "application/zip"),
        (picture("GIF") + b"<script>", "a.gif", "application/octet-stream"),
        (picture("JPEG") + archive("a.txt"), "a.jpg", "application/octet-stream"),
        (bytes(range(256)), "a.png", "application/octet-stream"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_type_comes_from_the_content(data, name, expected):
    assert store(data, name).media_type == expected


@pytest.mark.django_db
def test_the_file_lies_under_a_random_name_and_is_what_was_sent(media):
    kept = store(b"hello", "../../etc/\u202epas\u200bswd.txt")
    assert kept.name == "passwd.txt"
    assert (media / kept.path).read_bytes() == b"hello"
    assert kept.path[:2] == kept.path.split("/")[1][:2] and "passwd" not in kept.path
    assert list(queries.attachments_of(Branch.objects.get(pk=kept.subject_id), "file")) == [kept]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", EmptyFile),
        (picture("JPEG", (400, 300))[:-200], BrokenFile),
        (picture("PNG", (400, 300))[:-60], BrokenFile),
        (b"%PDF-1.4\n1 0 obj\n", BrokenFile),
        (archive("a.txt")[:-10], BrokenFile),
        (bytes(rules.MAX_FILE_BYTES + 1), FileTooLarge),
        (picture("PNG", (8000, 7000)), ImageTooLarge),
    ],
)
def test_what_is_empty_half_or_too_large_is_refused(data, refusal, media):
    with pytest.raises(refusal):
        store(data, "a.bin")
    assert not list(media.rglob("*"))


@pytest.mark.django_db
@pytest.mark.parametrize("data", [SVG, HTML, b"hello", archive("a.txt")])
def test_where_a_picture_is_wanted_nothing_else_is_taken(data):
    with pytest.raises(NotAnImage):
        store(data, "a.png", images_only=True)


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def signed_in(*roles: str) -> Client:
    client = Client()
    client.force_login(builders.user(*roles))
    return client


@pytest.mark.django_db
def test_download_is_for_who_may_read_the_record():
    branch = builders.branch()
    grant = Grant.objects.create(user=builders.user(), right="audit.read", allowed=True)
    kept, nobodys = store(SVG, "a.svg", subject=branch), store(b"hello", subject=grant)
    admin = signed_in("administrator")
    answer = admin.get(f"/files/{kept.pk}/")
    assert content_of(answer) == SVG
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.svg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert signed_in("operator").get(f"/files/{kept.pk}/").status_code == 404
    assert Client().get(f"/files/{kept.pk}/").status_code == 302
    assert admin.get(f"/files/{nobodys.pk}/").status_code == 404
    assert admin.get("/files/999999/").status_code == 404
    assert admin.post(f"/files/{kept.pk}/").status_code == 405


@pytest.mark.django_db
def test_a_picture_may_be_shown_and_a_lost_file_is_not_found():
    kept = store(picture(), "foto.png", subject=builders.branch())
    client = signed_in("administrator")
    answer = client.get(f"/files/{kept.pk}/")
    assert answer.headers["Content-Disposition"] == 'inline; filename="foto.png"'
    assert content_of(answer) == picture()
    default_storage.delete(kept.path)
    assert client.get(f"/files/{kept.pk}/").status_code == 404


@pytest.mark.django_db
def test_a_file_whose_transaction_was_rolled_back_is_deleted_a_day_later(media):
    kept, lost = store(b"kept"), store(b"lost")
    lost.delete()
    (media / "imports").mkdir()
    (media / "imports" / "list.csv").write_text("a;b")
    now = clock.now()
    assert commands.forget_orphans(now=now) == 0
    assert commands.forget_orphans(now=now + timedelta(days=2)) == 1
    left = {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()}
    assert left == {kept.path, "imports/list.csv"}
