"""Keeping files."""

import hashlib
import re
import uuid
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.audit.models import kind_of
from callout.core.text import safe_filename
from callout.documents import content
from callout.documents.errors import EmptyFile, FileTooLarge
from callout.documents.models import Attachment
from callout.documents.rules import MAX_FILE_BYTES

ATTACHMENT_FOLDER = re.compile("[0-9a-f]{2}")
ORPHANS_STAY = timedelta(days=1)


@transaction.atomic
def store_file(
    *,
    subject: models.Model,
    data: bytes,
    name: str,
    purpose: str,
    actor: Actor,
    now: datetime,
    images_only: bool = False,
) -> Attachment:
    """Keep a file with a record; whether the actor may add one is the caller's to check.

    The type comes from the content, the name is cleaned, the file lies under a random name outside the web root. When
    the transaction is rolled back the file stays without a row until the nightly clean-up.
    Raises EmptyFile, FileTooLarge, BrokenFile, ImageTooLarge, NotAnImage.
    """
    name = safe_filename(name)
    _check_size(data, name)
    kind = content.media_type(data, name=name, images_only=images_only)
    random = str(uuid.uuid4())
    path = default_storage.save(f"{random[:2]}/{random}", ContentFile(data))
    kept = Attachment.objects.create(
        subject_kind=kind_of(subject),
        subject_id=subject.pk,
        purpose=purpose,
        name=name,
        media_type=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        path=path,
        created_at=now,
        created_by_name=actor.name,
    )
    record(
        "file.stored", subject=subject, actor=actor, at=now, name=name, purpose=purpose, attachment=kept.pk,
        sha256=kept.sha256,
    )  # fmt: skip
    return kept


def _check_size(data: bytes, name: str) -> None:
    if not data:
        raise EmptyFile("file", name=name)
    if len(data) > MAX_FILE_BYTES:
        megabyte = 2**20
        raise FileTooLarge(
            "file", name=name, megabytes=round(len(data) / megabyte, 1), limit=MAX_FILE_BYTES // megabyte
        )


def forget_orphans(*, now: datetime) -> int:
    """Delete files that no row names and that lie there for longer than a day; how many.

    Such files are left behind by transactions that were rolled back after `store_file`.
    """
    gone = 0
    for folder in default_storage.listdir("")[0]:
        if not ATTACHMENT_FOLDER.fullmatch(folder):
            continue
        paths = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        for path in paths - set(Attachment.objects.filter(path__in=paths).values_list("path", flat=True)):
            if now - default_storage.get_modified_time(path) > ORPHANS_STAY:
                default_storage.delete(path)
                gone += 1
    return gone
