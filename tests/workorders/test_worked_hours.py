"""The worked-hours sheet: the month, the day, and who may see and correct whose hours."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from callout.audit.models import Entry
from callout.core.errors import Forbidden
from callout.documents.errors import PeriodLocked
from callout.documents.models import Period
from callout.workorders import commands
from callout.workorders.errors import LinesClosed, NoReason
from callout.workorders.models import HoursLine
from callout.workorders.queries.worked_hours import hours_sheet
from tests import builders
from tests.board.support import browser
from tests.workorders import support
from tests.workorders.support import Company

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 9)  # in the past: pages know no other time than the real one
FORTNIGHT = timedelta(days=14)
NINE, TEN, FOUR = (moment - FORTNIGHT for moment in (support.NINE, support.TEN, support.FOUR))
NOVEMBER = DAY.replace(day=1)


def text(answer) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def tech(company) -> Client:
    return browser(company.technician.user)


@pytest.fixture
def admin() -> Client:
    return browser(builders.user("administrator"))


def written(company, worked: str = "2", **values) -> HoursLine:
    """Hours of a visit that is done."""
    order = company.done(**({"at": NINE, "until": TEN} | values))
    return commands.add_hours(work_order_id=order.pk, day=DAY, worked=Decimal(worked), actor=company.tech, now=FOUR)


def address(company, day: str = "2026-11-09") -> str:
    return f"/worked-hours/{company.technician.pk}/{day}/"


def test_the_month_adds_up_by_day_and_by_work_order(company, tech) -> None:
    first, second = written(company), written(company, "1.5", at=TEN.replace(hour=10), until=TEN.replace(hour=11))
    page = tech.get("/worked-hours/?month=2026-11")
    sheet = page.context["sheet"]
    assert [row.label for row in sheet.rows] == sorted([first.work_order.code, second.work_order.code])
    assert [(day.date, day.worked) for day in sheet.days if day.worked] == [(DAY, Decimal("3.5"))]
    assert sheet.total == Decimal("3.5")
    assert [day.free for day in sheet.days[6:9]] == [True, True, False]
    assert "No hours in this month." in text(tech.get("/worked-hours/?month=2026-12"))


@pytest.mark.parametrize("month", ["nonsense", "2026-13", "0001-01", "99999-01", ""])
def test_a_month_that_is_none_is_the_present_one(tech, month: str) -> None:
    assert tech.get("/worked-hours/", {"month": month}).context["sheet"].days[0].date.day == 1


def test_hours_are_added_changed_and_deleted_on_their_day(company, tech) -> None:
    order = company.done(at=NINE, until=TEN)
    page = address(company)
    assert order.code in text(tech.get(page))
    assert tech.post(page, {"do": "add", "order": order.pk, "worked": "2.25"}).status_code == 302
    line = HoursLine.objects.get()
    assert (line.day, line.worked, line.resource) == (DAY, Decimal("2.25"), company.technician)
    data = {"do": "change", "line": line.pk, "version": line.version, "worked": "3", "to_bill": "1"}
    assert tech.post(page, data).status_code == 302
    assert tech.post(page, data).status_code == 409
    line.refresh_from_db()
    assert (line.worked, line.to_bill) == (Decimal(3), Decimal(1))
    assert tech.post(page, {"do": "remove", "line": line.pk, "version": line.version}).status_code == 302
    assert not HoursLine.objects.exists()


@pytest.mark.parametrize("worked", ["25", "-1", "0", "1.234", "NaN", "x", ""])
def test_hours_that_cannot_be_are_refused_beside_their_field(company, tech, worked: str) -> None:
    order = company.done(at=NINE, until=TEN)
    answer = tech.post(address(company), {"do": "add", "order": order.pk, "worked": worked})
    assert answer.status_code == 422
    assert answer.context["new"].errors["worked"]
    assert not HoursLine.objects.exists()


def test_a_day_that_is_none_is_not_there(company, tech) -> None:
    for day in ("2026-02-30", "nonsense", "9999-01-01"):
        assert tech.get(address(company, day)).status_code == 404


def test_one_sees_ones_own_hours_only(company, tech) -> None:
    line = written(company)
    other = builders.technician("Bianchi", works=company.branch)
    stranger = browser(other.user)
    assert stranger.get(address(company)).status_code == 404
    assert stranger.get("/worked-hours/", {"person": company.technician.pk}).status_code == 404
    page = f"/worked-hours/{other.pk}/2026-11-09/"
    assert stranger.post(page, {"do": "remove", "line": line.pk}).status_code == 404
    assert browser(builders.user("dispatcher")).get("/worked-hours/").status_code == 403
    assert hours_sheet(company.tech, month=NOVEMBER, resource=None).total == 2
    assert browser(builders.user("technician")).get("/worked-hours/").status_code == 200


def test_administrators_see_everybody_and_correct_with_a_reason(company, admin) -> None:
    line = written(company)
    sheet = admin.get("/worked-hours/?month=2026-11&person=all").context["sheet"]
    assert [(row.label, row.total) for row in sheet.rows] == [("Ada Bruni", Decimal(2))]
    page = address(company)
    data = {"do": "change", "line": line.pk, "version": line.version, "worked": "3"}
    refused = admin.post(page, data)
    assert refused.status_code == 422
    assert "reason" in refused.context["rows"][0][1].errors
    assert admin.post(page, data | {"reason": "Clock ran on"}).status_code == 302
    entry = Entry.objects.filter(subject_kind="workorder", action="workorder.hours").latest("id")
    assert entry.facts["reason"] == "Clock ran on"
    assert entry.facts["before"]["worked"] == "2.00"
    line.refresh_from_db()
    assert admin.post(page, {"do": "remove", "line": line.pk, "reason": "Twice"}).status_code == 302
    assert Entry.objects.filter(action="workorder.line_removed").latest("id").facts["reason"] == "Twice"


def test_after_the_report_only_administrators_correct(company, admin) -> None:
    order = company.reported(at=NINE, until=TEN)
    line = order.hours.first()
    change = {"work_order_id": order.pk, "line_id": line.pk, "day": DAY, "worked": Decimal(2), "to_bill": Decimal(2),
              "version": None, "now": FOUR}  # fmt: skip
    with pytest.raises(LinesClosed):
        commands.change_hours(**change, actor=company.tech)
    with pytest.raises(Forbidden):
        commands.change_hours(**change, actor=company.tech, reason="I say so")
    boss = builders.actor("administrator")
    with pytest.raises(NoReason):
        commands.change_hours(**change, actor=boss, reason="  ")
    assert commands.change_hours(**change, actor=boss, reason="Forgot the way").worked == 2
    assert order.code in text(admin.get(address(company)))


def test_a_locked_period_takes_no_hours_and_keeps_those_it_has(company, tech) -> None:
    line = written(company)
    Period.objects.update(ends="2026-11-09")
    Period.objects.create(branch=company.branch, starts="2026-11-10", ends="2027-12-31")
    Period.objects.filter(ends="2026-11-09").update(locked=True)
    common = {"work_order_id": line.work_order_id, "line_id": line.pk, "version": None, "actor": company.tech}
    tomorrow = NINE.replace(day=10)
    with pytest.raises(PeriodLocked):
        commands.change_hours(**common, day=date(2026, 11, 10), worked=Decimal(1), to_bill=Decimal(1), now=tomorrow)
    with pytest.raises(PeriodLocked):
        commands.remove_hours(**common, now=tomorrow)
    answer = tech.post(address(company), {"do": "add", "order": line.work_order_id, "worked": "1"})
    assert answer.status_code == 422
    assert "locked" in text(answer)
    assert HoursLine.objects.count() == 1


def test_the_month_is_exported_as_it_is(company, tech, admin) -> None:
    line = written(company)
    csv = b"".join(tech.get("/worked-hours/?month=2026-11&export=csv").streaming_content).decode("utf-8-sig")
    assert line.work_order.code in csv
    assert "Ada Bruni" in csv
    xlsx = admin.get("/worked-hours/?month=2026-11&person=all&export=xlsx")
    assert b"".join(xlsx.streaming_content).startswith(b"PK")


def test_a_month_of_many_people_costs_the_same(company, admin, django_assert_max_num_queries) -> None:
    line = written(company)
    for number in range(8):
        other = builders.technician(f"T{number}", works=company.branch)
        HoursLine.objects.create(
            work_order=line.work_order, resource=other, day=DAY, worked=1, to_bill=1, description="x", unit="h",
            price=0, vat_rate=line.vat_rate,
        )  # fmt: skip
    admin.get("/worked-hours/")
    with django_assert_max_num_queries(8):
        admin.get("/worked-hours/?month=2026-11&person=all")
