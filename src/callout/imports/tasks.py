"""Jobs of imports."""

from typing import Any

from procrastinate.contrib.django import app

from callout.imports import work
from callout.imports.models import ImportRun
from callout.jobs.models import Run
from callout.jobs.work import carry_out


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
