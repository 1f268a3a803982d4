"""Jobs of dispatch."""

from procrastinate.contrib.django import app

from callout.dispatch import work
from callout.jobs.work import carry_out


@app.task(name="dispatch.run")
def run(run_id: int) -> None:
    """Work out a proposal."""
    carry_out(run_id, work.carry_out_body)
