"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Settings of this app."""

    name = "callout.live"
    default_auto_field = "django.db.models.BigAutoField"
