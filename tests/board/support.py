"""A company with a call that waits, for tests of the board."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.planning.models import ActivityType, Resource
from callout.tickets.commands import Call
from callout.workorders import commands as workorders
from callout.workorders.models import WorkOrder
from tests import builders
from tests.planning.support import NOW


@dataclass
class Company:
    """A branch with one type of work, two technicians who perform it, a dispatcher and one waiting work order."""

    kind: ActivityType
    rossi: Resource
    bianchi: Resource
    dispatcher: User
    order: WorkOrder

    @property
    def actor(self):
        """The dispatcher, acting."""
        return actor_for(self.dispatcher)


def company() -> Company:
    """Make one."""
    works = builders.branch()
    kind = builders.activity_type("Repair", minutes=90)
    rossi, bianchi = (builders.technician(name, works, performs=(kind,)) for name in ("Rossi", "Bianchi"))
    builders.user("verifier")
    made = Company(kind, rossi, bianchi, builders.user("dispatcher", name="Clara"), WorkOrder())
    made.order = call(made)
    return made


def call(made: Company, subject: str = "Boiler out", customer: str = "Verdi", **fields: Any) -> WorkOrder:
    """The work order of a new call."""
    site = builders.site(builders.customer(customer), made.rossi.branch)
    ticket = workorders.take_call(
        call=Call(site_id=site.pk, activity_type_id=made.kind.pk, subject=subject, **fields),
        actor=actor_for(builders.user("operator")), now=NOW,
    )  # fmt: skip
    return ticket.work_orders.get()


def browser(person: User) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(person, backend="callout.access.backends.Backend")
    return client


def post(client: Client, path: str, body: dict[str, Any], **headers: str):
    """A JSON request."""
    return client.post(f"/api{path}", body, content_type="application/json", headers=headers or None)
