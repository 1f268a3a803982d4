"""What people are told about their tasks and reminders, and the wording of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation

from callout.accounts.models import User
from callout.core.errors import N_
from callout.core.worktime import zone_of
from callout.notices.commands import send_mail
from callout.notices.registry import register_event
from callout.planning.models import Task

NEW, DUE = "task.new", "task.reminder"
FIELDS = {
    "task.title": N_("what is to be done"),
    "task.code": N_("number of the task"),
    "task.type": N_("type of task"),
    "task.due": N_("day on which it is due"),
    "task.time": N_("time of the reminder"),
    "task.notes": N_("notes"),
    "task.address": N_("address of its page"),
    "customer.name": N_("name of the customer"),
    "person.name": N_("name of the person who is told"),
}


def register() -> None:
    """Make the events known; called once when the application starts."""
    register_event(
        NEW,
        label=N_("New task, to whom it belongs"),
        subject=N_("{{ task.type }}: {{ task.title }}"),
        body=N_(
            "Good day {{ person.name }},\n\nthere is something new in your list, due on {{ task.due }}.\n\n"
            "{{ task.type }}: {{ task.title }}\n{{ customer.name }}\n\n{{ task.address }}"
        ),
        fields=FIELDS,
    )
    register_event(
        DUE,
        label=N_("Reminder, to whom it belongs"),
        subject=N_("Reminder: {{ task.title }}"),
        body=N_(
            "Good day {{ person.name }},\n\nyou wanted to be reminded on {{ task.due }} at {{ task.time }}.\n\n"
            "{{ task.type }}: {{ task.title }}\n{{ customer.name }}\n\n{{ task.address }}"
        ),
        fields=FIELDS,
    )


def tell(task: Task, people: Iterable[User], *, reminder: bool, now: datetime) -> int:
    """Write to these people about a task; to how many."""
    told = 0
    for person in people:
        mail = send_mail(
            event=DUE if reminder else NEW,
            to=[person.email],
            language=person.language,
            facts=facts(task, person),
            about=task,
            customer_id=None,
            now=now,
        )
        told += mail is not None
    return told


def facts(task: Task, person: User) -> dict[str, Any]:
    """What a wording may name, in the person's language and time zone."""
    with translation.override(person.language):
        at = task.remind_at.astimezone(zone_of(person.time_zone)) if task.remind_at else None
        return {
            "task": {
                "title": task.title,
                "code": task.code,
                "type": str(task.activity_type),
                "due": formats.date_format(at.date() if at else task.due_on, "DATE_FORMAT"),
                "time": f"{at:%H:%M}" if at else "",
                "notes": task.notes,
                "address": settings.PUBLIC_URL.rstrip("/") + reverse("task", args=[task.pk]),
            },
            "customer": {"name": task.customer.name if task.customer else ""},
            "person": {"name": person.display_name},
        }
