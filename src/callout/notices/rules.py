"""When a mail is tried again, and what its lines may hold."""

from datetime import timedelta

from callout.core.text import clean_name

MAX_SUBJECT = 200
"""Characters of a subject line."""

MAX_TEMPLATE = 20_000
"""Characters of a wording."""

MAX_BODY = 200_000
"""Characters of a finished text."""

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""How long to wait after each failed attempt; after the last of them the mail has failed."""


def next_try(attempts: int) -> timedelta | None:
    """How long to wait after that many failed attempts; None when it was the last one."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def header_line(text: str) -> str:
    """A subject as one line without control characters, so that nothing in it can become another header."""
    return clean_name(text)[:MAX_SUBJECT]
