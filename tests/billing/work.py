"""Work on its way from the call to the bill."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from callout.accounts.actor import Actor
from callout.billing import commands as billing
from callout.billing import queries
from callout.catalog.models import RateCard
from callout.core.intervals import Interval
from callout.customers.models import Site
from callout.planning.models import ActivityType, Resource
from callout.workorders import commands
from callout.workorders.models import WorkOrder
from tests import builders as b

DAY = b.MONDAY + timedelta(hours=2)  # 10:00 in Milan


@dataclass
class Company:
    """Somebody for each step, one technician, one site."""

    site: Site
    kind: ActivityType
    technician: Resource
    card: RateCard
    dispatcher: Actor
    worker: Actor
    verifier: Actor


def company() -> Company:
    """A branch with one technician who performs the only type of work."""
    site = b.site()
    kind = b.activity_type(minutes=60)
    technician = b.technician(works=site.branch, performs=(kind,))
    b.user("verifier", name="Vera")
    return Company(
        site=site,
        kind=kind,
        technician=technician,
        card=b.rate_card(),
        dispatcher=b.actor("dispatcher"),
        worker=b.actor_for(technician.user),
        verifier=b.actor("verifier"),
    )


def reported(of: Company, *, hour: int = 0, site: Site | None = None, worked: str = "1.5") -> WorkOrder:
    """A work order that was planned, done in an hour and reported with hours and one part."""
    starts = DAY + timedelta(days=hour // 2, hours=hour % 2)
    call = commands.Call(site_id=(site or of.site).pk, activity_type_id=of.kind.pk, subject="No hot water")
    ticket = commands.take_call(call=call, actor=of.dispatcher, now=DAY - timedelta(hours=2))
    order = ticket.work_orders.get()
    window = Interval(starts, starts + timedelta(hours=1))
    commands.choose_rate_card(
        work_order_id=order.pk, rate_card_id=of.card.pk, version=None, actor=of.dispatcher, now=DAY
    )
    commands.plan(
        work_order_id=order.pk, resource_id=of.technician.pk, window=window, version=None, actor=of.dispatcher, now=DAY
    )
    done = window.ends
    commands.start(work_order_id=order.pk, at=window.starts, actor=of.worker, now=done)
    commands.end(work_order_id=order.pk, at=done, actor=of.worker, now=done)
    commands.add_hours(work_order_id=order.pk, day=done.date(), worked=Decimal(worked), actor=of.worker, now=done)
    part = b.product("Pump", price="142.00")
    commands.add_part(work_order_id=order.pk, product_id=part.pk, quantity=Decimal(1), actor=of.worker, now=done)
    return commands.report(work_order_id=order.pk, notes="Pump replaced.", actor=of.worker, now=done)


def verified(of: Company, **options) -> WorkOrder:
    """A reported work order, every line approved as reported."""
    order = reported(of, **options)
    return billing.verify(
        work_order_id=order.pk,
        decisions=queries.decisions_of(order),
        version=None,
        actor=of.verifier,
        now=DAY + timedelta(days=1),
    )
