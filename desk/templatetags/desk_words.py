"""Words of the desk."""

from collections.abc import Mapping

from django import template
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import Context

from accounts.middleware import viewer_of
from customers import contact
from desk import live, undone

register = template.Library()

_MEDIA = {"sms": "Text", "email": "Email", "letter": "Letter"}


@register.filter
def phone(number: str) -> str:
    """A number as people in this country write it; any other address as it is."""
    return number if "@" in number else contact.shown(number)


@register.filter
def medium(name: str) -> str:
    """By what something was said: "Text", "Email", "Letter"."""
    return _MEDIA.get(name, name)


@register.filter(name="of")
def of_(found: Mapping[str, object], name: str) -> object:
    """What stands under a name, or nothing."""
    return found.get(name) if found else None


@register.simple_tag
def undo_of(message: Message) -> undone.Way | None:
    """How to take back what a message tells of."""
    return undone.way_of(message)


@register.simple_tag(takes_context=True)
def live_here(context: Context) -> dict[str, object]:
    """What the page's script needs to hear of the topics in ``live_topics`` (desk.live.facts)."""
    request = context.get("request")
    who = viewer_of(request) if isinstance(request, HttpRequest) else None
    return live.facts(who, context.get("live_topics") or ())
