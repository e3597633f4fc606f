"""GOV.UK Notify's side of our webhooks: is it really Notify, and what does it say."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase

import notifications.queries

log = structlog.get_logger(__name__)

View = Callable[[HttpRequest, dict[str, Any]], HttpResponseBase]


def told(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lets a request reach the view, with its JSON, only when it shows a token of ours."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not is_notify(request):
            log.warning("notify.token_refused", path=request.path)
            return HttpResponse("The token is not right.", status=403, content_type="text/plain")
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return HttpResponse("This is not JSON.", status=400, content_type="text/plain")
        return view(request, said)

    return guarded


def is_notify(request: HttpRequest) -> bool:
    """Whether the request shows one of the tokens that we chose. All are compared, always."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    tokens = notifications.queries.callback_tokens("notify")
    right = [hmac.compare_digest(token.encode(), given.strip().encode()) for token in tokens]
    return scheme.lower() == "bearer" and any(right)


def text(said: dict[str, Any], name: str, *, most: int) -> str:
    """A field as words that can be kept; "" for what is missing or no words at all."""
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()[:most].strip()
