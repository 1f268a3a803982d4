"""The API: one object, one error format, every operation with a declared access."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_module
from django.utils.translation import gettext
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from callout.access.api import SessionAuth, TokenAuth
from callout.core.errors import DomainError
from callout.site.api_fields import Names, names_of, path_of, request_name
from callout.ui.refusals import as_json, explain

# Each module offers `router`; the prefix is part of its own paths.
ROUTERS = (
    "callout.customers.api",
    "callout.catalog.api",
    "callout.planning.api",
    "callout.tickets.api",
    "callout.workorders.api",
    "callout.board.api",
    "callout.dispatch.api",
    "callout.billing.api",
    "callout.imports.api",
)


class Refusal(Schema):
    """What was refused and why, in the caller's language, and what to do.

    `fields` holds messages by the request's field; `facts` holds what the messages were filled with.
    """

    code: str
    message: str
    remedy: str
    fields: dict[str, list[str]]
    facts: dict[str, Any]


class Api(NinjaAPI):
    """Operations whose description also tells what holds for all: how they refuse, and how a write is repeated."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The description; needs neither server nor database."""
        schema = super().get_openapi_schema(**where)
        schema["components"]["schemas"]["Refusal"] = Refusal.model_json_schema()
        for path in schema["paths"].values():
            for method, operation in path.items():
                operation["responses"]["default"] = REFUSED
                if method != "get":
                    operation["parameters"].append(REPEATABLE)
        return schema


REFUSED = {
    "description": "Refused",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}
REPEATABLE = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "With the same key a request that was carried out is not carried out again: its answer is repeated.",
    "schema": {"type": "string", "maxLength": 80},
}

api = Api(
    title="Callout",
    version="1",
    description="Tickets, work orders, planning and billing. Sign in with a bearer token from your profile page.",
    urls_namespace="api",
    auth=[TokenAuth(), SessionAuth()],
    docs_url=None,
)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal with its own status: code, message, remedy, facts, and messages by the fields of the request."""
    body = as_json(error)
    names = _request_names().get((str(request.method), path_of(request.resolver_match.route)), frozenset())
    fields: dict[str, list[str]] = {}
    for field, messages in body["fields"].items():
        fields.setdefault(request_name(field, names), []).extend(messages)
    return api.create_response(request, body | {"fields": fields}, status=explain(error).status)


@cache
def _request_names() -> dict[tuple[str, str], Names]:
    return names_of(api.get_openapi_schema())


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The request does not fit the schema."""
    fields: dict[str, list[str]] = {}
    for part in error.errors:
        fields.setdefault(_place(part["loc"]), []).append(part["msg"])
    return _problem(request, "invalid", gettext("The request does not fit its schema."), 422, fields)


def _place(steps: Sequence[Any]) -> str:
    """Where in the request it was: a field of the body, whose own name nobody sends, or a parameter."""
    shown = steps[2:] if steps[0] == "body" else steps[1:]
    return ".".join(str(step) for step in shown) or "body"


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody is signed in."""
    return _problem(request, "not_signed_in", gettext("Sign in, or send a valid token."), 401)


@api.exception_handler(HttpError)
def odd(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The request could not even be read."""
    return _problem(request, "bad_request", str(error), error.status_code)


def _problem(
    request: HttpRequest, code: str, message: str, status: int, fields: dict[str, list[str]] | None = None
) -> HttpResponse:
    body: dict[str, Any] = {"code": code, "message": message, "remedy": "", "fields": fields or {}, "facts": {}}
    return api.create_response(request, body, status=status)


def _mount() -> None:
    for name in ROUTERS:
        router = import_module(name).router
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if not hasattr(operation.view_func, "access"):
                    raise ImproperlyConfigured(f"{name}: {path} declares no access (use @reads or @writes)")
        api.add_router("", router)


_mount()
