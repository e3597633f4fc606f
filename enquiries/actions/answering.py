"""Answers to a service's questions that come after the enquiry: by a call back, by a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

import kb.questions
from accounts.permissions import Viewer
from enquiries import events
from enquiries.actions import triage
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow, ReferralStatus
from enquiries.models import Enquiry, Referral
from enquiries.queries.access import for_desk


@transaction.atomic
def answer(*, reference: str, viewer: Viewer, answers: Mapping[str, Any], now: datetime) -> None:
    """Keeps what was answered, and routes anew unless somebody has accepted it already.

    Raises NoSuchCase, NotNow, kb.questions.NotAnAnswer.
    """
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you answer its questions")
    given = {key: value for key, value in answers.items() if value}
    # What was answered to a question of an earlier form stays as it is.
    kept = {**enquiry.answers, **kb.questions.checked(enquiry.service, given)}
    if kept == enquiry.answers:
        return
    enquiry.answers = kept
    enquiry.save(update_fields=["answers"])
    words = kb.questions.in_words(enquiry.service, kept)
    events.record(
        enquiry,
        EventType.TRIAGED,
        actor=viewer.actor,
        at=now,
        found="; ".join(f"{one.question} {one.answer}" for one in words),
        reason=f"Said by {viewer.name}",
    )
    if not _is_accepted(enquiry):
        triage.reroute(enquiry, actor=viewer.actor, now=now)


def _is_accepted(enquiry: Enquiry) -> bool:
    accepted = Referral.objects.filter(enquiry=enquiry, status=ReferralStatus.ACCEPTED.value)
    return accepted.exists()
