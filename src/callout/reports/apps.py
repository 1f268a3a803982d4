"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Reading over everything."""

    name = "callout.reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show open tickets and the timeline on the customer's page."""
        from django.utils.translation import gettext_lazy as _

        from callout.customers import slots

        slots.register("tickets", "customer_tickets", _("Open tickets"), right="ticket.read", order=5)
        slots.register("timeline", "customer_timeline", _("Timeline"), right="customer.read", order=10)
