"""How an enquiry ends, opens again and is finally closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

import accounts.queries
from accounts.permissions import Viewer
from core import outbox
from core.audit import SYSTEM, Actor
from core.errors import DomainError
from enquiries import clocks, events
from enquiries.actions import deadlines, referral_states, telling, telling_partners
from enquiries.channels import Channel
from enquiries.events import EventType
from enquiries.lifecycle import (
    DECISIONS,
    ENDED,
    NOT_OUR_WORK,
    OUTCOME_WORDS,
    REJECT_WORDS,
    NotNow,
    Outcome,
    ReferralStatus,
    RejectReason,
    Status,
)
from enquiries.models import ContactItem, Enquiry
from enquiries.queries import destinations, links
from enquiries.queries.access import for_desk
from enquiries.routing import Outside

MAX_WORDS = 2_000
NEXT_STEP = "What you can do next: "


class WordsMissing(DomainError):
    code = "words_missing"
    field = "words"


def checked_words(words: str) -> str:
    """What the citizen will read, trimmed. Raises WordsMissing when empty or far too long."""
    words = words.replace("\x00", "").strip()
    if not words:
        raise WordsMissing("Write what the citizen will read")
    if len(words) > MAX_WORDS:
        raise WordsMissing(f"Use {MAX_WORDS:,} characters or fewer")
    return words


def must_be_a_decision(outcome: Outcome) -> None:
    """Raises NotNow for an end that is said by joining two reports, which names the other."""
    if outcome not in DECISIONS:
        raise NotNow(
            "Nobody would know which report covers it. At the hub join the two; elsewhere reject "
            f"it with “{REJECT_WORDS[RejectReason.SAME_REPORT]}” and write which"
        )


def with_next_step(words: str, next_step: str) -> str:
    """All that the citizen reads of an end. Raises WordsMissing."""
    words = checked_words(words)
    return checked_words(f"{words}\n\n{NEXT_STEP}{next_step}") if next_step else words


def settle(
    enquiry: Enquiry,
    *,
    outcome: Outcome,
    words: str,
    actor: Actor,
    now: datetime,
    saving: Sequence[str] = (),
    **data: Any,
) -> None:
    """Resolves a locked enquiry, takes back open offers and tells the citizen.

    `saving` names fields that the caller has changed.
    """
    words = checked_words(words)
    if outcome is Outcome.DECIDED_NO:
        # One text gives the reason and the next step, whoever says no (measures.md S1).
        data = {"reason": words, "next_step": words, **data}
    if outcome is Outcome.WITHDRAWN:
        data = {**_withdrawal(enquiry, now), **data}
    withdraw_offers(enquiry, actor=actor, now=now)
    deadlines.ended(enquiry, at=now, is_void=outcome in NOT_OUR_WORK)
    enquiry.disputed_at = None
    enquiry.public_words = words
    enquiry.closes_at = closes_at(enquiry, now)
    enquiry.save(update_fields=["public_words", "closes_at", "disputed_at"])
    is_open = outcome is Outcome.UNANSWERED
    events.move(
        enquiry,
        Status.RESOLVED,
        EventType.UNANSWERED if is_open else EventType.RESOLVED,
        actor=actor,
        at=now,
        outcome=outcome,
        outcome_words=OUTCOME_WORDS[outcome],
        words=words,
        saving=saving,
        **data,
    )
    telling.resolved(enquiry, now=now)
    if outcome is Outcome.WITHDRAWN and links.is_followed(enquiry.pk):
        # Who withdraws speaks for themselves: other people's reports are not withdrawn with it.
        outbox.ring(
            "enquiries.part_followers",
            key=f"part_followers:{enquiry.pk}:{enquiry.reopened_count}",
            args={"target_id": enquiry.pk},
        )


def hand_off(
    enquiry: Enquiry, *, outside: Outside, reason: str, actor: Actor, now: datetime
) -> None:
    """Not ours: ends a locked enquiry, and tells the citizen whose it is and how to reach them."""
    events.record(
        enquiry,
        EventType.TRIAGED,
        actor=actor,
        at=now,
        found=f"Not ours: {outside.name}'s",
        reason=reason,
    )
    enquiry.outside_id = outside.id
    enquiry.owner, enquiry.team, enquiry.assignee = None, None, None
    enquiry.routing_reason = reason[:300]
    settle(
        enquiry,
        outcome=Outcome.SIGNPOSTED,
        words=outside.words,
        actor=actor,
        now=now,
        inside=False,
        to=outside.name,
        saving=["outside", "owner", "team", "assignee", "routing_reason"],
    )


def _withdrawal(enquiry: Enquiry, now: datetime) -> dict[str, object]:
    """Withdrawn is the citizen's own word; the contact that it was said in goes with it (R34).

    That is their last one after the first, or the first while it lasts.
    """
    first = enquiry.first_contact
    later = (
        ContactItem.objects.filter(enquiry=enquiry, at__lte=now)
        .exclude(contact_id=first.pk)
        .order_by("-at", "-pk")
        .values_list("contact_id", flat=True)
        .first()
    )
    lasts = first.ended_at is None if first.channel != Channel.EMAIL.value else False
    if later is None and (lasts or (first.ended_at is not None and first.ended_at >= now)):
        later = first.pk
    return {"by": "citizen"} if later is None else {"by": "citizen", "contact": later}


def closes_at(enquiry: Enquiry, now: datetime) -> datetime:
    """The end of the repeat window: until then the same need opens the same enquiry."""
    contact = enquiry.first_contact
    klass = enquiry.service.resolution_class if enquiry.service else "REQUEST"
    window = clocks.window_end(
        "INFORM" if enquiry.article else klass,
        contact.ended_at or contact.started_at,
        enquiry.promised_on,
        destinations.calendar_of(enquiry.owner),
    )
    return max(window, clocks.plus_days(now, 7))


def withdraw_offers(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    """Ends every live offer of a locked enquiry, and tells its team to stop."""
    for referral in enquiry.referrals.select_for_update(of=("self",), no_key=True).filter(
        status__in=["offered", "accepted"]
    ):
        referral_states.move(referral, ReferralStatus.WITHDRAWN, now=now)
        deadlines.taken_back(referral, now=now)
        events.record(
            enquiry,
            EventType.OFFER_WITHDRAWN,
            actor=actor,
            at=now,
            to=referral.organisation.slug,
            organisation=referral.organisation.name,
        )
        telling_partners.taken_back(enquiry, referral, now=now)


def open_again(enquiry: Enquiry, *, words: str, actor: Actor, now: datetime, **data: Any) -> None:
    """Takes the outcome of a locked enquiry back; it goes to the hub's queue."""
    hub = accounts.queries.hub()
    enquiry.owner, enquiry.team = hub, accounts.queries.default_team(hub.pk)
    enquiry.assignee = None
    enquiry.escalated_at, enquiry.outside = None, None
    events.move(
        enquiry,
        Status.OPEN,
        EventType.REOPENED,
        actor=actor,
        at=now,
        words=words,
        saving=["owner", "team", "assignee", "escalated_at", "outside"],
        **data,
    )
    deadlines.reopened(enquiry, now=now)
    telling.reopened(enquiry, now=now)


