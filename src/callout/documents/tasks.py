"""Jobs of documents."""

from procrastinate.contrib.django import app

from callout.documents import commands
from callout.ui import clock


@app.periodic(cron="47 2 * * *")
@app.task(name="documents.clean_up", queueing_lock="documents.clean_up")
def clean_up(timestamp: int = 0) -> None:
    """Once a night: delete files that rolled back transactions left behind."""
    commands.forget_orphans(now=clock.now())
