"""What an organisation answers to work that was offered to it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

import accounts.queries
from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions import deadlines, parts, resolutions, telling
from enquiries.actions import referral_ends as ends
from enquiries.actions.assignments import AlreadyTaken
from enquiries.actions.referral_states import move, must_be
from enquiries.events import EventType
from enquiries.lifecycle import REJECT_WORDS, NotNow, Outcome, ReferralStatus, RejectReason, Status
from enquiries.models import Referral
from enquiries.queries.access import referral_locked

if TYPE_CHECKING:
    from accounts.models import Organisation

MAX_REASON = 300


class NobodySuggested(DomainError):
    code = "suggested_unknown"
    field = "suggested"


class QuestionMissing(DomainError):
    code = "question_missing"
    field = "question"


@transaction.atomic
def accept(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """The organisation takes the work, and a person takes it into their hands.

    Accepting twice changes nothing. Raises AlreadyAnswered; AlreadyTaken with the name of the
    colleague who was quicker.
    """
    referral, enquiry = referral_locked(viewer, public_id)
    hands = viewer.id if viewer.kind == "staff" else None
    if referral.status == ReferralStatus.ACCEPTED:
        if hands is not None and referral.assignee_id not in (None, hands):
            raise AlreadyTaken(f"{referral.assignee} has accepted this already")
        return
    must_be(referral, ReferralStatus.OFFERED)
    move(
        referral,
        ReferralStatus.ACCEPTED,
        now=now,
        accepted_at=now,
        accepted_by=viewer.name,
        assignee_id=hands,
    )
    deadlines.accepted(referral, now=now)
    referral.save(update_fields=["work_due_at"])
    # A person has looked and said "we do it", and the citizen is told so: a first answer (R49).
    deadlines.responded(enquiry, at=now)
    # A question that the citizen has not answered yet is still theirs to answer.
    waits = enquiry.status == Status.WAITING.value
    events.move(
        enquiry,
        Status.WAITING if waits else Status.IN_PROGRESS,
        EventType.ACCEPTED,
        actor=viewer.actor,
        at=now,
        organisation=referral.organisation.name,
    )
    telling.citizen(
        enquiry,
        "accepted",
        key=f"accepted:{referral.pk}",
        owner=referral.organisation.name,
        now=now,
    )


@transaction.atomic
def reject(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    reason: RejectReason,
    words: str,
    suggested: str = "",
    now: datetime,
) -> None:
    """The work is not theirs: a reason from the list, words, and perhaps whose it is.

    Others keep what they have done; the hub settles the rest, unless that has been done already.
    Said twice alike it changes nothing. Raises AlreadyAnswered, WordsMissing, NobodySuggested.
    """
    words = resolutions.checked_words(words)
    referral, enquiry = referral_locked(viewer, public_id)
    theirs = _suggested(suggested, referral)
    said = (ReferralStatus.REJECTED.value, words[:MAX_REASON], reason.value)
    if said == (referral.status, referral.answer_reason, referral.reject_reason):
        return
    must_be(referral, ReferralStatus.OFFERED, ReferralStatus.ACCEPTED)
    move(
        referral,
        ReferralStatus.REJECTED,
        now=now,
        answer_reason=words[:MAX_REASON],
        reject_reason=reason.value,
        suggested=theirs,
    )
    deadlines.answered(referral, now=now)
    name, whose = referral.organisation.name, f". They suggest {theirs.name}" if theirs else ""
    ends.left(
        enquiry,
        referral,
        EventType.REJECTED,
        because=f"{name}: {REJECT_WORDS[reason]}{whose}. {words}",
        actor=viewer.actor,
        now=now,
        words=words,
        reason=reason.value,
        suggested=theirs.slug if theirs else "",
        suggested_name=theirs.name if theirs else "",
        service=enquiry.service.slug if enquiry.service else "",
    )


def _suggested(slug: str, referral: Referral) -> Organisation | None:
    if not slug:
        return None
    found = accounts.queries.organisation(slug)
    if found is None or found.is_hub or not found.is_active:
        raise NobodySuggested("Choose an organisation from the list, or none")
    if found.pk == referral.organisation_id:
        raise NobodySuggested("Choose another organisation than your own, or none")
    return found


@transaction.atomic
def give_back(
    *, public_id: uuid.UUID, viewer: Viewer, question: str, words: str = "", now: datetime
) -> None:
    """They were not told enough: back to the hub with the question that it should have asked.

    Said twice alike it changes nothing. Raises AlreadyAnswered, QuestionMissing, WordsMissing.
    """
    question = question.replace("\x00", "").strip()
    if not question:
        raise QuestionMissing("Write the question that is missing")
    words = resolutions.checked_words(words) if words.strip() else ""
    referral, enquiry = referral_locked(viewer, public_id)
    said = (ReferralStatus.RETURNED.value, question[:MAX_REASON])
    if said == (referral.status, referral.answer_reason):
        return
    must_be(referral, ReferralStatus.OFFERED, ReferralStatus.ACCEPTED)
    move(referral, ReferralStatus.RETURNED, now=now, answer_reason=question[:MAX_REASON])
    deadlines.answered(referral, now=now)
    ends.left(
        enquiry,
        referral,
        EventType.RETURNED,
        because=f"{referral.organisation.name} needs to know: {question}",
        actor=viewer.actor,
        now=now,
        reason="insufficient_information",
        question=question,
        words=words,
    )


@transaction.atomic
def ask(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    question: str,
    now: datetime,
    unforeseeable: bool = False,
) -> None:
    """Asks the citizen something; the case waits for them. The same question is asked once.

    `unforeseeable` is said by who asks: nobody could have asked it at the start (R33).
    Raises AlreadyAnswered, NotNow, WordsMissing.
    """
    question = resolutions.checked_words(question)
    referral, enquiry = referral_locked(viewer, public_id)
    must_be(referral, ReferralStatus.ACCEPTED)
    if enquiry.status == Status.WAITING.value and events.last_asked(enquiry) == question:
        return
    event = events.move(
        enquiry,
        Status.WAITING,
        EventType.INFO_REQUESTED,
        actor=viewer.actor,
        at=now,
        organisation=referral.organisation.name,
        **events.question(question, unforeseeable=unforeseeable),
    )
    deadlines.responded(enquiry, at=now)
    deadlines.turned(enquiry, at=now)
    telling.citizen(
        enquiry,
        "asked",
        key=f"asked:{enquiry.pk}:{event.sequence}",
        question=question,
        owner=referral.organisation.name,
        now=now,
    )


@transaction.atomic
def complete(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    outcome: Outcome,
    words: str,
    next_step: str = "",
    now: datetime,
) -> None:
    """The work is done, or decided. The citizen reads these words when all others have done too.

    `next_step` is what they can do after a no; without it the words say that, too (R36).
    Completing twice with the same outcome changes nothing.
    Raises AlreadyAnswered, NotNow, WordsMissing.
    """
    referral, enquiry = referral_locked(viewer, public_id)
    if referral.status == ReferralStatus.COMPLETED and referral.outcome == outcome.value:
        return
    if referral.status == ReferralStatus.OFFERED:
        raise NotNow("Accept the referral first, then complete it")
    must_be(referral, ReferralStatus.ACCEPTED)
    resolutions.must_be_a_decision(outcome)
    next_step = next_step.strip()
    words = resolutions.with_next_step(words, next_step)
    move(referral, ReferralStatus.COMPLETED, now=now, outcome=outcome.value, public_words=words)
    deadlines.completed(referral, now=now)
    said = parts.said_of(referral, next_step)
    rest, before = ends.others(enquiry), parts.kept(enquiry)
    kind, actor = EventType.PART_COMPLETED, viewer.actor
    if rest:
        ends.goes_on(enquiry, referral, rest, kind, actor=actor, now=now, **said)
    elif before.is_open:
        ends.done_beside_undone(enquiry, before, actor=actor, now=now, **said)
    else:
        done: tuple[parts.Part, ...] = (parts.part_of(said, actor),)
        if before.done:
            events.record(enquiry, kind, actor=actor, at=now, **said)
            done = parts.kept(enquiry).done
        parts.answer(enquiry, done, now=now)


__all__ = [
    "NobodySuggested",
    "QuestionMissing",
    "accept",
    "ask",
    "complete",
    "give_back",
    "reject",
]
