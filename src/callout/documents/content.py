"""What a file really is, from its content: names and declared types are not believed."""

import io
import re
import warnings
import zipfile

import puremagic
from PIL import Image, UnidentifiedImageError

from callout.documents.errors import BrokenFile, ImageTooLarge, NotAnImage
from callout.documents.rules import MAX_IMAGE_PIXELS

UNKNOWN = "application/octet-stream"
_IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
INLINE = frozenset(_IMAGES.values())
"""Types that a browser may show in the page; everything else is only downloaded."""
# What makes a browser take a picture for a page; XML inside is allowed, since cameras write their notes in it.
_ACTIVE = re.compile(rb"<script|<html|<iframe|<!doctype html|<\?php", re.IGNORECASE)
_MARKUP = re.compile(r"\s*(?:<!--.*?-->\s*)*<\s*(!doctype|\?xml|[a-z][\w:-]*)", re.IGNORECASE | re.DOTALL)
_HEAD = 4096


def media_type(data: bytes, *, name: str, images_only: bool = False) -> str:
    """The type of `data`; a picture that is also something else counts as unknown.

    Raises BrokenFile for a half file, ImageTooLarge, and NotAnImage when only pictures are wanted.
    """
    kind = _image_type(data, name)
    if kind:
        return kind
    if images_only:
        raise NotAnImage("file", name=name)
    return _other_type(data, name)


def _image_type(data: bytes, name: str) -> str | None:
    """The type of a picture that can be shown, None when it is none. Reads its size before any of its pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked below, before anything is decoded
            with Image.open(io.BytesIO(data), formats=tuple(_IMAGES)) as image:
                _check_pixels(image, name)
                image.load()
                kind = _IMAGES[image.format or ""]
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError as error:
        raise ImageTooLarge("file", name=name, limit=MAX_IMAGE_PIXELS // 1_000_000) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError) as error:
        raise BrokenFile("file", name=name) from error
    return UNKNOWN if _is_more_than_a_picture(data) else kind


def _check_pixels(image: Image.Image, name: str) -> None:
    pixels = image.width * image.height
    if pixels > MAX_IMAGE_PIXELS or pixels * getattr(image, "n_frames", 1) > MAX_IMAGE_PIXELS:
        raise ImageTooLarge("file", name=name, limit=MAX_IMAGE_PIXELS // 1_000_000)


def _is_more_than_a_picture(data: bytes) -> bool:
    return bool(b"%PDF-" in data[:1024] or _ACTIVE.search(data) or zipfile.is_zipfile(io.BytesIO(data)))


def _other_type(data: bytes, name: str) -> str:
    text = _as_text(data)
    if text is not None:
        return _text_type(text, name)
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise BrokenFile("file", name=name)
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        return _archive_type(data, name)
    try:
        return puremagic.from_string(data[:_HEAD], mime=True) or UNKNOWN
    except puremagic.PureError:
        return UNKNOWN


def _as_text(data: bytes) -> str | None:
    if b"\0" in data[:_HEAD] or data.startswith(b"%PDF-"):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _text_type(text: str, name: str) -> str:
    if match := _MARKUP.match(text[:_HEAD]):
        if "<svg" in text[:_HEAD].lower():
            return "image/svg+xml"
        return "application/xml" if match[1].lower() == "?xml" else "text/html"
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _archive_type(data: bytes, name: str) -> str:
    """Office documents and archives; only the list of names is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, UnicodeDecodeError) as error:
        raise BrokenFile("file", name=name) from error
    office = "application/vnd.openxmlformats-officedocument."
    for folder, kind in (
        ("word/", "wordprocessingml.document"),
        ("xl/", "spreadsheetml.sheet"),
        ("ppt/", "presentationml.presentation"),
    ):
        if "[Content_Types].xml" in names and any(entry.startswith(folder) for entry in names):
            return office + kind
    return "application/zip"
