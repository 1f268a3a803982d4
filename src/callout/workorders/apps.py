"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Settings of this app."""

    name = "callout.workorders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell lower apps about work orders."""
        from callout.workorders import registration

        registration.register()
