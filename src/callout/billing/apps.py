"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Verification and billing."""

    name = "callout.billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the invoice mail, and say who may read an invoice's history and files."""
        from callout.billing import registration

        registration.register()
