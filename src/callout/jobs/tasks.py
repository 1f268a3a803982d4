"""Jobs about jobs."""

from procrastinate.contrib.django import app

from callout.jobs import commands
from callout.ui import clock


@app.periodic(cron="* * * * *")
@app.task(name="jobs.tick", queueing_lock="jobs.tick")
def tick(timestamp: int = 0) -> None:
    """Once a minute: take up the jobs of workers that were killed."""
    commands.take_up_stalled(now=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(name="jobs.clean_up", queueing_lock="jobs.clean_up")
def clean_up(timestamp: int = 0) -> None:
    """Once an hour: forget jobs that ended long ago."""
    commands.delete_old_jobs()
