"""The description of the API: made from the code, checked in as schema.json, served from there."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse

from api.errors import CODES, MEDIA_TYPE
from api.v1.answers import ProblemOut

FILE: Final = Path(__file__).with_name("schema.json")
_EVERYWHERE: Final = ("not_authenticated", "token_not_accepted")
_WITH_BODY: Final = ("body_not_json", "body_too_large", "unsupported_media_type", "invalid")


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # spectacular registers by subclassing and has no types
    """How the token is described."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The bearer scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of your organisation, issued by the hub's administrator.",
        }


def answers(
    *codes: str, status: int = 200, shape: Any, words: str, body: bool = False, scope: bool = True
) -> dict[Any, Any]:
    """The answers of one operation: its own, and every problem that these codes stand for."""
    all_codes = [*_EVERYWHERE, *(_WITH_BODY if body else ()), *codes]
    if scope:
        all_codes.append("scope_missing")
    found: dict[Any, Any] = {status: OpenApiResponse(shape, description=words)}
    by_status: dict[int, list[str]] = {}
    for code in all_codes:
        by_status.setdefault(CODES[code][0], []).append(code)
    for number, names in sorted(by_status.items()):
        found[number, MEDIA_TYPE] = OpenApiResponse(
            ProblemOut, description="\n".join(f"* `{name}`: {CODES[name][1]}" for name in names)
        )
    return found


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Spectacular's last step: names for readers, and what its serializers cannot say."""
    text = re.sub(
        r'"((?:#/components/schemas/)?[A-Z]\w+?)In(Request")', r'"\1\2', json.dumps(result)
    )
    named: dict[str, Any] = json.loads(
        re.sub(r'"((?:#/components/schemas/)?[A-Z][A-Za-z]+?)Out"', r'"\1"', text)
    )
    for name, part in named["components"]["schemas"].items():
        if name.endswith("Request"):
            part["additionalProperties"] = False
    named["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] = sorted(CODES)
    return named


@cache
def document() -> tuple[bytes, dict[str, Any]]:
    """The checked-in description: as it is served, and read."""
    raw = FILE.read_bytes()
    return raw, json.loads(raw)


def _etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(document()[0]).hexdigest()[:16]}"'


@require_safe
@condition(etag_func=_etag)
def serve(request: HttpRequest) -> HttpResponse:
    """OpenAPI as JSON, for anybody."""
    response = HttpResponse(document()[0], content_type="application/json")
    response["Cache-Control"] = "public, max-age=300"
    return response
