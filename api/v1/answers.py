"""What callers read, field by field. The description of the API is made from these."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

import kb.questions
from api.v1.requests import REFERRAL_STATUSES
from enquiries.lifecycle import OUTCOME_WORDS, PUBLIC_WORDS, REJECT_WORDS
from kb.forms import explained, writing

STATUSES = [(status.value, words) for status, words in PUBLIC_WORDS.items()]
REASONS = [(reason.value, words) for reason, words in REJECT_WORDS.items()]
OUTCOMES = [(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()]


class Answer(serializers.Serializer[Any]):
    """Read only."""


class NamedOut(Answer):
    """A service or an organisation."""

    slug = serializers.SlugField(help_text="Stays the same.")
    name = serializers.CharField(help_text="As people read it.")


class CreatedOut(Answer):
    """The enquiry as it was taken. A repeat with the same key is answered with the same."""

    reference = serializers.CharField(help_text="Give it to the person: they track it with this.")
    status = serializers.ChoiceField(choices=[("new", "Received")], help_text="Always new here.")
    owner = NamedOut(
        allow_null=True,
        help_text="Who will have to act; null when the hub has to decide that first.",
    )
    promised_on = serializers.DateField(
        allow_null=True, help_text="The date the person is promised; null without a promise."
    )
    received_at = serializers.DateTimeField(help_text="When the hub took it.")
    track_url = serializers.URLField(
        help_text="Opens the tracking page without a postcode. Whoever has it can see the enquiry."
    )


class StepOut(Answer):
    """One thing that happened, in the citizen's words."""

    at = serializers.DateTimeField()
    words = serializers.CharField()


class EnquiryOut(Answer):
    """An enquiry as it stands."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES, help_text="Where it stands.")
    status_words = serializers.CharField(help_text="The same as the citizen reads it.")
    service = NamedOut(allow_null=True, help_text="What it is about; null until somebody knows.")
    owner = NamedOut(allow_null=True, help_text="Who must act now; null until it is placed.")
    received_at = serializers.DateTimeField()
    promised_on = serializers.DateField(allow_null=True, help_text="The date promised.")
    is_late = serializers.BooleanField(help_text="The date promised has passed.")
    outcome = serializers.ChoiceField(
        choices=OUTCOMES, allow_blank=True, help_text="How it ended; empty until then."
    )
    words = serializers.CharField(help_text="What the citizen was told at the end.")
    question = serializers.CharField(help_text="What they are being asked now, if anything.")
    steps = StepOut(many=True, help_text="What happened, oldest first.")


class PlaceOut(Answer):
    """Where it is; of a home that you need not know only the first half of the postcode."""

    postcode = serializers.CharField()
    address = serializers.CharField()
    uprn = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class CaseOut(Answer):
    """The enquiry behind a referral."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    service = NamedOut(allow_null=True)
    description = serializers.CharField(help_text="What the person said.")
    place = PlaceOut(source="*")
    received_at = serializers.DateTimeField()
    promised_on = serializers.DateField(allow_null=True, help_text="The date the person expects.")


class ReferralOut(Answer):
    """Work offered to your organisation."""

    id = serializers.UUIDField(source="public_id", help_text="Stays the same.")
    status = serializers.ChoiceField(choices=REFERRAL_STATUSES)
    team = serializers.CharField(source="team.name", default="", help_text="Your team, by name.")
    reason = serializers.CharField(help_text="Why it comes to you.")
    offered_at = serializers.DateTimeField()
    accept_by = serializers.DateTimeField(source="accept_due_at", allow_null=True)
    work_by = serializers.DateTimeField(source="work_due_at", allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True, help_text="When it ended for you.")
    outcome = serializers.ChoiceField(choices=OUTCOMES, allow_blank=True)
    words = serializers.CharField(source="public_words", help_text="What the person was told.")
    answer = serializers.CharField(
        source="answer_reason",
        help_text="What you wrote when you rejected it, or the question that was missing.",
    )
    rejected_because = serializers.ChoiceField(
        source="reject_reason",
        choices=REASONS,
        allow_blank=True,
        help_text="The reason from the list when you rejected it; empty otherwise.",
    )
    suggested = NamedOut(allow_null=True, help_text="Whom you named instead; null for nobody.")
    in_hand = serializers.CharField(
        source="assignee",
        allow_null=True,
        help_text="Who of your colleagues has it, by name; null while nobody has.",
    )
    enquiry = CaseOut()


class PersonOut(Answer):
    """Who asked, as far as the work needs it: police and health get one way to reach them."""

    name = serializers.CharField()
    address = serializers.CharField()
    postcode = serializers.CharField()
    phones = serializers.ListField(child=serializers.CharField(), help_text="In E.164.")
    emails = serializers.ListField(child=serializers.CharField())


