"""Jobs of billing."""

from procrastinate.contrib.django import app

from callout.accounts.actor import SYSTEM
from callout.billing import commands
from callout.ui import clock


@app.task(name="billing.send_invoice")
def send_invoice(invoice_id: int) -> None:
    """Mail a confirmed invoice to the customer, as PDF."""
    commands.mail_invoice(invoice_id=invoice_id, actor=SYSTEM, now=clock.now())
