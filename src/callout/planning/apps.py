"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Settings of this app."""

    name = "callout.planning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell lower apps about planning."""
        from callout.planning import registration

        registration.register()
