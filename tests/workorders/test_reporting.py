"""The report: what it needs, what it sets in motion, what the customer receives."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from PIL import Image

from callout.documents.errors import NotAnImage
from callout.documents.queries import attachments_of
from callout.notices.models import OutgoingMail
from callout.tickets.errors import BadText
from callout.workorders import commands, errors, queries, service_report
from callout.workorders.commands import Upload
from tests import builders
from tests.workorders.support import NINE, TEN, Company, actions, jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "navy").save(out, kind)
    return out.getvalue()


def test_a_report_without_hours_is_refused() -> None:
    company = Company()
    order = company.done()
    with pytest.raises(errors.ReportWithoutHours) as refused:
        commands.report(work_order_id=order.pk, actor=company.tech, now=TEN)
    assert refused.value.facts["code"] == order.code
    order.refresh_from_db()
    assert (order.status, order.reported_at) == ("done", None)
    assert jobs("workorders.send_report") == []


def test_reporting_finalises_the_ticket_and_sends_the_report() -> None:
    company = Company()
    order = company.reported()
    ticket = order.ticket
    assert (order.status, order.reported_at) == ("reported", TEN)
    assert (ticket.status, ticket.finalised_at, ticket.assignee_id) == ("finalised", TEN, company.technician.user_id)
    assert actions(order)[-1] == "workorder.reported"
    assert jobs("workorders.send_report") == [{"work_order_id": order.pk}]


def test_work_that_goes_on_is_not_reported() -> None:
    company = Company()
    order = company.started()
    with pytest.raises(errors.StepRefused):
        commands.report(work_order_id=order.pk, actor=company.tech, now=TEN)


def test_the_customer_gets_the_report_as_a_pdf_once() -> None:
    company = Company()
    order = company.reported()
    kept = commands.send_report(work_order_id=order.pk, now=TEN)
    assert commands.send_report(work_order_id=order.pk, now=TEN + timedelta(minutes=1)) is None
    assert (kept.media_type, kept.name, kept.purpose) == ("application/pdf", f"{order.code}.pdf", "report")
    mail = OutgoingMail.objects.get(event="workorder.reported")
    assert (mail.attachment_ids, mail.recipients) == ([kept.pk], ["info@rossi.example"])
    assert order.code in mail.subject


def test_the_mail_waits_for_nobody_when_customers_get_no_mail(settings) -> None:
    settings.MAIL_CUSTOMERS = False
    company = Company()
    order = company.reported()
    assert commands.send_report(work_order_id=order.pk, now=TEN) is not None
    assert not OutgoingMail.objects.filter(event__startswith="workorder").exists()


def test_a_work_order_that_is_not_reported_sends_no_report() -> None:
    company = Company()
    assert commands.send_report(work_order_id=company.done().pk, now=TEN) is None


def test_the_report_tells_what_was_done() -> None:
    company = Company()
    asset = builders.asset(company.site, serial="SN-9")
    order = company.done(asset_ids=[asset.pk])
    commands.write_notes(work_order_id=order.pk, notes="Seal replaced", actor=company.tech, now=TEN)
    commands.add_part(
        work_order_id=order.pk, product_id=builders.product("Seal").pk, quantity=Decimal(2), actor=company.tech, now=TEN
    )
    commands.add_photo(work_order_id=order.pk, upload=Upload("a.png", picture()), actor=company.tech, now=TEN)
    commands.sign(work_order_id=order.pk, signer_name="Anna Bianchi", signature=picture(), actor=company.tech, now=TEN)
    commands.take_proposed_hours(work_order_id=order.pk, actor=company.tech, now=TEN)
    shown = service_report.content(queries.one(order.pk, actor=company.tech))
    assert [line.description for line in shown["parts"]] == ["Seal"]
    assert shown["total"] == 1
    assert shown["signature"].startswith("data:image/") and len(shown["photos"]) == 1
    assert [item.serial for item in shown["objects"]] == ["SN-9"]
    assert service_report.draw(queries.one(order.pk, actor=company.tech)).startswith(b"%PDF-")


def test_the_signature_is_kept_and_signing_again_replaces_it() -> None:
    company = Company()
    order = company.done()
    sign = {"work_order_id": order.pk, "actor": company.tech, "now": TEN}
    drawn = commands.sign(**sign, signer_name="Anna Bianchi", signature=picture())
    assert (drawn.signer_name, drawn.signed_at, drawn.signature.purpose) == ("Anna Bianchi", TEN, "signature")
    typed = commands.sign(**sign, signer_name="Bruno Bianchi", signature=None)
    assert (typed.signer_name, typed.signature) == ("Bruno Bianchi", None)
    assert actions(order).count("workorder.signed") == 2


@pytest.mark.parametrize(
    ("name", "drawing", "refusal"),
    [
        (" ", None, errors.SignerMissing),
        ("a\0b", None, BadText),
        ("Anna", b"GIF89a", errors.SignatureUnreadable),
        ("Anna", b"", errors.SignatureUnreadable),
    ],
)
def test_signatures_that_are_none(name: str, drawing: bytes | None, refusal: type[Exception]) -> None:
    company = Company()
    order = company.done()
    with pytest.raises(refusal):
        commands.sign(work_order_id=order.pk, signer_name=name, signature=drawing, actor=company.tech, now=TEN)
    order.refresh_from_db()
    assert order.signed_at is None


def test_only_pictures_are_kept_as_photographs() -> None:
    company = Company()
    order = company.started()
    photo = {"work_order_id": order.pk, "actor": company.tech, "now": NINE}
    commands.add_photo(**photo, upload=Upload("boiler.jpg", picture("JPEG")))
    with pytest.raises(NotAnImage):
        commands.add_photo(**photo, upload=Upload("boiler.jpg", b"<svg onload=alert(1)>"))
    assert [one.name for one in queries.photographs(order)] == ["boiler.jpg"]
    assert attachments_of(order).count() == 1
