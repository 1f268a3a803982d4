"""What access adds to the registries of lower apps."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.access.commands.recovery import EVENT
from callout.accounts.actor import Actor
from callout.accounts.queries import people
from callout.accounts.rules import ROLE_NAMES
from callout.core.errors import N_
from callout.documents.registry import register_subject
from callout.notices.registry import register_event
from callout.ui import search
from callout.ui.search import SearchHit


def may_read_people(actor: Actor, pk: int) -> bool:
    """People and teams are read by those who administer them."""
    return actor.may("people.admin")


def people_found(term: str, actor: Actor, limit: int) -> list[SearchHit]:
    """People by part of the name or user name, for those who administer them; nothing for no term."""
    if not term:
        return []
    rows = people(actor).filter(Q(display_name__icontains=term) | Q(username__icontains=term))
    return [
        SearchHit(
            label=person.display_name,
            detail=", ".join(gettext(ROLE_NAMES[role]) for role in person.roles),
            url=reverse("person", args=[person.pk]),
            icon="user",
            why="" if person.setup_pending else person.username,
        )
        for person in rows.order_by("display_name", "id")[:limit]
    ]


def register() -> None:
    """Fill the registries; called once when the application starts."""
    search.register("people", _("People"), people_found, order=70)
    for kind in ("user", "team"):
        register_subject(kind, may_read=may_read_people)
    register_event(
        EVENT,
        label=N_("Lost password"),
        subject=N_("A new password for Callout"),
        body=N_(
            "Good day {{ person.name }},\n\nsomebody asked for a new password for your account. With this link you can "
            "answer your secret question and set one, within {{ minutes }} minutes:\n\n{{ link }}\n\n"
            "If it was not you, nothing needs to be done."
        ),
        fields={
            "person.name": N_("name of the person"),
            "link": N_("link to the secret question"),
            "minutes": N_("minutes for which the link is good"),
        },
    )