class ReferralDetailOut(ReferralOut):
    """Work offered to your organisation, and who asked for it."""

    person = PersonOut(
        allow_null=True,
        help_text=(
            "Null before you accept it and when it is not yours any more, and when nobody said "
            "who they are."
        ),
    )


class ReferralPageOut(Answer):
    """Some of the referrals, oldest offer first."""

    results = ReferralOut(many=True)
    next = serializers.URLField(allow_null=True, help_text="Where the rest is; null at the end.")


class ChoiceOut(Answer):
    """One possible answer."""

    value = serializers.CharField(help_text="Send this.")
    words = serializers.CharField(help_text="Show this.")
    hint = serializers.CharField(help_text="Show this below; empty for none.")


class QuestionOut(Answer):
    """What a service asks beside the description, the place and the person."""

    key = serializers.SlugField()
    words = serializers.CharField()
    hint = serializers.CharField()
    kind = serializers.CharField(help_text="What kind of answer it takes.")
    is_required = serializers.BooleanField(
        source="required", help_text="Our own forms do not go on without it."
    )
    choices = ChoiceOut(many=True)
    why = serializers.CharField(help_text="Why it is asked; empty where that is plain.")
    unit = serializers.CharField(help_text="What a number counts, such as cm.")
    longest = serializers.IntegerField(
        allow_null=True, help_text="The most characters of a text; null for the usual."
    )
    least = serializers.FloatField(
        allow_null=True,
        help_text="The smallest number, or earliest date in days from today; of several how many.",
    )
    most = serializers.FloatField(
        allow_null=True,
        help_text="The largest number, or latest date in days from today; of several how many.",
    )
    when = serializers.SerializerMethodField(
        help_text="Ask it only if this holds for the answers before it; null for always."
    )

    @extend_schema_field({"type": "object", "additionalProperties": {}, "nullable": True})
    def get_when(self, question: Any) -> Any:
        """The condition as data."""
        return writing.condition(question.when) if question.when is not None else None


class EndOut(Answer):
    """Where our own forms end early."""

    key = serializers.SlugField()
    kind = serializers.ChoiceField(
        choices=[(kind.value, words) for kind, words in explained.ENDS.items()],
        help_text="What kind of end it is.",
    )
    when = serializers.SerializerMethodField(help_text="It ends here if this holds.")
    title = serializers.CharField()
    words = serializers.CharField(help_text="Why it ends.")
    next_step = serializers.CharField(help_text="What people can do now.")
    phone = serializers.CharField(help_text="Whom to ring.")

    @extend_schema_field({"type": "object", "additionalProperties": {}})
    def get_when(self, end: Any) -> Any:
        """The condition as data."""
        return writing.condition(end.when)


class ServiceOut(Answer):
    """Something the partnership does."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    group = serializers.CharField()
    summary = serializers.CharField()
    lgsl = serializers.IntegerField(help_text="Number in the Local Government Services List.")
    needs_place = serializers.BooleanField(help_text="Send a postcode with it.")
    anonymous_ok = serializers.BooleanField(help_text="People may stay anonymous.")
    promise_working_days = serializers.IntegerField(
        source="promise_wd", allow_null=True, help_text="What is promised unless agreed otherwise."
    )
    prompt = serializers.CharField(help_text="What to ask people for in the description.")
    questions = serializers.SerializerMethodField(
        help_text="Ask these too, and send what was answered in `answers`."
    )

    @extend_schema_field(QuestionOut(many=True))
    def get_questions(self, service: Any) -> Any:
        """In their order."""
        return QuestionOut(kb.questions.of(service), many=True).data

    ends = serializers.SerializerMethodField(
        help_text="Where asking more is of no use: tell people these words instead."
    )

    @extend_schema_field(EndOut(many=True))
    def get_ends(self, service: Any) -> Any:
        """The first that holds is said."""
        return EndOut(kb.questions.own_form(service).ends, many=True).data


class OrganisationOut(Answer):
    """A body of the partnership."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(
        choices=["hub", "county", "district", "police", "health", "town"]
    )
    phone = serializers.CharField()
    email = serializers.CharField()


class ServicesOut(Answer):
    results = ServiceOut(many=True)


class OrganisationsOut(Answer):
    results = OrganisationOut(many=True)


class ProblemOut(Answer):
    """Why something was refused (RFC 9457)."""

    type = serializers.CharField(help_text="Where the code is explained.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField(help_text="The status again.")
    detail = serializers.CharField(help_text="What is wrong with this call, in words.")
    code = serializers.CharField(help_text="Stays the same; decide by this.")
    errors: Any = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By field, as a dotted path.",
    )
