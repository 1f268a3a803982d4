"""What access adds to the registries of lower apps."""

from callout.access.commands.recovery import EVENT
from callout.accounts.actor import Actor
from callout.core.errors import N_
from callout.documents.registry import register_subject
from callout.notices.registry import register_event


def may_read_people(actor: Actor, pk: int) -> bool:
    """People and teams are read by those who administer them."""
    return actor.may("people.admin")


def register() -> None:
    """Fill the registries; called once when the application starts."""
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
