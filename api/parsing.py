"""Reads bodies: JSON in UTF-8, of a size that an enquiry can have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

MAX_BYTES = 128 * 1024


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"The body must be {MAX_BYTES // 1024} KB or less"
    default_code = "body_too_large"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


class JsonParser(BaseParser):
    """Strict JSON; says where it stops being JSON."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body as values. Raises ParseError or BodyTooLarge."""
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise BodyTooLarge
        try:
            return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is not JSON: {error}", code="body_not_json") from error


class AlwaysJson(BaseContentNegotiation):
    """There is one form of answer, so nothing is negotiated."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser | None:
        """The parser for the body's content type; None is a 415."""
        found: BaseParser
        for found in parsers:
            sent = (request.content_type or "").partition(";")[0].strip().lower()
            if sent == found.media_type:
                return found
        return None

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """JSON, whatever was asked for."""
        return renderers[0], renderers[0].media_type
