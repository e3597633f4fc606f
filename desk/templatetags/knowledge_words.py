"""Words of what stands beside a contact or a case."""

from django import template

register = template.Library()


@register.filter
def arose_in(place: str) -> dict[str, str]:
    """A contact or a case, as an editor reads it, with its address."""
    kind, _, name = place.partition(":")
    if kind == "case":
        return {"words": f"case {name}", "href": f"/desk/cases/{name}/"}
    if kind == "contact":
        return {"words": "a contact", "href": f"/desk/contact/{name}/"}
    return {"words": "the desk", "href": ""}
