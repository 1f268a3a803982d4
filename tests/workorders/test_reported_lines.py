"""What a report would put on a bill: every line once, estimated beside actual."""

from decimal import Decimal

import pytest

from callout.planning.models import BillingItem
from callout.workorders import commands, queries
from tests import builders
from tests.workorders.support import NINE, TEN, Company

pytestmark = pytest.mark.django_db
D = Decimal


def lines(order, actor) -> list[tuple]:
    return [
        (line.source_kind, line.kind, line.estimated, line.actual, line.to_bill, line.price, line.billable)
        for line in queries.reported_lines(queries.one(order.pk, actor=actor))
    ]


def estimate(company: Company, order, card) -> None:
    commands.choose_rate_card(
        work_order_id=order.pk, rate_card_id=card.pk, version=None, actor=company.operator, now=NINE
    )


def test_hours_parts_expenses_and_fixed_prices_stand_beside_their_estimate() -> None:
    company = Company()
    seal, pump = builders.product("Seal", price="5.00"), builders.product("Pump", price="80.00")
    card = builders.rate_card()
    for position, kind, product, text in (
        (3, "part", seal, "Seal"),
        (4, "travel", None, "Way"),
        (5, "part", pump, "Pump"),
    ):
        card.lines.create(
            position=position, kind=kind, product=product, description=text, unit="pc", price=D(5), quantity=D(4),
            vat_rate=company.vat,
        )  # fmt: skip
    order = company.started()
    estimate(company, order, card)
    tech = {"work_order_id": order.pk, "actor": company.tech, "now": TEN}
    commands.add_part(**tech, product_id=seal.pk, quantity=D(3))
    commands.add_expense(**tech, description="WAY", quantity=D(6), price=D("0.50"), kind="travel")
    commands.add_expense(**tech, description="Lunch", quantity=D(1), price=D(9), billable=False)
    commands.end(**tech)
    commands.take_proposed_hours(**tech)
    assert lines(order, company.tech) == [
        ("hours", "hours", D(2), D(1), D(2), D(50), True),
        ("expense", "travel", D(4), D(6), D(6), D("0.50"), True),
        ("expense", "expense", None, D(1), D(0), D(9), False),
        ("part", "part", D(4), D(3), D(3), D(5), True),
        ("estimate", "fixed", D(1), D(1), D(1), D(35), True),
        ("estimate", "part", D(4), D(0), D(0), D(5), False),
    ]
    beside = [(one.line.description, one.line.quantity, one.actual) for one in queries.sheet(order).beside]
    assert beside == [
        ("Call-out", D(1), D(1)), ("Technician", D(2), D(1)), ("Seal", D(4), D(3)), ("Way", D(4), D(6)),
        ("Pump", D(4), D(0)),
    ]  # fmt: skip


def test_an_estimated_quantity_stands_beside_one_line_only() -> None:
    company = Company()
    order = company.started()
    estimate(company, order, builders.rate_card())
    for _ in range(2):
        commands.add_hours(work_order_id=order.pk, day=NINE.date(), worked=D(1), actor=company.tech, now=TEN)
    hours = [line for line in lines(order, company.tech) if line[0] == "hours"]
    assert [(line[2], line[4]) for line in hours] == [(D(2), D(2)), (None, D(0))]


def test_completing_a_chargeable_type_bills_its_items_by_itself() -> None:
    company = Company()
    BillingItem.objects.create(activity_type=company.kind, product=builders.product("Visit", "service"), quantity=1)
    order = company.reported()
    assert lines(order, company.tech)[-1] == ("item", "fixed", None, D(1), D(1), D(10), True)


def test_nothing_of_a_type_that_is_not_charged_is_billed() -> None:
    company = Company(kind=builders.activity_type("Warranty", chargeable=False))
    BillingItem.objects.create(activity_type=company.kind, product=builders.product(), quantity=1)
    order = company.reported()
    assert [(line[3], line[4], line[6]) for line in lines(order, company.tech)] == [(D(1), D(0), False)]


def test_the_verifiers_steps_lead_there_and_back() -> None:
    company = Company()
    order = company.reported()
    steps = (
        (commands.mark_verified, "verified"), (commands.mark_billed, "billed"), (commands.mark_unbilled, "verified"),
        (commands.mark_unverified, "reported"),
    )  # fmt: skip
    for command, status in steps:
        order = command(work_order_id=order.pk, actor=company.verifier, now=TEN)
        assert order.status == status
    assert order.verified_at is None
    order.ticket.refresh_from_db()
    assert order.ticket.status == "finalised"
