"""Work offered to an organisation, and what it answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

import accounts.queries
from accounts.permissions import Viewer
from core.audit import Actor
from core.errors import DomainError
from enquiries import events
from enquiries.actions import deadlines, resolutions, telling
from enquiries.events import EventType
from enquiries.lifecycle import NotNow, Outcome, Status
from enquiries.models import Enquiry, Referral
from enquiries.models.referrals import LIVE_REFERRAL, ReferralStatus
from enquiries.queries.access import for_desk, referral_locked

if TYPE_CHECKING:
    from accounts.models import Organisation


class AlreadyAnswered(DomainError):
    code = "referral_already_answered"


class NobodyToReferTo(DomainError):
    code = "organisation_unknown"


def refer(
    enquiry: Enquiry,
    *,
    owner: Organisation,
    team_id: int | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Referral:
    """Offers a locked enquiry to an organisation, which owns it from now on."""
    team = accounts.queries.team(team_id) or accounts.queries.default_team(owner.pk)
    enquiry.owner, enquiry.team, enquiry.assignee = owner, team, None
    enquiry.routing_reason = reason[:300]
    referral = Referral(
        enquiry=enquiry, organisation=owner, team=team, reason=reason[:300], offered_at=now
    )
    deadlines.offered(referral, now=now)
    waited = enquiry.status == Status.WAITING.value
    events.move(
        enquiry,
        Status.REFERRED,
        EventType.REFERRED,
        actor=actor,
        at=now,
        to=owner.slug,
        organisation=owner.name,
        team=team.name if team else "",
        reason=reason,
        saving=["owner", "team", "assignee", "routing_reason"],
    )
    if waited:
        deadlines.turned(enquiry, at=now)
    telling.offered(enquiry, referral, now=now)
    return referral


def keep(
    enquiry: Enquiry, *, team_id: int | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Puts a locked enquiry into the hub's own queue, with the reason."""
    hub = accounts.queries.hub()
    enquiry.owner = hub
    enquiry.team = accounts.queries.team(team_id) or accounts.queries.default_team(hub.pk)
    enquiry.routing_reason = reason[:300]
    waited = enquiry.status == Status.WAITING.value
    events.move(
        enquiry,
        Status.OPEN,
        EventType.TRIAGED,
        actor=actor,
        at=now,
        found="In the hub's own queue",
        reason=reason,
        saving=["owner", "team", "routing_reason"],
    )
    if waited:
        deadlines.turned(enquiry, at=now)


