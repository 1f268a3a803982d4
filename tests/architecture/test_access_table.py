"""Every role against every route and method: what the table says is what happens."""

import json
import logging
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from callout.site.api import api
from callout.workorders.views.actions import ORDER, TICKET
from tests import builders
from tests.architecture import access_table as table
from tests.workorders.support import Company

MISSING = 999_999_999
# What stands in an address for something that is not there.
VALUES = {"int": MISSING, "slug": "change", "str": "pdf", "uuid": "00000000-0000-4000-8000-000000000000"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
EVERYBODY = (*table.ROLES, table.STRANGER)


@dataclass(frozen=True)
class Route:
    name: str
    address: str


@cache
def routes() -> list[Route]:
    """Every address of the resolver but the API's operations, which have a table of their own."""
    return list(_routes())


def _routes() -> Iterator[Route]:
    for pattern, namespaces, prefix in _patterns(get_resolver().url_patterns, (), ""):
        written = prefix + str(pattern.pattern)
        if pattern.name == "api-root":  # where the API's own help would be: it is switched off
            continue
        if "api" in namespaces and pattern.name != "openapi-json":
            continue
        name = ":".join((*namespaces, str(pattern.name)))
        values = {key: VALUES[kind or "str"] for kind, key in re.findall(r"<(?:(\w+):)?(\w+)>", written)}
        yield Route(str(pattern.name), reverse(name, kwargs=values))


def _patterns(found: list[Any], namespaces: tuple[str, ...], prefix: str) -> Iterator[tuple[URLPattern, Any, str]]:
    for each in found:
        if isinstance(each, URLPattern):
            yield each, namespaces, prefix
        else:
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from _patterns(each.url_patterns, inner, prefix + str(each.pattern))


@cache
def operations() -> list[tuple[str, str, str, Any]]:
    """Name, method, address and a body that fits the schema, for every operation of the API."""
    return list(_operations(api.get_openapi_schema()))


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            body = _sample(content["application/json"]["schema"], schema) if "application/json" in content else None
            needed = [each for each in operation.get("parameters", ()) if each["in"] == "query" and each["required"]]
            query = urlencode({each["name"]: _sample(each["schema"], schema) for each in needed})
            address = re.sub(r"{\w+}", str(MISSING), path) + (f"?{query}" if query else "")
            yield operation["operationId"], method.upper(), address, body


def _sample(part: dict[str, Any], schema: dict[str, Any]) -> Any:
    """The least that fits this part of the API's description."""
    if "$ref" in part:
        return _sample(schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]], schema)
    if choices := part.get("anyOf") or part.get("allOf"):
        return _sample(choices[0], schema)
    if "enum" in part:
        return part["enum"][0]
    if part["type"] == "object":
        fields = part.get("properties", {})
        return {name: _sample(fields[name], schema) for name in part.get("required", ())}
    if part["type"] == "array":
        return [_sample(part["items"], schema)] * part.get("minItems", 0)
    return _scalar(part)


def _scalar(part: dict[str, Any]) -> Any:
    dated = {"date": "2026-11-23", "date-time": "2026-11-23T09:00:00Z"}
    if part["type"] == "string":
        return dated.get(part.get("format", ""), "1" * max(1, part.get("minLength", 1)))
    return {"integer": MISSING, "number": 1, "boolean": True, "null": None}[part["type"]]


def refused(answer: HttpResponse, address: str) -> bool:
    """Whether the visitor is told that this is not for them, or sent to sign in first."""
    first = f"{reverse('account_login')}?next="
    return answer.status_code in (401, 403) or answer.headers.get("Location", "").startswith(first)


def visitor(role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != table.STRANGER:
        client.force_login(builders.user(role))
    return client


def ask(client: Client, method: str, address: str, body: Any = None) -> HttpResponse:
    """The answer, with all that it wrote taken back, and with it a sign-out."""
    cookies = copy(client.cookies)
    with transaction.atomic():
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = client.generic(method, address, **sent)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def wrong(role: str, name: str, who: frozenset[str], method: str, address: str, answer: HttpResponse) -> str:
    """What is not as the table says; empty when all is well."""
    told = f"{name}: {method} {address} by {role} gives {answer.status_code}"
    if answer.status_code >= 500:
        return told
    if refused(answer, address) == (role in who):
        return f"{told}, but the table {'allows' if role in who else 'forbids'} it"
    return ""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of requests would bury what is wrong."""
    caplog.set_level(logging.ERROR, "callout.request")


def test_the_table_has_every_page_and_nothing_else() -> None:
    assert sorted(table.allowed(table.PAGES)) == sorted({route.name for route in routes()})


def test_the_table_has_every_operation_and_nothing_else() -> None:
    assert sorted(table.allowed(table.OPERATIONS)) == sorted(name for name, *_ in operations())


def test_the_table_has_every_action_and_nothing_else() -> None:
    found = {name: sorted(table.allowed(actions)) for name, actions in table.ACTIONS.items()}
    assert found == {"ticket_action": sorted(TICKET), "order_action": sorted(ORDER)}


@pytest.mark.django_db
@pytest.mark.parametrize("role", EVERYBODY)
def test_pages_are_open_to_whom_the_table_says(role: str) -> None:
    client, who, writers = visitor(role), table.allowed(table.PAGES), table.allowed(table.WRITES)
    problems = []
    for route in routes():
        readers = who[route.name]
        for method in ("GET", "POST") if role in readers else METHODS:
            answer = ask(client, method, route.address)
            asked = readers if method == "GET" else writers.get(route.name, readers)
            problems.append(wrong(role, route.name, asked, method, route.address, answer))
    assert not (found := list(filter(None, problems))), "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("role", EVERYBODY)
def test_operations_are_open_to_whom_the_table_says(role: str) -> None:
    client, who = visitor(role), table.allowed(table.OPERATIONS)
    problems = [
        wrong(role, name, who[name], method, address, ask(client, method, address, body))
        for name, method, address, body in operations()
    ]
    assert not (found := list(filter(None, problems))), "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("role", EVERYBODY)
def test_actions_are_open_to_whom_the_table_says(role: str) -> None:
    company = Company()
    order = company.planned()
    client = visitor(role)
    if role == "technician":
        client.force_login(company.technician.user)
    problems = []
    for route, subject in (("ticket_action", order.ticket_id), ("order_action", order.pk)):
        for action, who in table.allowed(table.ACTIONS[route]).items():
            address = reverse(route, args=[subject, action])
            for method in ("GET", "POST"):
                hidden = role not in table.READS_WORK  # these do not even learn that it exists
                answer = ask(client, method, address)
                problems.append(wrong(role, action, who - ({role} if hidden else set()), method, address, answer))
    assert not (found := list(filter(None, problems))), "\n".join(found)
