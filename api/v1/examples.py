"""What calls and answers look like: shown in the description, and held true by a test."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

from api.errors import CODES, MEDIA_TYPE, body

_OWNER: Final = {"slug": "wychavon", "name": "Wychavon District Council"}
_SERVICE: Final = {"slug": "missed-bin", "name": "Missed bin"}
_REFERENCE: Final = "WH7-K3MP-4X"


def _answered(name: str, value: dict[str, Any], status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, response_only=True, status_codes=[status], value=value)


def _refused(
    name: str, code: str, title: str, detail: str, errors: dict[str, list[str]] | None = None
) -> OpenApiExample:
    status, _ = CODES[code]
    # The title is given: newer Pythons word 422 otherwise, and the checked-in file must not change.
    return OpenApiExample(
        name,
        response_only=True,
        status_codes=[str(status)],
        media_type=MEDIA_TYPE,
        value={**body(status, code, detail, errors=errors), "title": title},
    )


ENQUIRY: Final[dict[str, Any]] = {
    "service": "missed-bin",
    "description": "The black bin was not emptied on Monday. It stands at the kerb.",
    "place": {"postcode": "WR11 3DA", "address": "14 High Street, Evesham"},
    "person": {"name": "Jo Bloggs", "email": "jo@example.com"},
    "tell_by": "email",
}
POINTED: Final[dict[str, Any]] = {
    "service": "pothole",
    "description": "A hole as deep as a hand, in the lane that leads out of the square.",
    "place": {"latitude": 52.0937, "longitude": -1.9501, "address": "High Street, by the bank"},
}
_ASK: Final = "If you are not sure, ring Worcestershire Hub on 01632 960000"
_ELSEWHERE: Final = (
    f"is outside Worcestershire. Check the postcode, or ask the council for that area. {_ASK}"
)
_POINT_ELSEWHERE: Final = (
    f"is outside Worcestershire. Check it, or ask the council for that area. {_ASK}"
)
ANSWERED: Final[dict[str, Any]] = {
    "service": "pothole",
    "description": "A deep hole in the left lane, just after the bridge.",
    "place": {"postcode": "WR1 3EZ"},
    "answers": {"road": "local"},
}
CREATE: Final = [
    OpenApiExample("a missed bin", value=ENQUIRY, request_only=True),
    OpenApiExample("a point on the map", value=POINTED, request_only=True),
    OpenApiExample("a service that asks", value=ANSWERED, request_only=True),
    _answered(
        "taken",
        {
            "reference": _REFERENCE,
            "status": "new",
            "owner": _OWNER,
            "promised_on": "2026-11-19",
            "received_at": "2026-11-17T10:00:00Z",
            "track_url": f"https://hub.example/track/{_REFERENCE}/mXk0Zb3k7l5rYt2nQ8v1Aw/",
        },
        status="201",
    ),
    _refused(
        "a postcode elsewhere",
        "postcode_outside",
        "Unprocessable Entity",
        f"SW1A 1AA {_ELSEWHERE}",
        {"place.postcode": [f"SW1A 1AA {_ELSEWHERE}"]},
    ),
    _refused(
        "a point elsewhere",
        "point_outside",
        "Unprocessable Entity",
        f"This point on the map {_POINT_ELSEWHERE}",
        {"place.latitude": [f"This point on the map {_POINT_ELSEWHERE}"]},
    ),
    _refused(
        "an answer that is none",
        "answer_not_valid",
        "Unprocessable Entity",
        "“moterway” is no answer to “road”. Use one of “local”, “motorway”",
        {"answers.road": ["“moterway” is no answer to “road”. Use one of “local”, “motorway”"]},
    ),
]
READ: Final = [
    _answered(
        "in progress",
        {
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
    "rejected_because": "",
    "suggested": None,
    "in_hand": None,
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
    "status": "accepted",
    "accepted_at": "2026-11-17T11:20:00Z",
    "person": {
        "name": "Jo Bloggs",
        "address": "",
        "postcode": "",
        "phones": [],
        "emails": ["jo@example.com"],
    },
}
REFERRALS: Final = [_answered("one offer", {"results": [_REFERRAL], "next": None})]
REFERRAL: Final = [_answered("accepted", _DETAIL)]
SERVICES: Final = [
    _answered(
        "one of them",
        {
            "results": [
                {
                    "slug": "missed-bin",
                    "name": "Missed bin",
                    "group": "Waste",
                    "summary": "Tell us that a bin was not emptied.",
                    "lgsl": 524,
                    "needs_place": True,
                    "anonymous_ok": True,
                    "promise_working_days": 2,
                    "prompt": "Which bin, and where does it stand?",
                    "questions": [],
                    "ends": [],
                },
                {
                    "slug": "pothole",
                    "name": "Pothole or road surface",
                    "group": "Roads and pavements",
                    "summary": "Tell us about a hole in a road.",
                    "lgsl": 557,
                    "needs_place": True,
                    "anonymous_ok": True,
                    "promise_working_days": 10,
                    "prompt": "How large is it, and on which side of the road?",
                    "questions": [
                        {
                            "key": "road",
                            "words": "What kind of road is it on?",
                            "hint": "",
                            "kind": "choice",
                            "is_required": True,
                            "choices": [
                                {
                                    "value": "local",
                                    "words": "An ordinary road or street",
                                    "hint": "",
                                },
                                {
                                    "value": "motorway",
                                    "words": "A motorway or trunk road",
                                    "hint": "",
                                },
                            ],
                            "why": "",
                            "unit": "",
                            "longest": None,
                            "least": None,
                            "most": None,
                            "when": None,
                        }
                    ],
                    "ends": [],
                },
            ]
        },
    )
]
ORGANISATIONS: Final = [
    _answered(
        "one of them",
        {
            "results": [
                {
                    "slug": "wychavon",
                    "name": "Wychavon District Council",
                    "kind": "district",
                    "phone": "01632 960001",
                    "email": "contact@wychavon.demo",
                }
            ]
        },
    )
]
_ALREADY: Final = _refused(
    "answered before",
    "referral_already_answered",
    "Conflict",
    "This referral is completed already. Reload the page to see what happened",
)


def _answer(sent: dict[str, Any] | None, **became: Any) -> list[OpenApiExample]:
    request = [OpenApiExample("for instance", request_only=True, value=sent)] if sent else []
    return [*request, _answered("afterwards", {**_DETAIL, **became}), _ALREADY]


_AT: Final = {"accepted_at": "2026-11-17T11:20:00Z"}
_NO: Final = "This lane belongs to the county council."
_MORE: Final = "Which side of the road?"
_NOTE: Final = "The crew is out on Thursday."
_DONE: Final = "We emptied your bin this morning."
ANSWERS: Final = {
    "accept": _answer(None, status="accepted", **_AT),
    "ask": _answer({"question": _MORE}, status="accepted", **_AT),
    "reject": _answer(
        {"reason": "other_body", "words": _NO, "suggested": "worcestershire-county"},
        status="rejected",
        settled_at="2026-11-17T11:20:00Z",
        answer=_NO,
        rejected_because="other_body",
        suggested={"slug": "worcestershire-county", "name": "Worcestershire County Council"},
    ),
    "return": _answer(
        {"question": _MORE}, status="returned", settled_at="2026-11-17T11:20:00Z", answer=_MORE
    ),
    "note_on": _answer({"words": _NOTE, "seen_by": "hub"}, status="accepted", **_AT),
    "complete": _answer(
        {"outcome": "completed", "words": _DONE},
        status="completed",
        outcome="completed",
        words=_DONE,
        settled_at="2026-11-18T09:10:00Z",
        **_AT,
    ),
}
