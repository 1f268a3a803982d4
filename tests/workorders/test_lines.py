"""Estimate, hours, expenses and parts: who writes them when, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from callout.catalog.models import Product
from callout.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from callout.documents.commands import create_period
from callout.documents.models import Period
from callout.workorders import commands, errors, queries
from callout.workorders.commands import Upload
from callout.workorders.models import ExpenseLine, HoursLine, PartLine
from tests import builders
from tests.workorders.support import NINE, TEN, Company, actions

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = date(2026, 11, 23)


def estimated(company: Company, order, **card) -> None:
    commands.choose_rate_card(
        work_order_id=order.pk,
        rate_card_id=builders.rate_card(**card).pk,
        version=None,
        actor=company.operator,
        now=NINE,
    )


def hours(company: Company, order, worked: str = "1.5", **values):
    values = {"day": TODAY, "worked": D(worked), "actor": company.tech, "now": TEN, **values}
    return commands.add_hours(work_order_id=order.pk, **values)


def test_an_estimate_copies_the_rate_card_and_its_quantities_are_changed() -> None:
    company = Company()
    order = company.order()
    estimated(company, order)
    first, second = order.estimate.all()
    assert [(line.kind, line.quantity, line.price) for line in (first, second)] == [
        ("fixed", D("1.00"), D("35.00")),
        ("hours", D("2.00"), D("50.00")),
    ]
    change = commands.EstimateChange(second.pk, 1, D("3.5"), D("50"))
    same = commands.EstimateChange(first.pk, 1, D(1), D(35))
    (line,) = commands.change_estimate(work_order_id=order.pk, changes=[same, change], actor=company.operator, now=NINE)
    assert (line.quantity, line.version) == (D("3.50"), 2)
    order.refresh_from_db()
    assert order.rate_card_id is not None
    assert actions(order)[-2:] == ["workorder.estimate", "workorder.estimate_changed"]


def test_another_rate_card_replaces_the_lines_until_hours_are_entered() -> None:
    company = Company()
    order = company.started()
    estimated(company, order)
    estimated(company, order, hour="60.00")
    assert order.estimate.get(kind="hours").price == D("60.00")
    hours(company, order)
    with pytest.raises(errors.EstimateUsed):
        estimated(company, order)


def test_a_line_that_somebody_else_changed_is_not_overwritten() -> None:
    company = Company()
    order = company.order()
    estimated(company, order)
    line = order.estimate.last()
    change = {"work_order_id": order.pk, "actor": company.operator, "now": NINE}
    commands.change_estimate(**change, changes=[commands.EstimateChange(line.pk, 1, D(3), D(50))])
    with pytest.raises(StaleVersion):
        commands.change_estimate(**change, changes=[commands.EstimateChange(line.pk, 1, D(4), D(50))])
    with pytest.raises(errors.Negative) as refused:
        commands.change_estimate(**change, changes=[commands.EstimateChange(line.pk, 2, D(-1), D(50))])
    assert refused.value.field == f"quantity-{line.pk}"
    line.refresh_from_db()
    assert line.quantity == 3


def test_a_rate_card_in_another_currency_or_out_of_date_is_refused() -> None:
    company = Company()
    order = company.order()
    with pytest.raises(errors.OtherCurrency):
        estimated(company, order, currency="RON")
    old = builders.rate_card()
    old.valid_to = date(2020, 1, 1)
    old.save()
    with pytest.raises(errors.CardNotValid):
        commands.choose_rate_card(
            work_order_id=order.pk, rate_card_id=old.pk, version=None, actor=company.operator, now=NINE
        )
    assert not order.estimate.exists()


def test_an_estimate_takes_lines_of_its_own_and_loses_them_again() -> None:
    company = Company()
    order = company.order()
    line = commands.add_estimate_line(
        work_order_id=order.pk, kind="travel", description="Way there", quantity=D(40), price=D("0.45"),
        actor=company.operator, now=NINE,
    )  # fmt: skip
    assert (line.unit, line.position, line.vat_rate.country) == ("km", 1, "IT")
    commands.remove_estimate_line(work_order_id=order.pk, line_id=line.pk, version=1, actor=company.operator, now=NINE)
    assert not order.estimate.exists()
    assert actions(order)[-1] == "workorder.line_removed"


def test_technicians_do_not_estimate_and_operators_do_not_report() -> None:
    company = Company()
    order = company.started()
    with pytest.raises(Forbidden):
        commands.choose_rate_card(
            work_order_id=order.pk, rate_card_id=builders.rate_card().pk, version=None, actor=company.tech, now=NINE
        )
    with pytest.raises(Forbidden):
        hours(company, order, actor=company.operator)


def test_hours_take_price_and_quantity_to_bill_from_the_estimate() -> None:
    company = Company()
    order = company.started()
    estimated(company, order)
    first, second = hours(company, order, "1.5"), hours(company, order, "1")
    assert (first.to_bill, first.price, first.description) == (D("2.00"), D("50.00"), "Technician")
    assert second.to_bill == 0
    assert first.estimate_line == second.estimate_line == order.estimate.get(kind="hours")


def test_without_an_estimate_the_rate_card_gives_the_price_and_the_hours_are_billed() -> None:
    company = Company()
    company.customer.rate_card = builders.rate_card(hour="72.00")
    company.customer.save()
    line = hours(company, company.started(), "1.25")
    assert (line.to_bill, line.price) == (D("1.25"), D("72.00"))


def test_the_clock_proposes_the_hours() -> None:
    company = Company()
    order = company.started()
    estimated(company, order)
    order = commands.end(work_order_id=order.pk, actor=company.tech, now=TEN + timedelta(minutes=30))
    (proposed,) = queries.proposed_hours(order, on=TODAY, actor=company.tech)
    assert (proposed.day, proposed.worked, proposed.to_bill) == (TODAY, D("1.50"), D("2.00"))
    (line,) = commands.take_proposed_hours(work_order_id=order.pk, actor=company.tech, now=TEN)
    assert (line.worked, line.to_bill, line.resource) == (D("1.50"), D("2.00"), company.technician)
    assert commands.take_proposed_hours(work_order_id=order.pk, actor=company.tech, now=TEN) == []
    assert order.hours.count() == 1


def test_no_day_has_more_than_24_hours_over_all_work_orders() -> None:
    company = Company()
    first = company.started()
    with pytest.raises(errors.DayTooLong) as refused:
        hours(company, first, "30")
    assert refused.value.field == "worked"
    line = hours(company, first, "20")
    commands.pause(work_order_id=first.pk, actor=company.tech, now=TEN)
    second = company.planned(starts=TEN)
    commands.start(work_order_id=second.pk, actor=company.tech, now=TEN)
    with pytest.raises(errors.DayTooLong):
        hours(company, second, "4.01")
    hours(company, second, "4")
    with pytest.raises(errors.DayTooLong):
        commands.change_hours(
            work_order_id=first.pk, line_id=line.pk, day=TODAY, worked=D("20.01"), to_bill=D(1), version=1,
            actor=company.tech, now=TEN,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"worked": D("-1")}, errors.NotPositive),
        ({"worked": D(0)}, errors.NotPositive),
        ({"worked": D("1.005")}, errors.TooPrecise),
        ({"worked": D("NaN")}, errors.NoNumber),
        ({"to_bill": D("-0.01")}, errors.Negative),
        ({"day": TODAY + timedelta(days=1)}, errors.HoursInFuture),
        ({"estimate_line_id": 999_999}, NotFound),
        ({"resource_id": 999_999}, NotFound),
    ],
)
def test_hours_that_cannot_be_are_refused(values: dict, refusal: type[Exception]) -> None:
    company = Company()
    order = company.started()
    with pytest.raises(refusal):
        hours(company, order, **values)
    assert not HoursLine.objects.exists()


def test_a_technician_enters_no_hours_for_a_colleague_but_the_office_does() -> None:
    company = Company()
    order = company.started()
    helper = builders.technician("Helper", works=company.branch)
    with pytest.raises(NotFound):
        hours(company, order, resource_id=helper.pk)
    assert hours(company, order, resource_id=helper.pk, actor=company.dispatcher).resource == helper


def test_hours_of_a_day_in_a_locked_period_are_refused() -> None:
    from callout.documents.commands import lock_period
    from callout.documents.errors import PeriodLocked

    company = Company()
    order = company.started()
    admin = builders.actor("administrator")
    Period.objects.all().delete()
    old = create_period(
        branch=company.branch, module="", starts=date(2026, 11, 1), ends=date(2026, 11, 22), actor=admin, now=NINE
    )
    create_period(branch=company.branch, module="", starts=TODAY, ends=date(2026, 12, 31), actor=admin, now=NINE)
    lock_period(period_id=old.pk, locked=True, actor=admin, now=NINE)
    with pytest.raises(PeriodLocked):
        hours(company, order, day=date(2026, 11, 20))
    hours(company, order)


def test_an_expense_with_its_receipt() -> None:
    company = Company()
    order = company.started()
    line = commands.add_expense(
        work_order_id=order.pk, description="Parking", quantity=D(1), price=D("4.50"),
        receipt=Upload("receipt.txt", b"four fifty"), actor=company.tech, now=TEN,
    )  # fmt: skip
    assert (line.kind, line.price, line.receipt.purpose, line.billable) == ("expense", D("4.50"), "receipt", True)
    assert actions(order)[-1] == "workorder.expense"
    commands.remove_expense(work_order_id=order.pk, line_id=line.pk, version=1, actor=company.tech, now=TEN)
    assert not ExpenseLine.objects.exists()


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"quantity": D("-2")}, errors.NotPositive),
        ({"quantity": D(0)}, errors.NotPositive),
        ({"price": D("3.999")}, errors.TooPrecise),
        ({"price": D("-1")}, errors.Negative),
        ({"price": D("1e11")}, errors.TooBig),
        ({"description": " "}, errors.DescriptionMissing),
        ({"description": "a\0"}, Invalid),
        ({"kind": "bribe"}, Invalid),
    ],
)
def test_expenses_that_cannot_be_are_refused(values: dict, refusal: type[Exception]) -> None:
    company = Company()
    order = company.started()
    given = {"description": "Parking", "quantity": D(1), "price": D(1), **values}
    with pytest.raises(refusal):
        commands.add_expense(work_order_id=order.pk, **given, actor=company.tech, now=TEN)
    assert not ExpenseLine.objects.exists()


def test_a_part_has_the_catalogues_price_and_its_own_serial_number() -> None:
    company = Company()
    order = company.started()
    pump = builders.product("Pump", price="80.00", serialised=True)
    part = {"work_order_id": order.pk, "product_id": pump.pk, "actor": company.tech, "now": TEN}
    with pytest.raises(errors.SerialMissing):
        commands.add_part(**part, quantity=D(1))
    with pytest.raises(errors.OnePieceASerial):
        commands.add_part(**part, quantity=D(2), serial="P-1")
    line = commands.add_part(**part, quantity=D(1), serial="P-1")
    assert (line.price, line.serial, line.description) == (D("80.00"), "P-1", "Pump")
    with pytest.raises(Invalid):
        commands.add_part(**part, quantity=D(1), serial="P-2", price=D(1))
    with pytest.raises(errors.NotPositive):
        commands.add_part(**part, quantity=D("-1"), serial="P-3")
    assert PartLine.objects.count() == 1


def test_parts_are_not_charged_at_a_price_of_another_currency() -> None:
    company = Company()
    company.branch.currency = "RON"
    company.branch.save()
    order = company.started()
    pump = builders.product("Pump", price="80.00")
    line = commands.add_part(work_order_id=order.pk, product_id=pump.pk, quantity=D(1), actor=company.tech, now=TEN)
    assert line.price == 0
    card = builders.rate_card(currency="RON")
    card.lines.create(
        kind="part", product=pump, description="Pump", unit="pc", price=D(400), quantity=0, vat_rate=company.vat
    )
    line = commands.add_part(work_order_id=order.pk, product_id=pump.pk, quantity=D(1), actor=company.tech, now=TEN)
    assert line.price == D(400)


def test_inactive_products_are_not_used() -> None:
    company = Company()
    order = company.started()
    gone = builders.product(active=False)
    with pytest.raises(NotFound):
        commands.add_part(work_order_id=order.pk, product_id=gone.pk, quantity=D(1), actor=company.tech, now=TEN)
    assert Product.objects.filter(pk=gone.pk).exists()


def test_what_happened_is_written_between_start_and_report() -> None:
    company = Company()
    order = company.planned()
    with pytest.raises(errors.LinesClosed):
        hours(company, order)
    reported = company.reported(at=TEN, until=TEN + timedelta(hours=1))
    for write in (
        lambda: hours(company, reported),
        lambda: estimated(company, reported),
        lambda: commands.write_notes(work_order_id=reported.pk, notes="more", actor=company.tech, now=TEN),
    ):
        with pytest.raises(errors.LinesClosed):
            write()


def test_somebody_elses_work_order_takes_no_lines_and_lines_stay_with_their_order() -> None:
    company = Company()
    order = company.started()
    line = hours(company, order)
    other = builders.actor("technician")
    with pytest.raises(NotFound):
        hours(company, order, actor=other)
    commands.pause(work_order_id=order.pk, actor=company.tech, now=TEN)
    second = company.started(at=TEN)
    with pytest.raises(NotFound):
        commands.remove_hours(work_order_id=second.pk, line_id=line.pk, version=1, actor=company.tech, now=TEN)
    assert HoursLine.objects.filter(pk=line.pk).exists()
