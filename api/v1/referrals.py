"""Referrals to the caller's organisation: read, and answered by the same actions as on the desk."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone
from django.utils.http import urlencode
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.permissions import Scope
from api.v1 import examples
from api.v1.answers import PersonOut, ReferralDetailOut, ReferralOut, ReferralPageOut
from api.v1.endpoint import Endpoint
from api.v1.requests import (
    REFERRAL_STATUSES,
    CompletionIn,
    NoteIn,
    QuestionIn,
    ReferralFilter,
    RejectionIn,
    ReturnIn,
)
from api.v1.schema import answers
from core import audit
from enquiries.actions import referral_notes
from enquiries.actions import referrals as actions
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.queries import api as queries
from enquiries.queries import referrals as details
from enquiries.queries.fields import Field

LIMIT = 50
_REFUSALS = ("no_such_referral", "referral_already_answered", "not_in_this_state")
Post = TypeVar("Post", bound=Callable[..., Response])
NEEDS = "Needs the scope `referrals:answer`."
PUBLIC_ID = OpenApiParameter(
    name="referral_id",
    type=OpenApiTypes.UUID,
    location=OpenApiParameter.PATH,
    description="The id of a referral.",
)


class Referrals(Endpoint):
    """The referrals to your organisation."""

    scope = Scope.REFERRALS

    @extend_schema(
        operation_id="list_referrals",
        tags=["Referrals"],
        summary="List the referrals to your organisation",
        description=(
            f"Oldest offer first. Keep the last id and send it as `cursor` to be shown only what "
            f"came after it. {NEEDS}"
        ),
        parameters=[
            OpenApiParameter("status", str, enum=REFERRAL_STATUSES, description="Only these."),
            OpenApiParameter(
                "cursor", OpenApiTypes.UUID, description="Only what was offered after this one."
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": 100, "default": LIMIT},
                description="At most so many.",
            ),
        ],
        responses=answers("invalid", shape=ReferralPageOut, words="Some of them."),
        examples=examples.REFERRALS,
    )
    def get(self, request: Request) -> Response:
        """One page of them."""
        chosen = self.checked(ReferralFilter, request.query_params.dict())
        limit = chosen.get("limit", LIMIT)
        batch = queries.referrals(
            self.viewer, status=chosen.get("status"), after=chosen.get("cursor"), limit=limit
        )
        if batch is None:
            raise ValidationError({"cursor": ["This is not one of your referrals."]})
        following = None
        if batch.after:
            rest = {"status": chosen.get("status"), "cursor": batch.after, "limit": limit}
            query = urlencode({name: value for name, value in rest.items() if value})
            following = f"{settings.HUB_BASE_URL}/api/v1/referrals/?{query}"
        return Response({"results": ReferralOut(batch.rows, many=True).data, "next": following})


class OneReferral(Endpoint):
    """One referral to your organisation."""

    scope = Scope.REFERRALS

    def shown(self, public_id: uuid.UUID) -> Response:
        """The referral with its person, and a line in the audit trail that it was read."""
        case = details.referral(self.viewer, public_id)
        if case.person is not None:
            audit.record(
                "referral.read",
                actor=self.viewer.actor,
                target=f"referral:{public_id}",
                at=timezone.now(),
            )
        if case.sight.is_sensitive and case.sight.of(Field.WORDS):
            audit.record(
                "sensitive.viewed",
                actor=self.viewer.actor,
                target=f"enquiry:{case.referral.enquiry.reference}",
                at=timezone.now(),
            )
        body = {
            **ReferralOut(case.referral).data,
            "person": PersonOut(case.person).data if case.person else None,
        }
        return Response(body)

    @extend_schema(
        operation_id="read_referral",
        tags=["Referrals"],
        summary="Read one referral",
        description=f"With the person who asked; that it was read is recorded. {NEEDS}",
        parameters=[PUBLIC_ID],
        responses=answers("no_such_referral", shape=ReferralDetailOut, words="As it stands now."),
        examples=examples.REFERRAL,
    )
    def get(self, request: Request, referral_id: uuid.UUID) -> Response:
        """As it stands now."""
        return self.shown(referral_id)


class Answering(OneReferral):
    """An answer to a referral."""

    http_method_names = ["post"]

    def answer(
        self,
        referral_id: uuid.UUID,
        shape: type[Serializer[Any]] | None,
        act: Callable[..., None],
    ) -> Response:
        """Acts with what was sent, then shows what has become of it."""
        details.referral(self.viewer, referral_id)  # not yours is 404 whatever the body says
        sent = self.checked(shape, self.request.data) if shape else {}
        act(public_id=referral_id, viewer=self.viewer, now=timezone.now(), **sent)
        return self.shown(referral_id)


def _described(
    name: str,
    summary: str,
    description: str,
    shape: type[Serializer[Any]] | None,
    *more: str,
) -> Callable[[Post], Post]:
    codes = [*_REFUSALS, *(["words_missing"] if shape else []), *more]
    described: Callable[[Post], Post] = extend_schema(
        operation_id=f"{name}_referral",
        tags=["Referrals"],
        summary=summary,
        description=f"{description} {NEEDS}",
        parameters=[PUBLIC_ID],
        request=shape,
        responses=answers(
            *codes, shape=ReferralDetailOut, words="As it stands now.", body=shape is not None
        ),
        examples=examples.ANSWERS[name],
    )
    return described


class Accept(Answering):
    """Takes the work."""

    @_described(
        "accept",
        "Take the work",
        "The person is told that you are on it. Accepting again changes nothing.",
        None,
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Accepts it."""
        return self.answer(referral_id, None, actions.accept)


class Ask(Answering):
    """Asks the person something."""

    @_described(
        "ask",
        "Ask the person something",
        "The enquiry waits for their answer. The same question again changes nothing.",
        QuestionIn,
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Asks it."""
        return self.answer(referral_id, QuestionIn, actions.ask)


def _reject(*, reason: str, **more: Any) -> None:
    actions.reject(reason=RejectReason(reason), **more)


class Reject(Answering):
    """Says that the work is not yours."""

    @_described(
        "reject",
        "Say that it is not yours",
        "It goes back to the hub, which places it anew, and looks at whom you suggest; what others "
        "have done is kept. Only where they have done their part and yours had been done already "
        "is the person told of theirs. The same words again change nothing.",
        RejectionIn,
        "suggested_unknown",
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Rejects it."""
        return self.answer(referral_id, RejectionIn, _reject)


class GiveBack(Answering):
    """Says that you were not told enough."""

    @_described(
        "return",
        "Give it back because something is missing",
        "It goes back to the hub, which should have asked. The same question again changes "
        "nothing.",
        ReturnIn,
        "question_missing",
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Gives it back."""
        return self.answer(referral_id, ReturnIn, actions.give_back)


class Note(Answering):
    """Keeps words for exactly those readers."""

    @_described(
        "note_on",
        "Write a note",
        "For your organisation alone, for the hub too, or for the person. It ends nothing. The "
        "same note again straight away is one.",
        NoteIn,
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Keeps it."""
        return self.answer(referral_id, NoteIn, referral_notes.note)


def _complete(*, outcome: str, **more: Any) -> None:
    actions.complete(outcome=Outcome(outcome), **more)


class Complete(Answering):
    """Ends the work."""

    @_described(
        "complete",
        "Say how it ended",
        "The person is told in your words, together with what others did where several have a "
        "part of it. Completing again with the same outcome changes nothing.",
        CompletionIn,
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Completes it."""
        return self.answer(referral_id, CompletionIn, _complete)
