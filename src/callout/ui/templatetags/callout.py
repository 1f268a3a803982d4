"""Template tags and filters that every page may use."""

import re
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import structlog
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from callout.ui import shapes

register = template.Library()
COLOURS = {
    "blue", "azure", "indigo", "purple", "pink", "red", "orange", "yellow", "lime", "green", "teal", "cyan",
    "secondary",
}  # fmt: skip
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@register.simple_tag
@lru_cache(maxsize=1_024)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite: decoration, unless it has a label of its own."""
    url = static("vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, url, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', url, name)


@register.simple_tag
def pill(label: Any, colour: str = "secondary") -> SafeString:
    """A status: its word on a tint of a named colour, or behind a dot of any #rrggbb."""
    if colour in COLOURS:
        return format_html('<span class="pill pill-{}">{}</span>', colour, label)
    return format_html('<span class="pill">{}{}</span>', dot(colour), label)


@register.simple_tag
def dot(colour: str) -> SafeString:
    """A dot of a colour that somebody chose."""
    fill = colour if _HEX.fullmatch(colour or "") else "currentColor"
    return format_html(
        '<svg class="dot" viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" fill="{}"/></svg>', fill
    )


@register.simple_tag
def request_id() -> str:
    """The id under which the log knows this request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


@register.filter
def money(value: shapes.Amount, currency: str = "") -> str:
    """`{{ amount|money:"EUR" }}`: an amount as the reader's language writes it."""
    return shapes.money(value, currency)


@register.filter
def quantity(value: shapes.Amount) -> str:
    """A quantity without trailing zeros."""
    return shapes.quantity(value)


@register.filter
def unit(code: str) -> str:
    """A unit of quantities in the reader's language."""
    return shapes.unit(code)


@register.filter
def phone(value: str | None) -> str:
    """A telephone number as it is written here."""
    return shapes.phone(value or "")


@register.filter
def call_link(value: str | None) -> str:
    """A telephone number that a tap calls."""
    if not value:
        return ""
    return format_html('<a href="tel:{}">{}</a>', re.sub(r"[^\d+]", "", value), shapes.phone(value))


@register.filter
def duration(value: timedelta | int | Decimal | None) -> str:
    """Minutes, or a timedelta, in hours and minutes."""
    return shapes.duration(value)
