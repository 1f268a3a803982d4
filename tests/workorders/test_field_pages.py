"""The technician's pages on a phone: the day's stops, and one work order from start to report."""

import base64
from datetime import timedelta

import pytest

from callout.ui import clock
from callout.workorders import commands
from tests import builders
from tests.workorders.support import NINE, TEN, YESTERDAY, Company
from tests.workorders.test_reporting import picture
from tests.workorders.test_ticket_page import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def phone(company: Company):
    return signed_in(company.technician.user)


def test_the_stops_of_the_day_stand_in_order_with_address_and_phone() -> None:
    company = Company()
    company.customer.phone = "+39021234567"
    company.customer.save()
    second = company.planned(starts=TEN)
    first = company.planned()
    html = phone(company).get("/today/?day=2026-11-23").content.decode()
    assert html.index(f"/my-work/{first.pk}/") < html.index(f"/my-work/{second.pk}/")
    assert "09:00" in html and "geo:0,0?q=Via%20Roma%201" in html and 'href="tel:+39021234567"' in html
    assert f"/my-work/{first.pk}/" not in phone(company).get("/today/?day=2026-11-24").content.decode()


@pytest.mark.parametrize("day", ["", "yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_odd_days_show_today(day: str) -> None:
    assert phone(Company()).get("/today/", {"day": day}).status_code == 200


def test_work_from_start_to_report() -> None:
    company = Company()
    order = company.planned()
    client = phone(company)
    page = f"/my-work/{order.pk}/"

    def post(action: str, **values) -> None:
        order.refresh_from_db()
        answer = client.post(f"{page}{action}/", {"version": order.version, **values})
        assert answer.status_code == 302, answer.content.decode()

    assert "Start" in client.get(page).content.decode()
    post("start", at=f"{YESTERDAY}T09:00")
    assert "Pause" in client.get(page).content.decode()
    post("pause", at=f"{YESTERDAY}T09:20")
    post("resume", at=f"{YESTERDAY}T09:30")
    post("end", at=f"{YESTERDAY}T10:30")
    post("confirm")
    post("hours-take")
    post("expense-new", description="Parking", kind="expense", quantity="1", price="4,50")
    post("part-new", product=builders.product("Seal").pk, quantity="2")
    post("notes", notes="Seal replaced")
    drawn = "data:image/png;base64," + base64.b64encode(picture()).decode()
    post("sign", signer_name="Anna Bianchi", signature=drawn)
    html = client.get(page).content.decode()
    assert "1.33 h" in html and "Parking" in html and "Seal replaced" in html and "Anna Bianchi" in html
    post("report")
    order.refresh_from_db()
    assert order.status == "reported"
    assert (order.ticket.status, order.ticket.confirmed_real) == ("finalised", True)
    assert order.signature is not None


def test_pictures_come_from_the_camera() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    company = Company()
    order = company.started()
    client = phone(company)
    photo = SimpleUploadedFile("boiler.png", picture(), content_type="image/png")
    assert client.post(f"/my-work/{order.pk}/photo/", {"photo": photo}).status_code == 302
    html = client.get(f"/my-work/{order.pk}/").content.decode()
    assert "boiler.png" in html
    script = SimpleUploadedFile("boiler.png", b"<script>alert(1)</script>", content_type="image/png")
    assert client.post(f"/my-work/{order.pk}/photo/", {"photo": script}).status_code == 422


def test_a_report_without_hours_stays_on_the_page_and_says_why() -> None:
    company = Company()
    order = company.done()
    answer = phone(company).post(f"/my-work/{order.pk}/report/", {"version": order.version})
    assert answer.status_code == 422
    assert "no hours yet" in answer.content.decode()


def test_an_end_before_the_start_is_refused_beside_the_page() -> None:
    company = Company()
    order = company.planned()
    began = clock.now() - timedelta(hours=2)
    order = commands.start(work_order_id=order.pk, at=began, actor=company.tech, now=clock.now())
    local = (began - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = phone(company).post(f"/my-work/{order.pk}/end/", {"version": order.version, "at": local})
    assert answer.status_code == 422
    assert "cannot end at" in answer.content.decode()


@pytest.mark.parametrize("signature", ["x", "data:image/png;base64,%%%", "data:text/html;base64,PGI+", "A" * 500_000])
def test_signatures_that_did_not_arrive(signature: str) -> None:
    company = Company()
    order = company.started()
    answer = phone(company).post(f"/my-work/{order.pk}/sign/", {"signer_name": "Anna", "signature": signature})
    assert answer.status_code == 422
    order.refresh_from_db()
    assert order.signed_at is None


def test_a_stale_page_starts_nothing() -> None:
    company = Company()
    order = company.planned()
    answer = phone(company).post(f"/my-work/{order.pk}/start/", {"version": order.version - 1})
    assert answer.status_code == 409
    order.refresh_from_db()
    assert order.status == "planned"


def test_somebody_elses_work_answers_404() -> None:
    company = Company()
    order = company.planned()
    other = signed_in(builders.user("technician"))
    assert other.get(f"/my-work/{order.pk}/").status_code == 404
    assert other.post(f"/my-work/{order.pk}/start/", {}).status_code == 404
    office = signed_in(builders.user("dispatcher", "technician"))
    assert office.get(f"/my-work/{order.pk}/").status_code == 404
    assert phone(company).post(f"/my-work/{order.pk}/explode/", {}).status_code == 404
    order.refresh_from_db()
    assert order.status == "planned"


def test_the_desk_has_no_page_in_the_field() -> None:
    for role in ("operator", "dispatcher", "administrator"):
        assert signed_in(builders.user(role)).get("/today/").status_code == 403


def test_parts_are_found_while_typing() -> None:
    company = Company()
    builders.product("Guarnizione")
    html = phone(company).get("/parts/search/?q=guar").content.decode()
    assert "Guarnizione" in html
    assert "Guarnizione" not in phone(company).get("/parts/search/?q=zzz").content.decode()


def test_work_left_under_way_stays_in_sight() -> None:
    company = Company()
    order = company.started(at=NINE)
    html = phone(company).get("/today/?day=2026-11-24").content.decode()
    assert f"/my-work/{order.pk}/" in html
