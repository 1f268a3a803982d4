"""Jobs of planning."""

from procrastinate.contrib.django import app

from callout.jobs.work import carry_out
from callout.planning import commands, presence_work
from callout.planning.commands import free
from callout.ui import clock


@app.periodic(cron="* * * * *")
@app.task(name="planning.remind", queueing_lock="planning.remind")
def remind(timestamp: int = 0) -> None:
    """Once a minute: let the reminders come whose time it is."""
    while commands.remind(now=clock.now()):
        pass


@app.task(name="planning.tell_owners")
def tell_owners(task_ids: list[int]) -> None:
    """Write to whom new tasks belong."""
    commands.tell_owners(task_ids=task_ids, reminder=False, now=clock.now())


@app.task(name="planning.send_reminders")
def send_reminders(task_ids: list[int]) -> None:
    """Write to whom reminders belong that have come."""
    commands.tell_owners(task_ids=task_ids, reminder=True, now=clock.now())


@app.task(name="planning.presences")
def presences(run_id: int) -> None:
    """Show what generating presences would do, or do it."""
    carry_out(run_id, presence_work.carry_out_body)


@app.periodic(cron="20 0 * * *")
@app.task(name="planning.free_time", queueing_lock="planning.free_time")
def free_time(timestamp: int = 0) -> None:
    """Once a night: keep everybody's free time a day further ahead."""
    free.rebuild_all(now=clock.now())
