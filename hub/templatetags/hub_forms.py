"""Draws the control of a bound field in GOV.UK's classes; the rest is components/field.html."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.widgets import Input
from django.utils.safestring import SafeString

register = template.Library()

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Select, "govuk-select"),
    (Input, "govuk-input"),
)
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),  # to Django it is a kind of RadioSelect
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
)


@register.filter
def kind(field: BoundField) -> str:
    """Which shape a field has: radios, checkboxes, checkbox or one control."""
    for widget, name in _KINDS:
        if isinstance(field.field.widget, widget):
            return name
    return "control"


@register.filter
def limit(field: BoundField) -> str:
    """The number of characters a field counts down from, or nothing."""
    return str(field.field.widget.attrs.get("data-maxlength", ""))


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input, select or text area itself, described by its hint, its error and its count."""
    widget = field.field.widget
    base = next((css for cls, css in _CLASSES if isinstance(widget, cls)), "")
    classes = [base, str(widget.attrs.get("class", ""))]
    described = [field.aria_describedby or ""]
    if field.errors and base:
        classes.append(f"{base}--error")
    if limit(field):
        classes.append("govuk-js-character-count")
        described.append(f"{field.auto_id}-info")
    attrs: dict[str, Any] = {"class": " ".join(c for c in classes if c)}
    if any(described):
        attrs["aria-describedby"] = " ".join(d for d in described if d)
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", widget.attrs.get("data-rows", "6"))
    return field.as_widget(attrs=attrs)


@register.filter
def label_line(label: object) -> str:
    """The first line of a choice's label: what is chosen."""
    return str(label).partition("\n")[0]


@register.filter
def hint_line(label: object) -> str:
    """What follows the first line of a choice's label: its hint."""
    return str(label).partition("\n")[2]
