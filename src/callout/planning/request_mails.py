"""What people are told about absences that are asked for, and the wording of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from callout.accounts.models import User
from callout.core.errors import N_
from callout.notices.commands import send_mail
from callout.notices.registry import register_event
from callout.planning.models import AbsenceRequest
from callout.planning.presence_words import away

APPROVED, REFUSED, ASKED = "absence.approved", "absence.refused", "absence.asked"
FIELDS = {
    "person.name": N_("name of the person who asked"),
    "absence.from": N_("beginning of the absence"),
    "absence.to": N_("end of the absence"),
    "absence.reason": N_("reason of the absence"),
    "decision.by": N_("who decided"),
    "decision.answer": N_("answer of who decided"),
    "page.address": N_("address of the page of one's own absences"),
}

TO_DECIDE = {
    **{name: text for name, text in FIELDS.items() if name.startswith(("person", "absence"))},
    "page.address": N_("address of the page of the request"),
}


def register() -> None:
    """Make the events known; called once when the application starts."""
    register_event(
        ASKED,
        label=N_("Absence asked for, to who decides on it"),
        subject=N_("{{ person.name }} asks to be away: {{ absence.reason }}, {{ absence.from }}"),
        body=N_(
            "Good day,\n\n{{ person.name }} asks to be away ({{ absence.reason }}) from {{ absence.from }} to "
            "{{ absence.to }}.\n\nWho else is away then, and which work is planned, stands with the request:\n\n"
            "{{ page.address }}"
        ),
        fields=TO_DECIDE,
    )
    register_event(
        APPROVED,
        label=N_("Absence approved, to who asked for it"),
        subject=N_("Approved: {{ absence.reason }}, {{ absence.from }}"),
        body=N_(
            "Good day {{ person.name }},\n\nyour absence ({{ absence.reason }}) from {{ absence.from }} to "
            "{{ absence.to }} is approved.\n\n{{ decision.answer }}\n{{ decision.by }}\n\n{{ page.address }}"
        ),
        fields=FIELDS,
    )
    register_event(
        REFUSED,
        label=N_("Absence refused, to who asked for it"),
        subject=N_("Not approved: {{ absence.reason }}, {{ absence.from }}"),
        body=N_(
            "Good day {{ person.name }},\n\nyour absence ({{ absence.reason }}) from {{ absence.from }} to "
            "{{ absence.to }} cannot be approved.\n\n{{ decision.answer }}\n{{ decision.by }}\n\n{{ page.address }}"
        ),
        fields=FIELDS,
    )


def tell_asker(request: AbsenceRequest, *, now: datetime) -> None:
    """Write to who asked that it has been decided."""
    person = request.resource.user
    send_mail(
        event=APPROVED if request.status == AbsenceRequest.Status.APPROVED else REFUSED,
        to=[person.email],
        language=person.language,
        facts=_facts(request),
        about=request,
        customer_id=None,
        now=now,
    )


def tell_deciders(request: AbsenceRequest, people: Iterable[User], *, now: datetime) -> None:
    """Write to these people that somebody asks to be away, each in the own language."""
    for person in people:
        with translation.override(person.language):
            starts, ends = away(request)
        send_mail(
            event=ASKED,
            to=[person.email],
            language=person.language,
            facts={
                "person": {"name": request.resource.user.display_name},
                "absence": {"from": starts, "to": ends, "reason": request.reason},
                "page": {"address": settings.PUBLIC_URL.rstrip("/") + reverse("absence_request", args=[request.pk])},
            },
            about=request,
            customer_id=None,
            now=now,
        )


def _facts(request: AbsenceRequest) -> dict[str, Any]:
    """What a wording may name, in the person's language and time zone."""
    person = request.resource.user
    with translation.override(person.language):
        starts, ends = away(request)
    return {
        "person": {"name": person.display_name},
        "absence": {"from": starts, "to": ends, "reason": request.reason},
        "decision": {"by": request.decided_by_name, "answer": request.answer},
        "page": {"address": settings.PUBLIC_URL.rstrip("/") + reverse("my_absences")},
    }
