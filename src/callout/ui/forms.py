"""How forms are drawn."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Form widgets and fields are drawn by the project's own templates."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
