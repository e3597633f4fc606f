"""Answers htmx with the part of a page that it asks for, and everybody else with the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

# Where static/js/swaps.js puts what an act has to say; the layout has it on every page.
_SAID = "desk/parts/said.html"


def asked_for(request: HttpRequest) -> str:
    """The id of the element whose new content htmx asks for; "" where a whole page is wanted."""
    if request.headers.get("HX-Request") != "true":
        return ""
    return request.headers.get("HX-Target", "")


def drawn(
    request: HttpRequest,
    page: str,
    context: Mapping[str, Any],
    parts: Mapping[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    """The template `page`; or of `parts` (the id of an element: its template) the one asked for.

    A part is answered together with the messages of the request, which take the place of those on
    the page, and the focus, unless `focus_goes_on` is in the context. Both templates are given
    the same context.
    """
    part = parts.get(asked_for(request))
    if part is None:
        response = render(request, page, dict(context), status=status)
    else:
        response = render(request, part, dict(context), status=status)
        said = render_to_string(
            _SAID,
            {
                "messages": get_messages(request),
                "swap": True,
                "still": context.get("focus_goes_on", False),
            },
            request,
        )
        response.content = response.content + said.encode()
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response
