from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """Fields look the same everywhere: label, control, hint and errors from our own template."""

    field_template_name = "forms/field.html"
