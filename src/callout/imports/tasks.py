"""Jobs of imports."""

from typing import Any

from procrastinate.contrib.django import app

from callout.imports import commands, work
from callout.imports.models import ImportRun
from callout.jobs.models import Run
from callout.jobs.work import carry_out
from callout.ui import clock


@app.task(name="imports.run")
def run(import_id: int, run_id: int) -> None:
    """Check or import a file, behind the last row that was dealt with."""

    def body(watched: Run) -> dict[str, Any]:
        found = ImportRun.objects.select_related("run").get(pk=import_id)
        if found.run_id != watched.pk:
            return {}  # a later run has taken over
        done = work.carry_on(found)
        return {name: getattr(done, name) for name in ("created", "updated", "unchanged", "refused", "skipped")}

    carry_out(run_id, body)


@app.periodic(cron="7 3 * * *")
@app.task(name="imports.clean_up", queueing_lock="imports.clean_up")
def clean_up(timestamp: int = 0) -> None:
    """Once a night: delete the files of what was imported long ago."""
    commands.delete_old_files(now=clock.now())
