"""Documents on paper: a Django template becomes A4 pages with the branch's letterhead."""

import base64
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from PIL import Image, ImageOps

from callout.documents import content
from callout.documents.errors import PdfFailed
from callout.documents.models import Attachment

PROGRAM = Path(__file__).with_name("pdf_process.py")
FONT_CONFIG = Path(__file__).parent / "fonts" / "fonts.conf"
PICTURE_SIDE = 1600  # pixels: more than 300 dpi for a picture of 12 cm
SECONDS = 30  # of waiting; the process itself has less time to compute
log = structlog.get_logger("callout.documents")


def render_pdf(template: str, context: dict[str, Any], *, language: str) -> bytes:
    """The template as PDF, in `language` with its notation of dates and numbers.

    Templates extend `documents/pdf/base.html`, fill its blocks `title` and `content`, and find the letterhead's branch
    in `context["branch"]`. Nothing is fetched: pictures come as `data_uri`. Raises PdfFailed when the document needs
    more time or memory than it may, or cannot be drawn. Whatever font a template asks for, it gets the bundled one.
    """
    branch = context.get("branch")
    footer = _css_text(branch.legal_name or branch.name) if branch else ""
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language, "footer": footer})
    return draw(html)


def _css_text(text: str) -> SafeString:
    """Text for a string in a style sheet inside HTML; what means something to either is written by its number."""
    return mark_safe("".join(c if c.isalnum() or c in " .,-" else f"\\{ord(c):x} " for c in text))  # noqa: S308 - escaped here


def draw(html: str) -> bytes:
    """HTML as PDF, in a process of its own with limits (see `pdf_process`). Raises PdfFailed.

    A process per document costs 0.1 s with everything. One that stays was measured at a quarter of that; it is not
    worth limits that would have to be set anew for each document.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program, without arguments from outside
            [sys.executable, "-I", str(PROGRAM)],
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd="/",
            env={"FONTCONFIG_FILE": str(FONT_CONFIG), "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        log.warning("pdf.timeout", seconds=SECONDS)
        raise PdfFailed from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        log.warning("pdf.failed", status=done.returncode, said=done.stderr[-1000:].decode(errors="replace"))
        raise PdfFailed
    return done.stdout


def data_uri(attachment: Attachment) -> str:
    """A stored picture for the `src` of an image on paper, made small enough for it and turned upright.

    Empty for what is no picture, or is gone.
    """
    if attachment.media_type not in content.INLINE:
        return ""
    out = io.BytesIO()
    try:
        with default_storage.open(attachment.path) as handle, Image.open(handle) as image:
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
            if upright.mode in ("RGB", "L"):
                kind = "jpeg"
                upright.save(out, "JPEG", quality=85)
            else:  # a signature on transparent ground
                kind = "png"
                upright.convert("RGBA").save(out, "PNG")
    except OSError:
        return ""
    return f"data:image/{kind};base64,{base64.b64encode(out.getvalue()).decode()}"
