"""How forms draw themselves: one template for a field, one for a form, on every face."""

from django.forms.renderers import TemplatesSetting


class HubFormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` give GOV.UK markup."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
