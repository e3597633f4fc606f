"""Every refusal as application/problem+json (RFC 9457), with a code that stays the same."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import DomainError

MEDIA_TYPE: Final = "application/problem+json"

# Everything a caller can be told, by code: the status, and what it means in words. The page
# /api/v1/docs/ lists it and a test holds the two tables of codes against each other.
CODES: Final[dict[str, tuple[int, str]]] = {
    "bad_request": (400, "The call could not be read."),
    "body_not_json": (400, "The body is not JSON in UTF-8."),
    "idempotency_key_missing": (400, "The header Idempotency-Key is missing."),
    "idempotency_key_not_valid": (
        400,
        "The header Idempotency-Key is not 1 to 80 printable ASCII characters without spaces.",
    ),
    "not_authenticated": (401, "The header Authorization is missing."),
    "token_not_accepted": (401, "The token is not known or has been revoked."),
    "scope_missing": (403, "The token was not issued for this."),
    "not_found": (404, "There is nothing at this address."),
    "no_such_enquiry": (404, "There is no such enquiry, or it is not yours."),
    "no_such_referral": (404, "There is no such referral, or it is not yours."),
    "method_not_allowed": (405, "This address does not take this method."),
    "referral_already_answered": (409, "The referral was answered in another way before."),
    "not_in_this_state": (409, "The enquiry is in a state in which this cannot happen."),
    "body_too_large": (413, "The body is larger than 128 KB."),
    "unsupported_media_type": (415, "The content type of the body is not application/json."),
    "invalid": (422, "Fields are missing or not as described; `errors` says which."),
    "idempotency_key_reused": (422, "The key was sent before with another body."),
    "nothing_asked": (422, "The description is empty."),
    "description_too_long": (422, "The description is longer than 4,000 characters."),
    "service_unknown": (422, "There is no service with this slug."),
    "answer_not_valid": (422, "The service asks no such question, or it is no answer to it."),
    "postcode_not_valid": (422, "This is not a full postcode."),
    "postcode_unknown": (422, "The postcode is not known in the county."),
    "postcode_outside": (422, "The postcode lies outside the county."),
    "point_not_valid": (422, "Latitude and longitude are no point in Great Britain."),
    "point_outside": (422, "The point lies outside the county."),
    "phone_not_valid": (422, "This is not a phone number."),
    "email_not_valid": (422, "This is not an e-mail address."),
    "words_missing": (422, "The words are empty or too long."),
    "question_missing": (422, "The question that is missing was not sent."),
    "suggested_unknown": (422, "Nobody else in the partnership has the slug that you suggest."),
    "server_error": (500, "Something went wrong here. Nothing was stored; send it again later."),
    "unavailable": (503, "The hub cannot answer just now. Send it again in a minute."),
}
# Where in the body a rule of the domain points.
FIELDS: Final = {
    "nothing_asked": "description",
    "description_too_long": "description",
    "service_unknown": "service",
    "postcode_not_valid": "place.postcode",
    "postcode_unknown": "place.postcode",
    "postcode_outside": "place.postcode",
    "point_not_valid": "place.latitude",
    "point_outside": "place.latitude",
    "phone_not_valid": "person.phone",
    "email_not_valid": "person.email",
    "words_missing": "words",
    "question_missing": "question",
    "suggested_unknown": "suggested",
}
INVALID: Final = "Some of what was sent cannot be used. `errors` says what, field by field"


class ScopeMissing(exceptions.PermissionDenied):
    default_code = "scope_missing"


class KeyMissing(exceptions.ParseError):
    default_detail = "Send the header Idempotency-Key, a fresh one for each enquiry"
    default_code = "idempotency_key_missing"


class KeyNotValid(exceptions.ParseError):
    default_detail = (
        "Idempotency-Key must be 1 to 80 printable ASCII characters without spaces, like a UUID"
    )
    default_code = "idempotency_key_not_valid"


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Anything unforeseen goes on to the 500 of the project."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound("There is nothing at this address")
    elif isinstance(exc, DjangoPermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, DomainError):
        response = _of_domain(exc)
    elif isinstance(exc, exceptions.ValidationError):
        response = _answer(422, "invalid", INVALID, errors=_flat(exc.detail))
    elif isinstance(exc, exceptions.APIException):
        response = _of_framework(exc)
    else:
        return None
    set_rollback()
    return response


def _of_domain(exc: DomainError) -> Response:
    status, _ = CODES.get(exc.code, (422, ""))
    field = exc.field or FIELDS.get(exc.code)
    errors = {field: [exc.message]} if field and status == 422 else None
    return _answer(status, exc.code, exc.message, errors=errors)


def _of_framework(exc: exceptions.APIException) -> Response:
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    if isinstance(exc, exceptions.NotAuthenticated):
        detail = "Send the header Authorization: Bearer, with your token"
    elif isinstance(exc, exceptions.UnsupportedMediaType):
        detail = "Send the body as application/json"
    else:
        detail = str(exc.detail)
    response = _answer(exc.status_code, code, detail)
    for attribute, header in (("auth_header", "WWW-Authenticate"), ("wait", "Retry-After")):
        value = getattr(exc, attribute, None)
        if value:
            response[header] = str(value)
    return response


def body(
    status: int, code: str, detail: str, *, errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """A refusal as the caller reads it."""
    found: dict[str, Any] = {
        "type": f"/api/v1/docs/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        found["errors"] = errors
    return found


def _answer(
    status: int, code: str, detail: str, *, errors: dict[str, list[str]] | None = None
) -> Response:
    return Response(
        body(status, code, detail, errors=errors), status=status, content_type=MEDIA_TYPE
    )


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as dotted paths; what concerns the whole body stands under `body`."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, inner in detail.items():
            whole = key == "non_field_errors"
            found |= _flat(inner, path if whole else f"{path}.{key}".lstrip("."))
        return found
    words = detail if isinstance(detail, list) else [detail]
    if any(isinstance(word, dict) for word in words):
        merged: dict[str, list[str]] = {}
        for index, word in enumerate(words):
            merged |= _flat(word, f"{path}.{index}".lstrip("."))
        return merged
    return {path or "body": [str(word) for word in words]}
