"""Words of the desk."""

from django import template

from customers import contact

register = template.Library()


@register.filter
def phone(number: str) -> str:
    """A number as people in this country write it."""
    return contact.shown(number)
