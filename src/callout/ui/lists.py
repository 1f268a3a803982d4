"""The list: one component for every table of records, declared in a few lines."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Model, QuerySet, Sum
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View as BaseView

from callout.accounts import commands
from callout.accounts.actor import Actor
from callout.accounts.gate import Access
from callout.ui import clock, exports, shapes
from callout.ui.columns import Column, row_writer
from callout.ui.filters import Filter, Reading
from callout.ui.keyset import Key, after, cursor_of, keys_of, ordered, resolve
from callout.ui.listing import PART_KEYS, SIZES, VIEW_KEYS, Reader, Shown, View
from callout.ui.queries import saved_views

__all__ = ["COUNTED", "Column", "ListPage", "Page"]
COUNTED = 1_000
"""Rows up to which a list is counted exactly."""
PANELS = ("filters", "columns", "views")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a view, and the cursor of the next ones (empty when these are the last)."""

    rows: list[Model]
    next: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows a view has (`more` when it was counted no further), and the sums of its total columns."""

    count: int
    more: bool
    totals: dict[str, Any]


class ListPage(BaseView):
    """A page that lists records: `class Tickets(ListPage)` with what stands below, `Tickets.as_view()` in the URLs.

    `rows(actor)` gives what the actor may see, with everything that the columns read already selected. `order` is the
    sort without a choice; the primary key is added as tie breaker. `search(queryset, text)` narrows by what is typed.
    `row_url` names the page of a row. `actions` are (label, URL name, right); the first is what the key `n` opens.
    """

    name: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    right: ClassVar[str | tuple[str, ...]] = ()
    order: ClassVar[Sequence[str]] = ()
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    row_url: ClassVar[str | None] = None
    search: ClassVar[Any] = None
    search_hint: ClassVar[Any] = _("Search in this list")
    actions: ClassVar[Sequence[tuple[Any, str, str]]] = ()
    empty: ClassVar[Any] = _("There is nothing here yet.")
    template: ClassVar[str] = "ui/list.html"
    access: ClassVar[Access] = Access(rights=("nobody",))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.access = Access(rights=(cls.right,) if isinstance(cls.right, str) else tuple(cls.right))
        search = cls.__dict__.get("search")
        if inspect.isfunction(search) and len(inspect.signature(search).parameters) == 2:
            cls.search = staticmethod(search)
        taken = {*VIEW_KEYS, *PART_KEYS}
        for key in (key for one in cls.filters for key in one.keys):
            if key in taken:
                raise TypeError(f"{cls.__name__}: two things are called {key} in the address")
            taken.add(key)

    def rows(self, actor: Actor) -> QuerySet:
        """The records that the actor may see."""
        raise NotImplementedError

    def extra_context(self) -> dict[str, Any]:
        """What a template of one's own needs besides."""
        return {}

    # What is shown

    @property
    def is_searched(self) -> bool:
        """Whether there is a field to search in."""
        return self.search is not None

    def view(self) -> View:
        """The view in the address."""
        reader = Reader(self.name, self.columns, self.filters)
        view = reader.read(self.request.GET, path=self.request.path, reading=self.reading)
        return view if self.is_searched else replace(view, q="")

    @property
    def actor(self) -> Actor:
        """Who looks."""
        return self.request.actor  # type: ignore[attr-defined]  # set by access.middleware.Visitor

    @property
    def reading(self) -> Reading:
        """Who looks, and on which day."""
        return Reading(self.actor, timezone.localdate(clock.now()))

    def narrowed(self, view: View) -> QuerySet:
        """The rows of the view, in no order."""
        queryset = self.rows(self.actor)
        for one, value in view.values.items():
            queryset = one.narrow(queryset, value)
        return self.search(queryset, view.q) if view.q and self.search else queryset

    def sort_of(self, view: View) -> tuple[str, ...]:
        """The fields that the view is sorted by; `-` turns every field of the column round."""
        if not view.sort:
            return tuple(self.order)
        fields = next(c for c in self.columns if c.name == view.sort.removeprefix("-")).sort_fields
        if not view.sort.startswith("-"):
            return fields
        return tuple(name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in fields)

    def page(self, queryset: QuerySet, keys: Sequence[Key], size: int, cursor: str) -> Page:
        """The rows after the cursor: one statement."""
        queryset = ordered(after(queryset, keys, cursor) if cursor else queryset, keys)
        rows = list(queryset[: size + 1])
        more = len(rows) > size
        return Page(rows[:size], cursor_of(rows[size - 1], keys) if more else "", not cursor)

    def measure(self, queryset: QuerySet, page: Page, shown: Sequence[Shown]) -> Size:
        """Count the view and add its totals up: one statement, none when the first page shows everything."""
        paths = {c.name: path for c in (s.column for s in shown) if c.total and (path := self._stored(queryset, c))}
        if page.is_first and not page.next and not paths:
            return Size(len(page.rows), False, {})
        limited = queryset.order_by().values("pk", *paths.values())[: COUNTED + 1]
        found = limited.aggregate(count=Count("pk"), **{f"sum_{name}": Sum(path) for name, path in paths.items()})
        more = found["count"] > COUNTED
        totals = {} if more else {name: found[f"sum_{name}"] for name in paths if found[f"sum_{name}"] is not None}
        return Size(min(found["count"], COUNTED), more, totals)

    @staticmethod
    def _stored(queryset: QuerySet, column: Column) -> str:
        return resolve(queryset, column.sort_fields[0].removeprefix("-"))[1] if column.sort_fields else ""

    # Answers

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the part of it that was asked for."""
        view = self.view()
        kind, panel = request.GET.get("export", ""), request.GET.get("panel", "")
        if kind in exports.LIMITS:
            return self._export(view, kind)
        if panel in PANELS and self._asked_for("panel-"):
            return render(request, f"ui/list_{panel}.html", self._panel(view, panel))
        queryset = self.narrowed(view)
        keys = keys_of(queryset, self.sort_of(view))
        page = self.page(queryset, keys, view.size, request.GET.get("after", ""))
        table = Table(self, view, page, keys)
        context: dict[str, Any] = {"view": view, "page": page, "list": self, "table": table}
        if self._asked_for("list-more"):
            return render(request, "ui/list_more.html", context)
        context |= self._surroundings(view, queryset, table, panel)
        if self._asked_for("list-region"):
            response = render(request, "ui/list_region.html", context)
            response.headers["HX-Push-Url"] = view.url()
            return response
        return render(request, self.template, {**context, **self.extra_context()})

    def _asked_for(self, target: str) -> bool:
        htmx = getattr(self.request, "htmx", None)
        if not htmx or htmx.history_restore_request:
            return False
        return (htmx.target or "").startswith(target)

    def _surroundings(self, view: View, queryset: QuerySet, table: "Table", panel: str) -> dict[str, Any]:
        size = self.measure(queryset, table.rows, view.shown)
        chips = [
            (one.label, one.words(value, self.reading), view.without(one).url()) for one, value in view.values.items()
        ]
        context = {"count": count_words(size), "totals": table.totals(size), "chips": chips, "open_panel": panel}
        if panel in PANELS:
            context |= self._panel(view, panel)
        return context | {
            "offered_actions": [
                (label, reverse(url_name)) for label, url_name, right in self.actions if self.actor.may(right)
            ],
            "export_urls": [(kind, view.url(export=kind)) for kind in exports.LIMITS],
            "clear_url": view.cleared().url(),
        }

    def _panel(self, view: View, panel: str) -> dict[str, Any]:
        context: dict[str, Any] = {"view": view, "list": self, "panel": panel}
        if panel == "filters":
            kept = {key for one in self.filters for key in one.keys}
            context["fields"] = [
                render_to_string(one.template, one.context(view.values.get(one), self.reading)) for one in self.filters
            ]
            context["kept"] = [(key, value) for key, value in view.params() if key not in kept]
        elif panel == "columns":
            context["choices"] = self._column_choices(view)
            context["kept"] = [(key, value) for key, value in view.params() if key not in ("cols", "size")]
            context["sizes"] = SIZES
        else:
            context["views"] = saved_views(self.actor, self.name)
        return context

    def _column_choices(self, view: View) -> list[tuple[Shown, bool]]:
        shown = _moved(list(view.shown), self.request.GET)
        names = {one.column.name for one in shown}
        rest = [Shown(column) for column in self.columns if column.name not in names]
        return [(one, True) for one in shown] + [(one, False) for one in rest]

    def _export(self, view: View, kind: str) -> HttpResponseBase:
        queryset = self.narrowed(view)
        facts = {str(one.label): one.words(value, self.reading) for one, value in view.values.items()}
        if view.q:
            facts = {gettext("Search"): view.q, **facts}
        return exports.export(
            kind, ordered(queryset, keys_of(queryset, self.sort_of(view))), [one.column for one in view.shown],
            title=str(self.title), facts=facts, now=clock.now(),
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep the view in the address under a name, or forget one of one's own."""
        view, data = self.view(), request.POST
        if "delete" in data and data["delete"].isascii() and data["delete"].isdigit():
            commands.delete_view(view_id=int(data["delete"]), actor=self.actor, now=clock.now())
            messages.success(request, gettext("The view is deleted."))
        elif "name" in data:
            commands.save_view(
                list_name=self.name, name=data["name"], query=view.query, shared="shared" in data, actor=self.actor,
                now=clock.now(),
            )  # fmt: skip
            messages.success(request, gettext("The view is kept."))
        return HttpResponseRedirect(view.url())


