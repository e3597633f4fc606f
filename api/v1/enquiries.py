"""Enquiries of other systems: sent in, and read again."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Scope, Viewer
from api.errors import KeyMissing, KeyNotValid
from api.v1 import examples
from api.v1.answers import CreatedOut, EnquiryOut
from api.v1.endpoint import Endpoint
from api.v1.requests import EnquiryIn
from api.v1.schema import answers
from enquiries import intake
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.queries import api as queries

_KEY = re.compile(r"[\x21-\x7e]{1,80}")
_PATTERN = r"^[\x21-\x7e]{1,80}$"
REPLAYED = "Idempotent-Replayed"

IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    type={"type": "string", "minLength": 1, "maxLength": 80, "pattern": _PATTERN},
    location=OpenApiParameter.HEADER,
    required=True,
    description=(
        "Your own name for this enquiry, like a UUID. Sent again with the same body, nothing is "
        f"stored twice and the answer is the same, with the header {REPLAYED}: true."
    ),
    examples=[OpenApiExample("a UUID", value="6f1c9a8e-6b0f-4a57-9a51-0f6c0f6f4b1d")],
)
REFERENCE = OpenApiParameter(
    name="reference",
    type=OpenApiTypes.STR,
    location=OpenApiParameter.PATH,
    description="As it was given to the person; case and dashes do not matter.",
    examples=[OpenApiExample("a reference", value="WH7-K3MP-4X")],
)
WAS_REPLAYED = OpenApiParameter(
    name=REPLAYED,
    type={"type": "string", "enum": ["true"]},
    location=OpenApiParameter.HEADER,
    response=[201],
    required=False,
    description="Present when this key was sent before and nothing was stored now.",
)


def idempotency_key(request: Request) -> str:
    """The key of a call. Raises KeyMissing or KeyNotValid."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing
    if not _KEY.fullmatch(key):
        raise KeyNotValid
    return key


def _inbound(sent: dict[str, Any], *, viewer: Viewer, key: str, now: Any) -> InboundContact:
    place, person = sent.get("place"), sent.get("person") or {}
    # Two organisations may choose the same key, and a key may be as long as the column.
    digest = hashlib.sha256(key.encode()).hexdigest()
    return InboundContact(
        channel=Channel.API,
        external_id=f"{viewer.organisation_id}:{digest}",
        received_at=now,
        needs=(
            Need(
                description=sent["description"],
                service=sent.get("service"),
                place=Place(**place) if place else None,
                answers=sent.get("answers") or {},
            ),
        ),
        sender=Sender(**person),
        tell_by=sent.get("tell_by") or "",
        actor=viewer.actor,
    )


class Enquiries(Endpoint):
    """Sends an enquiry in."""

    scope = Scope.CREATE

    @extend_schema(
        operation_id="create_enquiry",
        tags=["Enquiries"],
        summary="Send an enquiry in",
        description=(
            "The hub finds out who must act, offers it to them and tells the person, if they left "
            "a way to be told. Needs the scope `enquiries:create`."
        ),
        parameters=[IDEMPOTENCY_KEY, WAS_REPLAYED],
        request=EnquiryIn,
        responses=answers(
            "idempotency_key_missing",
            "idempotency_key_not_valid",
            "idempotency_key_reused",
            "nothing_asked",
            "description_too_long",
            "service_unknown",
            "answer_not_valid",
            "postcode_not_valid",
            "postcode_unknown",
            "postcode_outside",
            "point_not_valid",
            "point_outside",
            "phone_not_valid",
            "email_not_valid",
            status=201,
            shape=CreatedOut,
            words="Taken. The same again for a repeat with the same key and body.",
            body=True,
        ),
        examples=examples.CREATE,
    )
    def post(self, request: Request) -> Response:
        """Takes it, once for each key."""
        key = idempotency_key(request)
        sent = self.checked(EnquiryIn, request.data)
        now = timezone.now()
        received = intake.receive(_inbound(sent, viewer=self.viewer, key=key, now=now), now=now)
        reference = received.enquiries[0].reference
        taken = queries.created(reference, service=sent.get("service"))
        response = Response(CreatedOut(taken).data, status=201)
        response["Location"] = f"/api/v1/enquiries/{reference}/"
        if received.replayed:
            response[REPLAYED] = "true"
        return response


class OneEnquiry(Endpoint):
    """One enquiry that your organisation sent or was referred."""

    scope = Scope.READ

    @extend_schema(
        operation_id="read_enquiry",
        tags=["Enquiries"],
        summary="Read where an enquiry stands",
        description=(
            "An enquiry that came in through a token of your organisation or that was referred to "
            "it. All others are 404. Needs the scope `enquiries:read`."
        ),
        parameters=[REFERENCE],
        responses=answers("no_such_enquiry", shape=EnquiryOut, words="As it stands now."),
        examples=examples.READ,
    )
    def get(self, request: Request, reference: str) -> Response:
        """As it stands now."""
        seen = queries.enquiry(self.viewer, reference, now=timezone.now())
        return Response(EnquiryOut(seen).data)
