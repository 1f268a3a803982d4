"""Lists of what planning is made of."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.queries import branches_for
from callout.planning import queries
from callout.planning.models import Absence, ActivityState, ActivityType, Category, Resource, Sector
from callout.ui.filters import BoolFilter, ChoiceFilter, DateFilter, ModelFilter
from callout.ui.lists import Column, ListPage

SETUP = "planning.admin"
ABSENCES = ("board.plan", SETUP)


def _activity(row: Resource | ActivityType) -> tuple[str, str]:
    return (gettext("active"), "green") if row.active else (gettext("inactive"), "secondary")


def _performers(row: Any) -> tuple[str, str]:
    if not row.performers:
        return gettext("nobody"), "orange"
    words = ngettext("%(count)d person or team", "%(count)d people or teams", row.performers)
    return words % {"count": row.performers}, "secondary"


def _by_person(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(user__display_name__icontains=text)


def by_person_or_reason(rows: QuerySet, text: str) -> QuerySet:
    """What the search of absences and of requests for them looks at."""
    return rows.filter(Q(resource__user__display_name__icontains=text) | Q(reason__icontains=text))


def _by_name(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(name__icontains=text)


class Resources(ListPage):
    """Whose time is planned."""

    name = "resources"
    title = _("Resources")
    right = SETUP
    order = ("position", "user__display_name")
    columns = (
        Column("name", _("Name"), "user.display_name", sort="user__display_name"),
        Column("branch", _("Branch"), "branch.name", sort="branch__name"),
        Column("time_zone", _("Time zone"), sort="time_zone"),
        Column("presence", _("Presence"), "get_presence_display"),
        Column("position", _("Position"), kind="number", sort="position"),
        Column("active", _("Status"), _activity, kind="status", sort="active"),
        Column("phone", _("Phone"), "user.phone", kind="phone", default=False),
        Column("email", _("E-mail"), "user.email", default=False),
    )
    filters = (
        ModelFilter("branch", _("Branch"), branches_for),
        BoolFilter("active", _("Active")),
        ChoiceFilter("presence", _("Presence"), Resource.PresenceMode.choices),
    )
    row_url = "resource"
    actions = ((_("New resource"), "resource_new", SETUP),)
    empty = _("Nobody's time is planned yet.")
    search = _by_person

    def rows(self, actor: Actor) -> QuerySet[Resource]:
        """The resources of the actor's branches."""
        return queries.resources_visible_to(actor)


class Absences(ListPage):
    """Who is away when, the latest first."""

    name = "absences"
    title = _("Absences")
    right = ABSENCES
    order = ("-starts", "-id")
    columns = (
        Column("person", _("Person"), "resource.user.display_name", sort="resource__user__display_name"),
        Column("starts", _("From"), kind="datetime", sort="starts"),
        Column("ends", _("To"), kind="datetime", sort="ends"),
        Column("reason", _("Reason"), sort="reason"),
        Column("branch", _("Branch"), "resource.branch.name", sort="resource__branch__name", default=False),
    )
    filters = (
        ModelFilter("resource", _("Person"), queries.resources_visible_to),
        DateFilter("starts", _("From")),
        DateFilter("ends", _("To")),
    )
    row_url = "absence"
    actions = (
        (_("New absence"), "absence_new", "board.plan"),
        (_("Absence requests"), "absence_requests", "board.plan"),
    )
    empty = _("Nobody is away.")
    search = by_person_or_reason

    def rows(self, actor: Actor) -> QuerySet[Absence]:
        """The absences of the actor's branches."""
        return queries.absences_visible_to(actor).select_related("resource__user", "resource__branch")


class ActivityTypes(ListPage):
    """Kinds of work."""

    name = "activity_types"
    title = _("Activity types")
    right = SETUP
    order = ("sector__position", "sector__name", "name")
    columns = (
        Column("name", _("Name"), "label", sort="name"),
        Column("sector", _("Sector"), "sector.label", sort="sector__name"),
        Column("kind", _("Kind"), "get_kind_display", sort="kind"),
        Column("minutes", _("Minutes"), kind="number", sort="minutes"),
        Column("performed", _("Performed by"), _performers, kind="status"),
        Column("chargeable", _("Charged"), kind="bool", sort="chargeable"),
        Column("active", _("Status"), _activity, kind="status", sort="active"),
        Column("external_id", _("External id"), sort="external_id", default=False),
    )
    filters = (
        ModelFilter("sector", _("Sector"), Sector.objects.all()),
        ChoiceFilter("kind", _("Kind"), ActivityType.Kind.choices),
        BoolFilter("active", _("Active")),
        BoolFilter("chargeable", _("Charged")),
    )
    row_url = "activity_type"
    actions = ((_("New activity type"), "activity_type_new", SETUP),)
    empty = _("There is no activity type yet: nothing can be planned.")
    search = _by_name

    def rows(self, actor: Actor) -> QuerySet[ActivityType]:
        """Every type, with how many people and teams perform it."""
        performs = Count("eligibilities", filter=Q(eligibilities__role="performs"))
        return ActivityType.objects.select_related("sector").annotate(performers=performs)


class ActivityStates(ListPage):
    """The words for where an activity stands."""

    name = "activity_states"
    title = _("Activity states")
    right = SETUP
    order = ("id",)
    columns = (
        Column("name", _("Name"), lambda row: (row.label, row.colour), kind="status", sort="name"),
        Column("category", _("Category"), "get_category_display", sort="category"),
        Column("is_default", _("Used unless another is chosen"), kind="bool", sort="is_default"),
        Column("obsolete", _("No longer offered"), kind="bool", sort="obsolete"),
    )
    filters = (
        ChoiceFilter("category", _("Category"), Category.choices),
        BoolFilter("obsolete", _("No longer offered")),
    )
    row_url = "activity_state"
    actions = ((_("New activity state"), "activity_state_new", SETUP),)

    def rows(self, actor: Actor) -> QuerySet[ActivityState]:
        """Every state."""
        return ActivityState.objects.all()


class Sectors(ListPage):
    """Groups of activity types."""

    name = "sectors"
    title = _("Sectors")
    right = SETUP
    order = ("position", "name")
    columns = (
        Column("name", _("Name"), "label", sort="name"),
        Column("position", _("Position"), kind="number", sort="position"),
        Column("types", _("Activity types"), "type_count", kind="number"),
    )
    row_url = "sector"
    actions = ((_("New sector"), "sector_new", SETUP),)
    empty = _("There is no sector yet; activity types are grouped by them.")

    def rows(self, actor: Actor) -> QuerySet[Sector]:
        """Every sector, with how many types it groups."""
        return Sector.objects.annotate(type_count=Count("types"))
