"""What callers send, field by field. The description of the API is made from these."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.boundaries import BRITAIN
from api.v1.fields import Degrees, Given, Strict, Text
from enquiries.intake import MAX_WORDS
from enquiries.lifecycle import DECISIONS, OUTCOME_WORDS, REJECT_WORDS, RejectReason

DECIDED = [(outcome.value, OUTCOME_WORDS[outcome]) for outcome in DECISIONS]
REFERRAL_STATUSES = (
    "offered",
    "accepted",
    "rejected",
    "returned",
    "completed",
    "expired",
    "withdrawn",
)


class PlaceIn(Strict):
    """Where it is. The point decides which council acts, without one the postcode does.

    The rest helps the crew find it.
    """

    postcode = Text(
        required=False,
        allow_blank=True,
        max_length=10,
        help_text="A full postcode in Worcestershire. Case and spaces do not matter.",
    )
    address = Text(
        required=False, allow_blank=True, max_length=300, help_text="The address or spot in words."
    )
    uprn = Text(
        required=False,
        allow_blank=True,
        max_length=12,
        help_text="Unique Property Reference Number, digits only.",
    )
    latitude = Degrees(
        required=False,
        allow_null=True,
        min_value=BRITAIN[0][0],
        max_value=BRITAIN[0][1],
        help_text="WGS84, together with longitude. A point in Worcestershire.",
    )
    longitude = Degrees(
        required=False,
        allow_null=True,
        min_value=BRITAIN[1][0],
        max_value=BRITAIN[1][1],
        help_text="WGS84, together with latitude.",
    )

    def validate_uprn(self, value: str) -> str:
        """Digits only. Raises ValidationError."""
        if value and not (value.isascii() and value.isdigit()):
            raise serializers.ValidationError("A UPRN is up to 12 digits.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both degrees or none. Raises ValidationError."""
        if (attrs.get("latitude") is None) != (attrs.get("longitude") is None):
            missing = "longitude" if attrs.get("longitude") is None else "latitude"
            raise serializers.ValidationError({missing: ["Send both degrees, or none."]})
        return attrs


class PersonIn(Strict):
    """Who asks. All may be left out; without a way to be told they can still track it."""

    name = Text(required=False, allow_blank=True, max_length=200, help_text="Their full name.")
    email = Text(required=False, allow_blank=True, max_length=254, help_text="An e-mail address.")
    phone = Text(
        required=False,
        allow_blank=True,
        max_length=32,
        help_text="A phone number; UK numbers need no prefix. Texts go to mobiles only.",
    )


class EnquiryIn(Strict):
    """One enquiry that somebody has brought to your organisation."""

    service = serializers.SlugField(
        allow_null=True,
        required=False,
        max_length=80,
        help_text="A slug of /api/v1/services/; null when you cannot tell: the hub then decides.",
    )
    description = Text(
        max_length=MAX_WORDS, help_text="What happened, in the person's own words if you have them."
    )
    place = PlaceIn(required=False, allow_null=True, help_text="Where it is.")
    person = PersonIn(required=False, allow_null=True, help_text="Who asks.")
    answers = serializers.DictField(
        child=Given(),
        required=False,
        allow_null=True,
        help_text=(
            "Answers to the service's `questions` by their keys: for a `choice` and `yes_no` one "
            "of its values, for `several` a list of them, for a `date` as 2026-03-27, for a "
            "`number` a number, else text. They may decide who must act; what is left out is "
            "decided without."
        ),
    )
    tell_by = serializers.ChoiceField(
        choices=[("sms", "text message"), ("email", "e-mail")],
        required=False,
        allow_null=True,
        help_text="How they want to be told; null to let the hub choose.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A way to be told needs its address. Raises ValidationError."""
        needed = {"sms": "phone", "email": "email"}.get(attrs.get("tell_by") or "")
        if needed and not (attrs.get("person") or {}).get(needed):
            raise serializers.ValidationError(
                {f"person.{needed}": [f"Needed to tell them by {attrs['tell_by']}."]}
            )
        return attrs


class QuestionIn(Strict):
    """A question to the person who asked."""

    question = Text(max_length=2000, help_text="What they will read, as it stands.")
    unforeseeable = serializers.BooleanField(
        default=False,
        help_text="Nobody could have asked this when the enquiry came in. Left out it is `false`, "
        "and the question counts against the enquiry: they should have been asked at once.",
    )


class RejectionIn(Strict):
    """Why the work is not yours, and perhaps whose it is."""

    reason = serializers.ChoiceField(
        choices=[(reason.value, words) for reason, words in REJECT_WORDS.items()],
        default=RejectReason.OTHER.value,
        help_text="Why it is not yours. Left out it is `other`.",
    )
    words = Text(max_length=2000, help_text="Why, for the hub, which will place it elsewhere.")
    suggested = serializers.SlugField(
        required=False,
        allow_blank=True,
        max_length=50,
        help_text="A slug of /api/v1/organisations/: who should do it, if you know.",
    )


class ReturnIn(Strict):
    """What you were not told. One of the two is needed; words alone are taken for the question."""

    question = Text(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text="The question that the hub should have asked. It asks it, and comes back to you.",
    )
    words = Text(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="Why you need to know it, for the hub.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A question, under either name. Raises ValidationError."""
        question, words = attrs.get("question", ""), attrs.get("words", "")
        if not question.strip() and not words.strip():
            raise serializers.ValidationError({"question": ["Send the question that is missing."]})
        return {"question": question or words, "words": words if question else ""}


class NoteIn(Strict):
    """Words for exactly those readers."""

    words = Text(max_length=2000, help_text="What they will read, as it stands.")
    seen_by = serializers.ChoiceField(
        choices=[
            ("us", "your organisation alone"),
            ("hub", "your organisation and the hub"),
            ("public", "the person too: they are told"),
        ],
        help_text="Who reads it.",
    )


class CompletionIn(Strict):
    """How it ended."""

    outcome = serializers.ChoiceField(
        choices=DECIDED,
        help_text="How it ended. What another report covers is rejected as `same_report`.",
    )
    words = Text(max_length=2000, help_text="What the person will read, as it stands.")
    next_step = Text(
        required=False,
        allow_blank=True,
        max_length=400,
        help_text="What they can do after a no. Without it, `words` must say that, too.",
    )


class ReferralFilter(Strict):
    """Which referrals."""

    status = serializers.ChoiceField(choices=REFERRAL_STATUSES, required=False)
    cursor = serializers.UUIDField(required=False)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100)
