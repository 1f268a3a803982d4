"""Mail is written with the change that causes it, sent after the commit, once, and tried again after a failure."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.actor import SYSTEM
from callout.audit.models import Entry
from callout.documents.commands import store_file
from callout.notices import commands, registry, rules
from callout.notices.errors import NotFailed
from callout.notices.models import OutgoingMail
from tests import builders

NOW = builders.MONDAY


@pytest.fixture(autouse=True)
def known_event():
    registry.register_event(
        "test.said",
        label="Something said",
        subject="About {{ thing.name }}",
        body="Hello {{ person.name }},\n\nsee https://example.com/ for <b>{{ thing.name }}</b>.",
        fields={"thing.name": "name of the thing", "person.name": "name of the reader"},
    )


def write(to=("anna@example.com",), **fields):
    fields = {
        "event": "test.said", "language": "en", "about": builders.branch(), "customer_id": None, "now": NOW,
        "facts": {"thing": {"name": "Boiler"}, "person": {"name": "Anna"}}, **fields,
    }  # fmt: skip
    return commands.send_mail(to=to, **fields)


def jobs(mail_id):
    return ProcrastinateJob.objects.filter(task_name="notices.send", args={"mail_id": mail_id}).order_by("id")


class Unreachable(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail server")


class Refusing(BaseEmailBackend):
    """A mail server that refuses for good."""

    def send_messages(self, messages):
        from smtplib import SMTPDataError

        raise SMTPDataError(554, b"spam")


@pytest.mark.django_db
def test_a_mail_is_written_with_audit_and_job_and_then_sent():
    written = write()
    assert Entry.objects.get(action="mail.queued").facts["mail"] == written.pk
    assert jobs(written.pk).count() == 1
    assert mail.outbox == []
    sent = commands.deliver(mail_id=written.pk, now=NOW)
    assert (sent.status, sent.sent_at, sent.attempts) == ("sent", NOW, 1)
    (message,) = mail.outbox
    assert message.subject == "About Boiler"
    assert message.extra_headers["Message-ID"] == written.message_id
    html = message.alternatives[0].content
    assert '<a href="https://example.com/"' in html and "&lt;b&gt;Boiler" in html


@pytest.mark.django_db
def test_a_second_job_for_a_sent_mail_sends_nothing():
    written = write()
    assert commands.deliver(mail_id=written.pk, now=NOW)
    assert commands.deliver(mail_id=written.pk, now=NOW) is None
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_mail_send_it_once():
    written = write()

    def deliver(_turn):
        try:
            return commands.deliver(mail_id=written.pk, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        done = [one for one in pool.map(deliver, range(4)) if one]
    assert len(done) == len(mail.outbox) == 1


@pytest.mark.django_db
def test_addresses_that_are_none_are_left_out_and_nobody_means_no_mail():
    written = write(to=["anna@example.com", "ANNA@example.com", "a@x)b@y", "x@example.com\nBcc: all@example.com", ""])
    assert written.recipients == ["anna@example.com"]
    assert write(to=["nobody"]) is None
    assert write(to=[]) is None
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db
def test_nothing_in_a_value_becomes_a_header():
    written = write(facts={"thing": {"name": "Boiler\r\nBcc: all@example.com\u2028X: y"}})
    assert written.subject == "About Boiler Bcc: all@example.com X: y"
    commands.deliver(mail_id=written.pk, now=NOW)
    headers = mail.outbox[0].message()
    assert headers["Bcc"] is None and headers["X"] is None


@pytest.mark.django_db
def test_while_the_server_is_down_the_mail_is_tried_again_later_and_at_last_fails(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    written = write()
    for attempt in range(len(rules.WAITS)):
        assert commands.deliver(mail_id=written.pk, now=NOW).status == "queued"
        assert jobs(written.pk).count() == attempt + 2
    waits = [job.scheduled_at for job in jobs(written.pk)][1:]
    assert waits == sorted(waits) and waits[-1] - waits[0] > timedelta(hours=11)
    failed = commands.deliver(mail_id=written.pk, now=NOW)
    assert (failed.status, failed.error) == ("failed", "no mail server")
    assert Entry.objects.filter(action="mail.failed", subject_id=written.pk).count() == 1


@pytest.mark.django_db
def test_what_the_server_refuses_for_good_is_not_tried_again_but_can_be_sent_again_by_hand(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    written = write()
    assert commands.deliver(mail_id=written.pk, now=NOW).status == "failed"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    admin = builders.actor("administrator")
    assert commands.send_again(mail_id=written.pk, actor=admin, now=NOW).status == "queued"
    assert commands.deliver(mail_id=written.pk, now=NOW).status == "sent"
    with pytest.raises(NotFailed):
        commands.send_again(mail_id=written.pk, actor=admin, now=NOW)


@pytest.mark.django_db
def test_files_go_with_the_mail(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    branch = builders.branch()
    file = store_file(
        subject=branch, data=b"%PDF-1.4\n%%EOF", name="report.pdf", purpose="report", actor=SYSTEM, now=NOW
    )
    written = write(about=branch, attachments=[file])
    commands.deliver(mail_id=written.pk, now=NOW)
    assert mail.outbox[0].attachments == [("report.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")]
