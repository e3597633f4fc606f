"""What stands in the address of a list: its filters, and the way on without one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.forms import Form
from django.http import HttpRequest
from django.utils.http import urlencode


def query_of(request: HttpRequest) -> dict[str, str]:
    """What the address asks for; what it leaves empty is left out."""
    return {name: str(value) for name, value in request.GET.items() if value}


def in_force(
    form: Form, query: Mapping[str, str], names: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Each filter in force: its label, its value in words, and the first page without it."""
    for name in names:
        if not query.get(name) or name not in form.fields:
            continue
        field = form.fields[name]
        words = dict(getattr(field, "choices", ())).get(query[name], query[name])
        rest = {key: value for key, value in query.items() if key not in (name, "page")}
        yield str(field.label), words, f"?{urlencode(rest)}"


def page_of(request: HttpRequest) -> int:
    """The number of the page; 1 for anything odd."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def pages(page: int, next_page: int) -> dict[str, object]:
    """Where the pages before and after are; nothing counts how many there are."""
    return {"back": page - 1 or None, "onward": next_page or None, "words": f"Page {page}"}
