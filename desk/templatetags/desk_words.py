"""Words of the desk."""

from collections.abc import Mapping

from django import template

from customers import contact

register = template.Library()

_MEDIA = {"sms": "Text", "email": "Email", "letter": "Letter"}


@register.filter
def phone(number: str) -> str:
    """A number as people in this country write it."""
    return contact.shown(number)


@register.filter
def medium(name: str) -> str:
    """By what something was said: "Text", "Email", "Letter"."""
    return _MEDIA.get(name, name)


@register.filter(name="of")
def of_(found: Mapping[str, object], name: str) -> object:
    """What stands under a name, or nothing."""
    return found.get(name) if found else None
