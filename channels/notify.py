"""GOV.UK Notify's side of our webhooks: is it really Notify, and what does it say."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase

import notifications.queries

log = structlog.get_logger(__name__)

# The view gets the request's JSON and the carrier whose token it showed.
View = Callable[[HttpRequest, dict[str, Any], str], HttpResponseBase]


def told(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lets a request reach the view, with its JSON, only when it shows a token of ours."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        carrier = shown_by(request)
        if not carrier:
            log.warning("notify.token_refused", path=request.path)
            return HttpResponse("The token is not right.", status=403, content_type="text/plain")
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return HttpResponse("This is not JSON.", status=400, content_type="text/plain")
        return view(request, said, carrier)

    return guarded


def shown_by(request: HttpRequest) -> str:
    """The carrier whose token, which we chose, the request shows; "" for none."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    carrier = notifications.queries.carrier_showing("notify", given.strip())
    return carrier if scheme.lower() == "bearer" else ""


def text(said: dict[str, Any], name: str, *, most: int) -> str:
    """A field as words that can be kept; "" for what is missing or no words at all."""
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()[:most].strip()
