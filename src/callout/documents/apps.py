"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Settings of this app."""

    name = "callout.documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell lower apps what there is."""
        from callout.documents import registration

        registration.register()
