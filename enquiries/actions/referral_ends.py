"""What becomes of an enquiry when an organisation has done with it without doing the work."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

import accounts.queries
from accounts.permissions import Viewer
from core.audit import SYSTEM, Actor
from enquiries import clocks, events, vocabulary
from enquiries.actions import deadlines, disputes, offers, parts, telling_partners
from enquiries.actions.referral_states import move
from enquiries.actions.resolutions import checked_words
from enquiries.actions.telling import OLD_NEWS
from enquiries.events import EventType
from enquiries.inbound import Located
from enquiries.lifecycle import ReferralStatus, Status
from enquiries.models import Enquiry, Referral
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries import destinations, waiting
from enquiries.queries.access import referral_of_hub_locked


def left(
    enquiry: Enquiry,
    referral: Referral,
    kind: EventType,
    *,
    because: str,
    actor: Actor,
    now: datetime,
    **data: Any,
) -> None:
    """One organisation is out of a locked enquiry. The others go on; after the last the hub acts.

    What the others have done is kept for the one answer. The citizen gets it now where nothing is
    left to settle; else the hub sends the rest on, or answers. In which order they end changes
    nothing.
    """
    data = {"organisation": referral.organisation.name, "to": referral.organisation.slug, **data}
    rest = others(enquiry)
    if rest:
        goes_on(enquiry, referral, rest, kind, actor=actor, now=now, **data)
        telling_partners.part_left(enquiry, referral, now=now)
        return
    kept = parts.kept(enquiry)
    is_open = kept.is_open or parts.comes_back(kind, data)
    if kept.done and not is_open:
        events.record(enquiry, kind, actor=actor, at=now, **data)
        parts.answer(enquiry, kept.done, now=now)
        return
    because = parts.kept_words(kept.done, because)
    to_hub(enquiry, kind, because=because, actor=actor, now=now, **data)
    if kept.done:
        telling_partners.part_left(enquiry, referral, now=now)
    # What the hub took back itself is in a person's hands.
    if kind is EventType.REJECTED or (kept.is_rejected and kind is not EventType.OFFER_WITHDRAWN):
        after_a_rejection(enquiry, now=now)


def done_beside_undone(
    enquiry: Enquiry, before: parts.Kept, *, actor: Actor, now: datetime, **said: str
) -> None:
    """The last part is done, and another came back: the hub settles that, with all that is kept."""
    done = [*before.done, parts.part_of(said, actor)]
    undone = ". ".join(vocabulary.sentence(line.type, line.data) for line in before.undone)
    because = parts.kept_words(done, undone)
    to_hub(enquiry, EventType.PART_COMPLETED, because=because, actor=actor, now=now, **said)
    if before.is_rejected:
        after_a_rejection(enquiry, now=now)


def others(enquiry: Enquiry) -> list[Referral]:
    """The live referrals of an enquiry, first offered first."""
    rows = enquiry.referrals.filter(status__in=LIVE_REFERRAL)
    return list(rows.select_related("organisation", "team").order_by("offered_at", "pk"))


def goes_on(
    enquiry: Enquiry,
    referral: Referral,
    rest: list[Referral],
    kind: EventType,
    *,
    actor: Actor,
    now: datetime,
    **data: Any,
) -> None:
    """One of several is out, done or not; the first of the rest leads where it was the leader."""
    if enquiry.owner_id == referral.organisation_id:
        enquiry.owner, enquiry.team = rest[0].organisation, rest[0].team
    status = Status.REFERRED
    if any(one.status == ReferralStatus.ACCEPTED.value for one in rest):
        status = Status.IN_PROGRESS
    if enquiry.status == Status.WAITING.value and _owes_others(enquiry, referral, rest):
        # Somebody else's question is still the citizen's to answer: their turn goes on.
        status, data = Status.WAITING, {**data, "waits": True}
    saving = ["owner", "team"]
    events.move(enquiry, status, kind, actor=actor, at=now, saving=saving, beside=True, **data)
    deadlines.turned(enquiry, at=now)


def _owes_others(enquiry: Enquiry, referral: Referral, rest: list[Referral]) -> bool:
    """Whether the citizen has a question to answer of somebody who still has a part of it."""
    gone = set(enquiry.referrals.values_list("organisation_id", flat=True))
    gone -= {one.organisation_id for one in rest}
    return bool(waiting.askers(enquiry) - gone - {referral.organisation_id})


def to_hub(
    enquiry: Enquiry, kind: EventType, *, because: str, actor: Actor, now: datetime, **data: Any
) -> None:
    """Puts a locked enquiry back into the hub's queue, with the reason."""
    hub = accounts.queries.hub()
    enquiry.owner, enquiry.team = hub, accounts.queries.default_team(hub.pk)
    enquiry.assignee = None
    enquiry.routing_reason = because[:300]
    events.move(
        enquiry,
        Status.OPEN,
        kind,
        actor=actor,
        at=now,
        saving=["owner", "team", "assignee", "routing_reason"],
        **data,
    )
    deadlines.turned(enquiry, at=now)


