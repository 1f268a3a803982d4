"""A company around Milan whose sites have coordinates, and runs that are really worked out."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.customers.models import Site
from callout.dispatch import commands, work
from callout.dispatch.models import Proposal
from callout.dispatch.rules import Choice
from callout.dispatch.rules.reading import Answer, Costs, Place
from callout.jobs import commands as jobs
from callout.jobs.work import carry_out
from callout.planning.models import ActivityType, Resource
from callout.tickets.commands import Call
from callout.ui import clock
from callout.workorders import commands as workorders
from callout.workorders.models import WorkOrder
from tests import builders

MILAN = (45.4642, 9.19)
CITIES = (
    (45.4642, 9.19),
    (45.5845, 9.2744),
    (45.3097, 9.5037),
    (45.6983, 9.6773),
    (45.8081, 9.0852),
    (45.1847, 9.1582),
)


def workday() -> date:
    """The Monday of a week to come that has no holiday in Italy."""
    return builders.free_monday(clock.now().date())


@dataclass
class Company:
    """A branch, a type of work, technicians who perform it, a dispatcher, and calls that wait."""

    kind: ActivityType
    technicians: list[Resource]
    dispatcher: User
    orders: list[WorkOrder] = field(default_factory=list)

    @property
    def actor(self):
        """The dispatcher, acting."""
        return actor_for(self.dispatcher)

    def call(
        self, at: tuple[float, float] | None = MILAN, kind: ActivityType | None = None, **fields: Any
    ) -> WorkOrder:
        """The work order of a new call at that place; `zone` is the site's."""
        place = {} if at is None else {"latitude": at[0], "longitude": at[1]}
        branch = self.technicians[0].branch
        customer = builders.customer(fields.pop("customer", "Verdi"))
        site: Site = builders.site(customer, branch, zone=fields.pop("zone", None), **place)
        fields = {"activity_type_id": (kind or self.kind).pk, "subject": "Boiler out", **fields}
        call = Call(site_id=site.pk, **fields)
        ticket = workorders.take_call(call=call, actor=actor_for(builders.user("operator")), now=clock.now())
        self.orders.append(ticket.work_orders.get())
        return self.orders[-1]


def company(*names: str, calls: int = 3) -> Company:
    """Make one, with so many calls in different cities."""
    works = builders.branch()
    kind = builders.activity_type("Repair", minutes=60)
    people = [builders.technician(name, works, performs=(kind,)) for name in names or ("Rossi", "Bianchi")]
    builders.user("verifier")
    made = Company(kind, people, builders.user("dispatcher", name="Clara"))
    for number in range(calls):
        made.call(CITIES[number % len(CITIES)])
    return made


def started(made: Company, actor=None, **fields: Any) -> Proposal:
    """A run that waits for its job."""
    choice = Choice(**{"days": (workday(),), "seconds": 2, **fields})
    return commands.start(choice=choice, actor=actor or made.actor, now=clock.now())


def worked_out(made: Company, actor=None, **fields: Any) -> Proposal:
    """A proposal that the engine has worked out, or a run that failed."""
    proposal = started(made, actor, **fields)
    carry_out(proposal.run_id, work.carry_out_body)
    return _fresh(proposal)


def proposed(made: Company, actor=None) -> Proposal:
    """A proposal as the engine could have worked it out: work by turns from eight in the morning on."""
    proposal = started(made, actor)
    morning = datetime.combine(workday(), time(8), ZoneInfo("Europe/Rome"))
    places, free = [], dict.fromkeys((each.pk for each in made.technicians), morning)
    for number, order in enumerate(made.orders):
        person = made.technicians[number % len(made.technicians)].pk
        starts = free[person]
        free[person] = starts + timedelta(minutes=order.minutes + 30)
        places.append(Place(order.pk, person, starts, starts + timedelta(minutes=order.minutes), 1200, 15_000))
    costs = {each.pk: Costs() for each in made.technicians}
    versions = {order.pk: WorkOrder.objects.get(pk=order.pk).version for order in made.orders}
    commands.ready(
        proposal_id=proposal.pk, answer=Answer(places, {}, costs, costs), versions=versions, notes={},
        actor=actor or made.actor, now=clock.now(),
    )  # fmt: skip
    jobs.start_run(run_id=proposal.run_id, now=clock.now())
    jobs.finish_run(run_id=proposal.run_id, now=clock.now())
    return _fresh(proposal)


def _fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("run").get(pk=proposal.pk)
