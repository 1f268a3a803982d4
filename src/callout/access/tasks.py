"""Jobs of access."""

from procrastinate.contrib.django import app

from callout.access import commands
from callout.ui import clock


@app.periodic(cron="37 * * * *")
@app.task(name="access.clean_up", queueing_lock="access.clean_up")
def clean_up(timestamp: int = 0) -> None:
    """Once an hour: forget what has expired."""
    commands.clean_up(now=clock.now())