def take_back(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    """Ends every live offer of a locked enquiry, so that it can be sent elsewhere."""
    resolutions.withdraw_offers(enquiry, actor=actor, now=now)


@transaction.atomic
def offer(
    *,
    reference: str,
    viewer: Viewer,
    organisation: str,
    reason: str,
    now: datetime,
    team_id: int | None = None,
) -> uuid.UUID:
    """An agent sends a case to an organisation by hand.

    Raises NoSuchCase, NotNow, NobodyToReferTo.
    """
    enquiry = for_desk(viewer, reference)
    owner = accounts.queries.organisation(organisation)
    if owner is None or owner.is_hub or not owner.is_active:
        raise NobodyToReferTo("Choose an organisation to send it to")
    team = accounts.queries.team(team_id)
    if team is not None and team.organisation_id != owner.pk:
        raise NobodyToReferTo(f"Choose a team of {owner.name}")
    take_back(enquiry, actor=viewer.actor, now=now)
    words = reason.strip() or f"Sent by {viewer.name}"
    referral = refer(
        enquiry, owner=owner, team_id=team_id, reason=words, actor=viewer.actor, now=now
    )
    return referral.public_id


def _answer(referral: Referral, *allowed: ReferralStatus) -> None:
    if referral.status not in allowed:
        raise AlreadyAnswered(
            f"This referral is {referral.status} already. Reload the page to see what happened"
        )


@transaction.atomic
def accept(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """The organisation takes the work. Accepting twice changes nothing. Raises AlreadyAnswered."""
    referral, enquiry = referral_locked(viewer, public_id)
    if referral.status == ReferralStatus.ACCEPTED:
        return
    _answer(referral, ReferralStatus.OFFERED)
    referral.status, referral.accepted_at = ReferralStatus.ACCEPTED.value, now
    referral.accepted_by = viewer.name
    referral.save(update_fields=["status", "accepted_at", "accepted_by"])
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
    telling.accepted(enquiry, referral, now=now)


def _hand_back(
    public_id: uuid.UUID,
    viewer: Viewer,
    status: ReferralStatus,
    kind: EventType,
    *,
    reason: str,
    words: str,
    now: datetime,
) -> None:
    words = resolutions.checked_words(words)
    referral, enquiry = referral_locked(viewer, public_id)
    if referral.status == status and referral.answer_reason == words[:300]:
        return
    _answer(referral, ReferralStatus.OFFERED, ReferralStatus.ACCEPTED)
    referral.status, referral.settled_at = status.value, now
    referral.answer_reason = words[:300]
    referral.save(update_fields=["status", "settled_at", "answer_reason"])
    deadlines.answered(referral, now=now)
    hub = accounts.queries.hub()
    enquiry.owner, enquiry.team = hub, accounts.queries.default_team(hub.pk)
    enquiry.assignee = None
    enquiry.routing_reason = f"{referral.organisation.name}: {words}"[:300]
    enquiry.save(update_fields=["owner", "team", "assignee", "routing_reason"])
    events.move(
        enquiry,
        Status.OPEN,
        kind,
        actor=viewer.actor,
        at=now,
        organisation=referral.organisation.name,
        reason=reason,
        words=words,
    )
    deadlines.turned(enquiry, at=now)


@transaction.atomic
def reject(*, public_id: uuid.UUID, viewer: Viewer, words: str, now: datetime) -> None:
    """The work is not theirs: back to the hub. Said twice alike it changes nothing.

    Raises AlreadyAnswered, WordsMissing.
    """
    _hand_back(
        public_id,
        viewer,
        ReferralStatus.REJECTED,
        EventType.REJECTED,
        reason="not_ours",
        words=words,
        now=now,
    )


@transaction.atomic
def give_back(*, public_id: uuid.UUID, viewer: Viewer, words: str, now: datetime) -> None:
    """They were not told enough: back to the hub, which should have asked. Raises as reject."""
    _hand_back(
        public_id,
        viewer,
        ReferralStatus.RETURNED,
        EventType.RETURNED,
        reason="insufficient_information",
        words=words,
        now=now,
    )


@transaction.atomic
def ask(*, public_id: uuid.UUID, viewer: Viewer, question: str, now: datetime) -> None:
    """Asks the citizen something; the case waits for them. The same question is asked once.

    Raises AlreadyAnswered, NotNow, WordsMissing.
    """
    question = resolutions.checked_words(question)
    referral, enquiry = referral_locked(viewer, public_id)
    _answer(referral, ReferralStatus.ACCEPTED)
    if enquiry.status == Status.WAITING.value and events.last_asked(enquiry) == question:
        return
    event = events.move(
        enquiry,
        Status.WAITING,
        EventType.INFO_REQUESTED,
        actor=viewer.actor,
        at=now,
        words=question,
    )
    deadlines.responded(enquiry, at=now)
    deadlines.turned(enquiry, at=now)
    telling.asked(enquiry, question, sequence=event.sequence, now=now)


@transaction.atomic
def complete(
    *, public_id: uuid.UUID, viewer: Viewer, outcome: Outcome, words: str, now: datetime
) -> None:
    """The work is done, or decided: the citizen is told in these words.

    Completing twice with the same outcome changes nothing. Raises AlreadyAnswered, WordsMissing.
    """
    referral, enquiry = referral_locked(viewer, public_id)
    if referral.status == ReferralStatus.COMPLETED and referral.outcome == outcome.value:
        return
    if referral.status == ReferralStatus.OFFERED:
        raise NotNow("Accept the referral first, then complete it")
    _answer(referral, ReferralStatus.ACCEPTED)
    words = resolutions.checked_words(words)
    referral.status, referral.settled_at = ReferralStatus.COMPLETED.value, now
    referral.outcome, referral.public_words = outcome.value, words
    referral.save(update_fields=["status", "settled_at", "outcome", "public_words"])
    deadlines.completed(referral, now=now)
    if enquiry.referrals.filter(status__in=LIVE_REFERRAL).exists():
        events.record(enquiry, EventType.REPLIED, actor=viewer.actor, at=now, words=words)
        telling.replied(enquiry, words, sequence=enquiry.version, now=now)
        return
    resolutions.settle(
        enquiry,
        outcome=outcome,
        words=words,
        actor=viewer.actor,
        now=now,
    )