def after_a_rejection(enquiry: Enquiry, *, now: datetime) -> None:
    """Nobody has it now: a second no goes to the duty manager; a first no may name whose it is.

    It is sent on without a person only where the rules name the same organisation, that one has
    not done its part already, and no other part came back.
    """
    kept = parts.kept(enquiry)
    if len(disputes.rejections(enquiry)) > 1:
        disputes.begin(enquiry, now=now, done=[part.organisation for part in kept.done])
        return
    rejected = enquiry.referrals.filter(status=ReferralStatus.REJECTED.value)
    rejected = rejected.select_related("organisation", "suggested")
    referral = rejected.order_by("-settled_at", "-pk").first()
    if referral is None or referral.suggested is None or not referral.suggested.is_active:
        return
    suggested = referral.suggested
    has_done = {part.actor.organisation_id for part in kept.done}
    others_came_back = any(line.type != EventType.REJECTED for line in kept.undone)
    if suggested.pk in has_done or others_came_back:
        return
    found = destinations.destination(
        enquiry.service,
        Located(**{name: getattr(enquiry, name) for name in Located().columns()}),
        clocks.london_date(enquiry.received_at),
        destinations.situation_of(enquiry),
    )
    if found.organisation_id == suggested.pk:
        reason = (
            f"{referral.organisation.name} says it is theirs, and so do the rules. {found.reason}"
        )
        offers.refer(
            enquiry,
            owner=suggested,
            team_id=found.team_id,
            reason=reason,
            actor=SYSTEM,
            now=now,
        )


@transaction.atomic
def withdraw(*, public_id: uuid.UUID, viewer: Viewer, words: str, now: datetime) -> None:
    """The hub takes one offer back, with the reason. Twice changes nothing.

    Raises NoSuchReferral, AlreadyAnswered, WordsMissing.
    """
    words = checked_words(words)
    referral, enquiry = referral_of_hub_locked(viewer, public_id)
    if referral.status == ReferralStatus.WITHDRAWN:
        return
    move(referral, ReferralStatus.WITHDRAWN, now=now, answer_reason=words[:300])
    deadlines.taken_back(referral, now=now)
    left(
        enquiry,
        referral,
        EventType.OFFER_WITHDRAWN,
        because=f"Taken back from {referral.organisation.name}: {words}",
        actor=viewer.actor,
        now=now,
        words=words,
    )
    telling_partners.taken_back(enquiry, referral, now=now)


def expire_due(*, now: datetime, limit: int = 200) -> int:
    """Ends offers that nobody answered, each in its own transaction. Returns how many.

    While it is the citizen's turn, no offer runs out.
    """
    due = Referral.objects.filter(status=ReferralStatus.OFFERED.value, expires_at__lte=now)
    rows = due.exclude(enquiry__status=Status.WAITING.value).order_by("expires_at", "pk")
    return sum(_expire(pk, now=now) for pk in rows.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _expire(pk: int, *, now: datetime) -> bool:
    # The enquiry is locked first, everywhere.
    enquiry = events.locked(Referral.objects.values_list("enquiry_id", flat=True).get(pk=pk))
    referral = (
        Referral.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation", "team")
        .get(pk=pk)
    )
    is_due = referral.expires_at is not None and referral.expires_at <= now
    if referral.status != ReferralStatus.OFFERED or not is_due:
        return False
    if enquiry.status == Status.WAITING.value:
        return False
    move(referral, ReferralStatus.EXPIRED, now=now)
    deadlines.taken_back(referral, now=now)
    name = referral.organisation.name
    left(
        enquiry,
        referral,
        EventType.EXPIRED,
        because=f"{name} did not answer in time",
        actor=SYSTEM,
        now=now,
    )
    if referral.expires_at is not None and now - referral.expires_at <= OLD_NEWS:
        telling_partners.lapsed(enquiry, referral, now=now)
    return True
