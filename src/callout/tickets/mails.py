"""What colleagues are told about the tickets they handle, and the wording of it."""

from callout.core.errors import N_
from callout.notices.registry import register_event

CHANGED = "ticket.changed"
CHANGES = {
    "changed": N_("Its details were changed."),
    "sent_back": N_("The report was sent back to be mended."),
    "message": N_("There is a new message."),
    "status": N_("It stands differently now."),
    "cancelled": N_("It was cancelled."),
    "reopened": N_("It was opened again."),
    "crew": N_("Other technicians go to its work order now."),
}
"""What happened, in a sentence of its own, by the word that the job carries."""


def register() -> None:
    """Make the event known; called once when the application starts."""
    register_event(
        CHANGED,
        label=N_("Ticket changed, to the people who handle it"),
        subject=N_("{{ ticket.code }} {{ customer.name }}: {{ ticket.subject }}"),
        body=N_(
            "{{ change }}\n\nTicket: {{ ticket.code }}, {{ ticket.subject }}\nCustomer: {{ customer.name }}\n"
            "Status: {{ ticket.status }}\nBy: {{ person.name }}\n\n{{ ticket.url }}"
        ),
        fields={
            "change": N_("what happened"),
            "ticket.code": N_("number of the ticket"),
            "ticket.subject": N_("subject of the ticket"),
            "ticket.status": N_("where the ticket stands"),
            "ticket.url": N_("address of its page"),
            "customer.name": N_("name of the customer"),
            "person.name": N_("who did it"),
        },
    )
