"""Words of what stands beside a contact or a case."""

import uuid

from django import template

register = template.Library()


@register.filter
def arose_in(place: str) -> dict[str, str]:
    """A contact or a case, with its address for who opens the desk; `kind` says no more than what
    it was, for all others."""
    kind, _, name = place.partition(":")
    if kind == "case":
        return {"kind": "a case", "words": f"case {name}", "href": f"/desk/cases/{name}/"}
    if kind == "contact":
        return {"kind": "a contact", "words": "a contact", "href": f"/desk/contact/{name}/"}
    return {"kind": "the desk", "words": "the desk", "href": ""}


@register.simple_tag
def fresh_key() -> str:
    """A key for a form that is no form of Django's: pressing twice is pressing once."""
    return str(uuid.uuid4())
