"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Settings of this app."""

    name = "callout.access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell lower apps what there is."""
        from callout.access import registration

        registration.register()