def _moved(shown: list[Shown], data: QueryDict) -> list[Shown]:
    """The columns after the press of an arrow in the column menu."""
    for name, step in ((data.get("up"), -1), (data.get("down"), 1)):
        places = [place for place, one in enumerate(shown) if one.column.name == name]
        if places and 0 <= places[0] + step < len(shown):
            place = places[0]
            shown[place], shown[place + step] = shown[place + step], shown[place]
    return shown


def count_words(size: Size) -> str:
    """How many rows there are, in words."""
    number = shapes.grouped(size.count, 0)
    if size.more:
        return gettext("%(number)s+ rows") % {"number": number}
    return ngettext("%(number)s row", "%(number)s rows", size.count) % {"number": number}


class Table:
    """The table of a page, written without a template: fifty rows of twelve columns in about a millisecond."""

    def __init__(self, page: ListPage, view: View, rows: Page, keys: Sequence[Key]) -> None:
        self.list, self.view, self.rows, self.keys = page, view, rows, keys

    @property
    def body(self) -> SafeString:
        """The rows."""
        url = self.list.row_url
        sized = {one.column.name for one in self.view.shown if one.width}
        write = row_writer([one.column for one in self.view.shown], url, sized)
        return mark_safe("".join([write(row) for row in self.rows.rows]))  # noqa: S308 - each cell escaped its value

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The head of each column: where it sorts to, and how it is sorted now."""
        first = self.list.sort_of(self.view)[:1]
        return [self._head(one, first) for one in self.view.shown]

    def _head(self, one: Shown, first: tuple[str, ...]) -> dict[str, Any]:
        column, direction = one.column, ""
        if self.view.sort:
            if self.view.sort.removeprefix("-") == column.name:
                direction = "descending" if self.view.sort.startswith("-") else "ascending"
        elif first and column.sort_fields[:1] == (first[0].removeprefix("-"),):
            direction = "descending" if first[0].startswith("-") else "ascending"
        backwards = direction == "ascending"
        url = self.view.sorted_by(f"-{column.name}" if backwards else column.name).url() if column.sort_fields else ""
        width = str(one.width or column.width or "") or (f"{column.share}%" if column.share else "")
        return {"column": column, "chosen": one.width, "width": width, "direction": direction, "url": url}

    def totals(self, size: Size) -> list[str]:
        """The sums below the columns; nothing when no column is added up."""
        if not size.totals:
            return []
        write = {"money": shapes.money, "number": shapes.quantity}
        return [
            write.get(one.column.kind, shapes.quantity)(size.totals[one.column.name])
            if one.column.name in size.totals
            else ""
            for one in self.view.shown
        ]

    @property
    def next_url(self) -> str:
        """The address of the next rows."""
        return self.view.url(after=self.rows.next) if self.rows.next else ""
