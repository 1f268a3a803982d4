"""A list of customers, as an app would declare it, and its answers without a browser."""

import re
from html import unescape
from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from callout.accounts.actor import Actor
from callout.customers.models import Customer, Priority, Zone
from callout.ui.filters import BoolFilter, ChoiceFilter, DateFilter, ModelFilter, TextFilter
from callout.ui.lists import Column, ListPage

ACTOR = Actor(user_id=1, name="Ada", rights=frozenset({"customer.read"}))


def by_name(queryset, text):
    return queryset.filter(folded__contains=text.lower())


def priority_pill(row):
    return row.get_priority_display(), {1: "secondary", 2: "blue", 3: "red"}[row.priority]


class Customers(ListPage):
    name = "test-customers"
    title = "Customers"
    right = "customer.read"
    order = ("folded", "id")
    search = by_name
    columns = [
        Column("code", "Code", sort="code"),
        Column("name", "Name", sort=("folded",)),
        Column("zone", "Zone", value="zone.name", sort="zone__name"),
        Column("priority", "Priority", value=priority_pill, kind="status", sort=("-priority", "created_at")),
        Column("created", "Created", value="created_at", kind="datetime", sort="created_at"),
        Column("external", "External id", value="external_id", sort="external_id", default=False),
        Column("phone", "Phone", kind="phone", default=False),
        Column("active", "Active", kind="bool", default=False),
        Column("version", "Version", kind="number", sort="version", default=False, total=True),
    ]
    filters = [
        TextFilter("name", "Name"),
        ChoiceFilter("priority", "Priority", choices=Priority.choices),
        ModelFilter("zone", "Zone", queryset=Zone.objects.all()),
        DateFilter("created", "Created", lookup="created_at"),
        BoolFilter("active", "Active"),
    ]

    def rows(self, actor):
        return Customer.objects.select_related("zone")


class Messages(BaseStorage):
    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


def request(query="", *, target="", method="get", data=None, actor=ACTOR) -> HttpRequest:
    """A request as the middleware hands it to a view."""
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    made = getattr(RequestFactory(), method)(f"/customers/{query}", data, headers=headers)
    made.actor, made.user, made.session = actor, AnonymousUser(), SimpleNamespace(session_key="")
    made.htmx = HtmxDetails(made)
    made._messages = Messages(made)
    return made


def answer(query="", page=Customers, **kwargs):
    """The response of a list page."""
    return page.as_view()(request(query, **kwargs))


def text(response) -> str:
    return response.content.decode()


def cells(html: str) -> list[list[str]]:
    """The table's rows as plain texts."""
    rows = [row for row in re.findall(r"<tr>(<td.*?)</tr>", html, re.DOTALL) if "colspan" not in row]
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in found]


def next_query(html: str) -> str:
    """The query of the link to the next rows; empty on the last page."""
    found = re.search(r'href="[^"?]*(\?[^"]*after=[^"]*)"', html)
    return unescape(found.group(1)) if found else ""


def walk(query: str, page=Customers) -> list[list[str]]:
    """Every row, page after page."""
    found, following = [], query
    for _ in range(200):
        html = text(answer(following, page))
        found += cells(html)
        following = next_query(html)
        if not following:
            return found
    raise AssertionError("the pages do not end")
