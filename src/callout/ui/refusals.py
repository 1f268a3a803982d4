"""A refusal becomes an answer: a page, a fragment, a JSON object or a line of text, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from callout.core.errors import N_, DomainError, Forbidden, Many, Word


@dataclass(frozen=True, slots=True)
class Explained:
    """A refusal in words: `message` says what and why, `remedy` what to do (or nothing)."""

    code: str
    status: int
    message: str
    remedy: str
    field: str | None
    facts: dict[str, Any]

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.message} {self.remedy}".strip()


def shown(value: Any) -> str:
    """A fact as the reader writes it; times in the active time zone. Only words of the program are translated."""
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else timezone.localtime(value)  # a time that no zone has stays as typed
        return formats.date_format(local, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal | float):
        return formats.number_format(value)
    return gettext(value) if isinstance(value, Word) and value else str(value)


def explain(error: DomainError) -> Explained:
    """The refusal in the active language."""
    facts = {key: shown(value) for key, value in error.facts.items()}
    return Explained(
        code=error.code,
        status=error.status,
        message=gettext(error.what).format_map(_Gaps(facts)),
        remedy=gettext(error.remedy).format_map(_Gaps(facts)) if error.remedy else "",
        field=error.field,
        facts={key: plain(value) for key, value in error.facts.items()},
    )


def as_json(error: DomainError) -> dict[str, Any]:
    """The body of an API answer: code, message, remedy, fields, facts."""
    parts = error.errors if isinstance(error, Many) else [error]
    fields: dict[str, list[str]] = {}
    for part in parts:
        if part.field:
            fields.setdefault(part.field, []).append(explain(part).text)
    told = explain(error)
    return {
        "code": told.code, "message": told.message, "remedy": told.remedy, "fields": fields, "facts": told.facts,
    }  # fmt: skip


def plain(value: Any) -> Any:
    """A fact as a JSON value."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    return value


class _Gaps(dict[str, str]):
    """Facts of a sentence; one that was not given shows as nothing instead of breaking the answer."""

    def __missing__(self, key: str) -> str:
        return ""


class RefusalPages:
    """Turns a refusal that no form caught into a page, or into a message beside what was clicked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a DomainError; anything else is a fault and goes its way to the log."""
        if not isinstance(exception, DomainError):
            return None
        return refusal_page(request, exception)


def refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to a refused page or fragment."""
    told = explain(error)
    if getattr(request, "htmx", False):
        response = render(request, "ui/_toast.html", {"refusal": told}, status=told.status)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#toasts", "beforeend"
        return response
    return render(request, "ui/refusal.html", {"refusal": told}, status=told.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's form was too old or came from elsewhere."""
    return refusal_page(request, ExpiredForm())


class ExpiredForm(Forbidden):
    """The form's token does not fit the session."""

    code = "expired_form"
    what = N_("This form has expired.")
    remedy = N_("Reload the page and send it again.")
