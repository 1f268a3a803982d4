"""Jobs of tickets."""

from procrastinate.contrib.django import app

from callout.tickets import commands
from callout.ui import clock


@app.task(name="tickets.tell_people")
def tell_people(ticket_id: int, change: str, by: str, people: list[int]) -> None:
    """Write to the people who handle a ticket that it changed."""
    commands.mail_people(ticket_id=ticket_id, change=change, by=by, people=people, now=clock.now())
