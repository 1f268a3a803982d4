"""Jobs of outgoing mail."""

from procrastinate.contrib.django import app

from callout.notices import commands
from callout.ui import clock


@app.task(name="notices.send")
def send(mail_id: int) -> None:
    """Hand a mail over to the mail server."""
    commands.deliver(mail_id=mail_id, now=clock.now())
