"""Lists of presence patterns, of the presences that they give, and of absences that are asked for."""

from collections.abc import Callable

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.core.worktime import zone_of
from callout.customers.models import Zone
from callout.planning import queries
from callout.planning.lists import ABSENCES, by_person_or_reason
from callout.planning.models import AbsenceRequest, Presence, PresencePattern
from callout.planning.presence_words import hours, recurrence, shown_day, span
from callout.planning.queries.patterns import patterns_visible_to, presences_visible_to
from callout.planning.queries.requests import DECIDES, requests_visible_to, with_conflicts
from callout.ui.filters import ChoiceFilter, DateFilter, ModelFilter
from callout.ui.lists import Column, ListPage


def _by_person_or_zone(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(resource__user__display_name__icontains=text) | rows.filter(zone__name__icontains=text)


def _counts(row: PresencePattern) -> tuple[str, str]:
    """Whether a pattern has any effect: presences are generated, and the person works by them."""
    if row.resource.presence != row.resource.PresenceMode.PATTERNS:
        return gettext("working hours count"), "orange"
    if row.generated_until is None:
        return gettext("not generated"), "orange"
    return gettext("generated"), "green"


class PresencePatterns(ListPage):
    """Who is where in which hours, on which days."""

    name = "presence_patterns"
    title = _("Presence patterns")
    right = ABSENCES
    order = ("resource__position", "resource__user__display_name", "starts_on")
    columns = (
        Column("person", _("Person"), "resource.user.display_name", sort="resource__user__display_name"),
        Column("zone", _("Zone"), "zone.label", sort="zone__name"),
        Column("hours", _("Hours"), hours),
        Column("days", _("Days"), recurrence),
        Column("starts_on", _("First day"), kind="date", sort="starts_on"),
        Column("ends_on", _("Last day"), kind="date", sort="ends_on"),
        Column("generated_until", _("Generated until"), kind="date", sort="generated_until"),
        Column("counts", _("Status"), _counts, kind="status"),
    )
    filters = (
        ModelFilter("resource", _("Person"), queries.resources_visible_to),
        ModelFilter("zone", _("Zone"), Zone.objects.all()),
        ChoiceFilter("unit", _("Recurrence"), PresencePattern.Unit.choices),
        DateFilter("generated_until", _("Generated until")),
    )
    row_url = "presence_pattern"
    actions = (
        (_("New presence pattern"), "presence_pattern_new", "board.plan"),
        (_("Generate presences"), "presence_generate", "board.plan"),
        (_("Presences"), "presences", "board.plan"),
    )
    empty = _("There is no presence pattern yet: everybody is present in the working hours.")
    search = _by_person_or_zone

    def rows(self, actor: Actor) -> QuerySet[PresencePattern]:
        """The patterns of the resources that the actor sees."""
        return patterns_visible_to(actor)


def _day(row: Presence) -> str:
    day = row.day or row.starts.astimezone(zone_of(row.resource.time_zone)).date()
    return shown_day(day)


class Presences(ListPage):
    """The presences that have been generated, the latest first."""

    name = "presences"
    title = _("Presences")
    right = ABSENCES
    order = ("-starts", "id")
    columns = (
        Column("person", _("Person"), "resource.user.display_name", sort="resource__user__display_name"),
        Column("day", _("Day"), _day, sort="starts"),
        Column("hours", _("Hours"), lambda row: span(row.starts, row.ends, row.resource.time_zone)),
        Column("zone", _("Zone"), "zone.label", sort="zone__name"),
        Column("time_zone", _("Time zone"), "resource.time_zone", default=False),
        Column("starts", _("From"), kind="datetime", sort="starts", default=False),
        Column("ends", _("To"), kind="datetime", sort="ends", default=False),
    )
    filters = (
        ModelFilter("resource", _("Person"), queries.resources_visible_to),
        ModelFilter("zone", _("Zone"), Zone.objects.all()),
        DateFilter("starts", _("Day")),
    )
    actions = ((_("Generate presences"), "presence_generate", "board.plan"),)
    empty = _("No presence has been generated yet.")
    search = _by_person_or_zone

    def rows(self, actor: Actor) -> QuerySet[Presence]:
        """The presences on the calendars that the actor sees."""
        return presences_visible_to(actor)


COLOURS = {"asked": "blue", "approved": "green", "refused": "red", "withdrawn": "secondary"}


def _status(row: AbsenceRequest) -> tuple[str, str]:
    return row.get_status_display(), COLOURS[row.status]


def _open_count(name: str) -> Callable[[AbsenceRequest], int | None]:
    """A conflict of an open request; what is decided has none any more, and zero is not worth reading."""
    return lambda row: (getattr(row, name) or None) if row.status == AbsenceRequest.Status.ASKED else None


class AbsenceRequests(ListPage):
    """Who asks to be away, the open requests first."""

    name = "absence_requests"
    title = _("Absence requests")
    right = DECIDES
    order = ("status_order", "starts")
    columns = (
        Column("person", _("Person"), "resource.user.display_name", sort="resource__user__display_name"),
        Column("starts", _("From"), kind="datetime", sort="starts"),
        Column("ends", _("To"), kind="datetime", sort="ends"),
        Column("reason", _("Reason"), sort="reason"),
        Column("status", _("Status"), _status, kind="status", sort="status"),
        Column("away", _("Colleagues away"), _open_count("away"), kind="number"),
        Column("work", _("Work planned"), _open_count("work"), kind="number"),
        Column("asked_at", _("Asked"), kind="datetime", sort="asked_at"),
        Column("decided_by", _("Decided by"), "decided_by_name", default=False),
        Column("answer", _("Answer"), default=False),
        Column("branch", _("Branch"), "resource.branch.name", sort="resource__branch__name", default=False),
    )
    filters = (
        ChoiceFilter("status", _("Status"), AbsenceRequest.Status.choices),
        ModelFilter("resource", _("Person"), queries.resources_visible_to),
        DateFilter("starts", _("From")),
    )
    row_url = "absence_request"
    actions = (
        (_("New absence"), "absence_new", "board.plan"),
        (_("Absences"), "absences", "board.plan"),
        (_("Presence patterns"), "presence_patterns", "board.plan"),
    )
    empty = _("Nobody asks to be away.")
    search = by_person_or_reason

    def rows(self, actor: Actor) -> QuerySet[AbsenceRequest]:
        """The requests of the actor's branches, with what each runs into."""
        asked = When(status=AbsenceRequest.Status.ASKED, then=Value(0))
        first = Case(asked, default=Value(1), output_field=IntegerField())
        return with_conflicts(requests_visible_to(actor)).annotate(status_order=first)
