"""Calendar feeds as files of RFC 5545."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, Todo
from icalendar.prop import vUri

from callout.planning.models import Appointment, Category, Task
from callout.planning.queries.feeds import Contents

PRODUCT = "-//Callout//Calendar feed//EN"
REFRESH = timedelta(minutes=30)
GIVEN_UP = (Category.CANCELLED, Category.SUPERSEDED, Category.MISSED)
_APPOINTMENT = {Category.OPEN: "TENTATIVE"}
_TASK = {Category.DONE: "COMPLETED", Category.UNDER_WAY: "IN-PROCESS"}


def write(found: Contents, *, name: str) -> bytes:
    """The feed as a file, its times in UTC."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for appointment in found.appointments:
        calendar.add_component(_event(appointment, found))
    for task in found.tasks:
        calendar.add_component(_todo(task, found))
    return bytes(calendar.to_ical())


def _common(component: Event | Todo, row: Appointment | Task, kind: str, found: Contents) -> None:
    """What keeps a component the same from one reading to the next, and says that it was changed."""
    changed = found.changed.get((kind, row.pk), row.created_at).astimezone(UTC).replace(microsecond=0)
    component.add("uid", f"{kind}-{row.pk}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}")
    component.add("sequence", row.version)
    component.add("dtstamp", changed)
    component.add("last-modified", changed)
    component.add("created", row.created_at.astimezone(UTC).replace(microsecond=0))
    component.add("summary", row.title)
    component.add("categories", [str(row.activity_type)])


def _event(row: Appointment, found: Contents) -> Event:
    event = Event()
    _common(event, row, "appointment", found)
    event.add("dtstart", _utc(row.starts))
    event.add("dtend", _utc(row.ends))
    given_up = row.category in GIVEN_UP
    event.add("status", "CANCELLED" if given_up else _APPOINTMENT.get(Category(row.category), "CONFIRMED"))
    event.add("transp", "TRANSPARENT" if given_up else "OPAQUE")
    lines = [str(row.activity_type), str(row.state), str(row.resource)]
    if row.site is not None:
        site = row.site
        place = [site.customer.name, site.address, " ".join(filter(None, (site.postal_code, site.city)))]
        event.add("location", ", ".join(filter(None, place)))
        if site.latitude is not None and site.longitude is not None:
            event.add("geo", (float(site.latitude), float(site.longitude)))
        lines += [site.customer.name, site.customer.phone]
    event.add("description", "\n".join(filter(None, [*lines, row.notes])))
    return event


def _todo(row: Task, found: Contents) -> Todo:
    todo = Todo()
    _common(todo, row, "task", found)
    todo.add("due", _utc(row.remind_at) if row.remind_at else row.due_on)
    closed = row.closed_at is not None
    status = "CANCELLED" if row.category in GIVEN_UP else "COMPLETED" if closed else "NEEDS-ACTION"
    todo.add("status", _TASK.get(Category(row.category), status))
    if row.closed_at is not None:
        todo.add("completed", _utc(row.closed_at))
    customer = row.customer.name if row.customer else ""
    todo.add("description", "\n".join(filter(None, [row.code, str(row.activity_type), customer, row.notes])))
    if row.site is not None:
        todo.add("location", ", ".join(filter(None, (row.site.address, row.site.city))))
    todo.add("url", vUri(f"{settings.PUBLIC_URL.rstrip('/')}/to-do/{row.pk}/"))
    return todo


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
