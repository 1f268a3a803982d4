"""Registration of the app with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Settings of this app."""

    name = "callout.documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what lower apps leave to this one."""
        from callout.documents.pdf import render_pdf
        from callout.ui.exports import register_renderer

        register_renderer("pdf", render_pdf)