@transaction.atomic
def close_due(*, now: datetime, limit: int = 500) -> int:
    """Closes resolved enquiries whose time for questions is over. Returns how many."""
    due = list(
        Enquiry.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .filter(status=Status.RESOLVED.value, closes_at__lte=now)
        .order_by("closes_at", "pk")[:limit]
    )
    for enquiry in due:
        events.move(enquiry, Status.CLOSED, EventType.CLOSED, actor=SYSTEM, at=now)
    return len(due)


@transaction.atomic
def resolve(
    *,
    reference: str,
    viewer: Viewer,
    outcome: Outcome,
    words: str,
    next_step: str = "",
    article: str = "",
    now: datetime,
) -> None:
    """The hub's own answer to a case. `next_step` is what they can do after a no; without it the
    words say that, too. `article` is the answer (a slug) whose words they were. Raises NoSuchCase,
    NotNow, WordsMissing."""
    must_be_a_decision(outcome)
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended already. Reload the page to see what happened")
    next_step = next_step.strip() if outcome is Outcome.DECIDED_NO else ""
    words = with_next_step(words, next_step)
    more = {"next_step": next_step} if next_step else {}
    more |= {"article": article} if article else {}
    settle(enquiry, outcome=outcome, words=words, actor=viewer.actor, now=now, **more)


@transaction.atomic
def reopen(*, reference: str, viewer: Viewer, words: str, now: datetime) -> None:
    """Takes an outcome back while there is time for questions; what comes after that follows it
    (actions/following.py). Raises NoSuchCase, NotNow, WordsMissing."""
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    if enquiry.status == Status.CLOSED.value:
        raise NotNow("This enquiry is closed for good. Make a new one that follows it")
    if enquiry.status != Status.RESOLVED.value:
        raise NotNow("Only an enquiry that has ended can be opened again")
    link = links.ending(enquiry.pk)
    if link is not None:
        raise NotNow(f"It goes on in {link.target.reference}. Undo that link instead")
    open_again(enquiry, words=words, actor=viewer.actor, now=now)
