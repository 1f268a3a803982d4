"""A small company at work: one branch, one customer, one technician, one type of work."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.intervals import Interval
from callout.customers.models import Customer, Site
from callout.planning.models import ActivityType, Resource
from callout.tickets.models import Ticket
from callout.ui import clock
from callout.workorders import commands
from callout.workorders.models import WorkOrder
from tests import builders
from tests.builders import MONDAY

NINE = MONDAY + timedelta(hours=1)  # nine o'clock in Rome
TEN = NINE + timedelta(hours=1)
FOUR = NINE + timedelta(hours=7)
YESTERDAY = (clock.now() - timedelta(days=1)).date().isoformat()  # pages know no other time than the real one


@dataclass
class Company:
    """Whoever and whatever a test needs; further ones come from the builders."""

    branch: Branch = field(default_factory=builders.branch)
    kind: ActivityType = field(default_factory=lambda: builders.activity_type("Repair", 60))

    def __post_init__(self) -> None:
        self.vat = builders.vat()
        self.customer: Customer = builders.customer("Rossi Impianti", email="info@rossi.example")
        self.site: Site = builders.site(self.customer, self.branch, address="Via Roma 1")
        self.technician: Resource = builders.technician("Ada Bruni", works=self.branch, performs=(self.kind,))
        self.verifier: Actor = builders.actor("verifier", name="Vera Neri")
        self.operator: Actor = builders.actor("operator", name="Olga Conti")
        self.dispatcher: Actor = builders.actor("dispatcher", name="Dino Riva")
        self.tech: Actor = actor_for(self.technician.user)

    def call(self, now: datetime = MONDAY, actor: Actor | None = None, **values: Any) -> Ticket:
        """A call that was taken."""
        values = {"subject": "Boiler leaks", **values}
        call = commands.Call(site_id=self.site.pk, activity_type_id=self.kind.pk, **values)
        return commands.take_call(call=call, actor=actor or self.operator, now=now)

    def order(self, **values: Any) -> WorkOrder:
        """The work order of a call."""
        return self.call(**values).work_orders.get()

    def planned(self, starts: datetime = NINE, order: WorkOrder | None = None, **values: Any) -> WorkOrder:
        """A work order on the technician's calendar."""
        order = order or self.order(**values)
        return commands.plan(
            work_order_id=order.pk,
            resource_id=self.technician.pk,
            window=Interval(starts, starts + timedelta(hours=1)),
            version=order.version,
            actor=self.dispatcher,
            now=MONDAY,
        )

    def started(self, at: datetime = NINE, **values: Any) -> WorkOrder:
        """A work order that the technician works on."""
        return commands.start(work_order_id=self.planned(at, **values).pk, actor=self.tech, now=at)

    def done(self, at: datetime = NINE, until: datetime = TEN, **values: Any) -> WorkOrder:
        """A work order that the technician has ended."""
        return commands.end(work_order_id=self.started(at, **values).pk, actor=self.tech, now=until)

    def reported(self, at: datetime = NINE, until: datetime = TEN, **values: Any) -> WorkOrder:
        """A work order with its report."""
        order = self.done(at, until, **values)
        commands.take_proposed_hours(work_order_id=order.pk, actor=self.tech, now=until)
        return commands.report(work_order_id=order.pk, actor=self.tech, now=until)


def actions(subject: Any) -> list[str]:
    """What the audit says was done with a record, oldest first."""
    kind = subject._meta.model_name
    return list(
        Entry.objects.filter(subject_kind=kind, subject_id=subject.pk).order_by("id").values_list("action", flat=True)
    )


def jobs(name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of that name in the queue."""
    return list(ProcrastinateJob.objects.filter(task_name=name).order_by("id").values_list("args", flat=True))
