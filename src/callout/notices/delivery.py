"""A mail as it goes to the mail server."""

from collections.abc import Sequence

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from callout.documents.models import Attachment
from callout.notices.models import OutgoingMail

TIMEOUT = 30  # seconds for the mail server to answer


def hand_over(mail: OutgoingMail, files: Sequence[Attachment]) -> None:
    """Give the mail to the configured server: text, the same as simple HTML, and the files.

    Raises SMTPException or OSError, also when a file is gone.
    """
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=mail.recipients,
        connection=get_connection(timeout=TIMEOUT),
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("notices/mail.html", {"mail": mail}), "text/html")
    for file in files:
        with default_storage.open(file.path) as handle:
            message.attach(file.name, handle.read(), file.media_type)
    message.send()
