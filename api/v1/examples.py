"""What calls and answers look like: shown in the description, and held true by a test."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_OWNER: Final = {"slug": "wychavon", "name": "Wychavon District Council"}
_SERVICE: Final = {"slug": "missed-bin", "name": "Missed bin"}
_REFERENCE: Final = "WH7-K3MP-4X"

ENQUIRY: Final[dict[str, Any]] = {
    "service": "missed-bin",
    "description": "The black bin was not emptied on Monday. It stands at the kerb.",
    "place": {"postcode": "WR11 3DA", "address": "14 High Street, Evesham"},
    "person": {"name": "Jo Bloggs", "email": "jo@example.com"},
    "tell_by": "email",
}
CREATE: Final = [
    OpenApiExample("a missed bin", value=ENQUIRY, request_only=True),
    OpenApiExample(
        "taken",
        response_only=True,
        status_codes=["201"],
        value={
            "reference": _REFERENCE,
            "status": "new",
            "owner": _OWNER,
            "promised_on": "2026-11-19",
            "received_at": "2026-11-17T10:00:00Z",
            "track_url": f"https://hub.example/track/{_REFERENCE}/mXk0Zb3k7l5rYt2nQ8v1Aw/",
        },
    ),
    OpenApiExample(
        "a postcode elsewhere",
        response_only=True,
        status_codes=["422"],
        media_type="application/problem+json",
        value={
            "type": "/api/v1/docs/#postcode_outside",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "SW1A 1AA is outside Worcestershire. Check the postcode, or ask the council "
            "for that area",
            "code": "postcode_outside",
            "errors": {"place.postcode": ["SW1A 1AA is outside Worcestershire."]},
        },
    ),
]
READ: Final = [
    OpenApiExample(
        "in progress",
        response_only=True,
        status_codes=["200"],
        value={
            "reference": _REFERENCE,
            "status": "in_progress",
            "status_words": "In progress",
            "service": _SERVICE,
            "owner": _OWNER,
            "received_at": "2026-11-17T10:00:00Z",
            "promised_on": "2026-11-19",
            "is_late": False,
            "outcome": "",
            "words": "",
            "question": "",
            "steps": [
                {"at": "2026-11-17T10:00:00Z", "words": "We received your enquiry"},
                {"at": "2026-11-17T11:20:00Z", "words": "Wychavon District Council accepted it"},
            ],
        },
    )
]
_REFERRAL: Final[dict[str, Any]] = {
    "id": "0d9c8f1e-8f0d-4d0b-9a42-2d0f6f0b8c11",
    "status": "offered",
    "team": "Waste",
    "reason": "Missed bin in Wychavon belongs to Wychavon District Council (rule 20)",
    "offered_at": "2026-11-17T10:00:04Z",
    "accept_by": "2026-11-17T14:00:04Z",
    "work_by": "2026-11-19T17:00:00Z",
    "accepted_at": None,
    "settled_at": None,
    "outcome": "",
    "words": "",
    "answer": "",
    "enquiry": {
        "reference": _REFERENCE,
        "status": "referred",
        "service": _SERVICE,
        "description": "The black bin was not emptied on Monday.",
        "place": {
            "postcode": "WR11 3DA",
            "address": "14 High Street, Evesham",
            "uprn": "",
            "latitude": 52.0934,
            "longitude": -1.9503,
        },
        "received_at": "2026-11-17T10:00:00Z",
        "promised_on": "2026-11-19",
    },
}
_DETAIL: Final = {
    **_REFERRAL,
    "person": {
        "name": "Jo Bloggs",
        "address": "",
        "postcode": "",
        "phones": [],
        "emails": ["jo@example.com"],
    },
}
REFERRALS: Final = [
    OpenApiExample(
        "one offer",
        response_only=True,
        status_codes=["200"],
        value={"results": [_REFERRAL], "next": None},
    )
]
REFERRAL: Final = [
    OpenApiExample("an offer", response_only=True, status_codes=["200"], value=_DETAIL)
]
_ALREADY: Final = OpenApiExample(
    "answered before",
    response_only=True,
    status_codes=["409"],
    media_type="application/problem+json",
    value={
        "type": "/api/v1/docs/#referral_already_answered",
        "title": "Conflict",
        "status": 409,
        "detail": "This referral is completed already. Reload the page to see what happened",
        "code": "referral_already_answered",
    },
)


def _answer(sent: dict[str, Any] | None, **became: Any) -> list[OpenApiExample]:
    shown = OpenApiExample(
        "afterwards", response_only=True, status_codes=["200"], value={**_DETAIL, **became}
    )
    request = [OpenApiExample("for instance", request_only=True, value=sent)] if sent else []
    return [*request, shown, _ALREADY]


_AT: Final = {"accepted_at": "2026-11-17T11:20:00Z"}
_NO: Final = "This lane belongs to the county council."
_MORE: Final = "Which side of the road?"
_DONE: Final = "We emptied your bin this morning."
ANSWERS: Final = {
    "accept": _answer(None, status="accepted", **_AT),
    "ask": _answer({"question": _MORE}, status="accepted", **_AT),
    "reject": _answer(
        {"words": _NO}, status="rejected", settled_at="2026-11-17T11:20:00Z", answer=_NO
    ),
    "return": _answer(
        {"words": _MORE}, status="returned", settled_at="2026-11-17T11:20:00Z", answer=_MORE
    ),
    "complete": _answer(
        {"outcome": "completed", "words": _DONE},
        status="completed",
        outcome="completed",
        words=_DONE,
        settled_at="2026-11-18T09:10:00Z",
        **_AT,
    ),
}
