"""Jobs of work orders."""

from procrastinate.contrib.django import app

from callout.ui import clock
from callout.workorders import commands


@app.task(name="workorders.send_report")
def send_report(work_order_id: int) -> None:
    """Draw the service report of a reported work order, keep it, and send it to the customer."""
    commands.send_report(work_order_id=work_order_id, now=clock.now())


@app.task(name="workorders.tell_planners")
def tell_planners(work_order_id: int) -> None:
    """Write to the people who plan work of this type that there is some."""
    commands.tell_planners(work_order_id=work_order_id, now=clock.now())
