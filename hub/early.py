"""Calls that are answered before the long chain of what pages need.

A heartbeat of a kiosk has no session of a person, no language, no form and no message to show; it
comes twice a minute from each of hundreds of devices. What pages need costs more than what it asks
(ADR 33), so it is answered here: counted as all requests are (hub.health.measure stands before),
with the headers of hub.security and Django's own, and with a policy that lets a browser do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.urls.resolvers import ResolverMatch

from hub.security import GetResponse

CALLS: Final = frozenset({"/kiosk/pulse/"})
_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_known: dict[str, ResolverMatch] = {}


def answered(get_response: GetResponse) -> Callable[[HttpRequest], object]:
    """A middleware: answers these calls at once, and hands all others on."""

    def respond(request: HttpRequest) -> object:
        path = request.path_info
        if path not in CALLS:
            return get_response(request)
        match = _known.get(path) or _known.setdefault(path, resolve(path))
        request.resolver_match = match
        response: HttpResponse = match.func(request)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Frame-Options"] = "DENY"
        return response

    return respond
