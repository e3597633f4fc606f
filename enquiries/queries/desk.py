"""One case, as staff see it. Every reading takes the viewer; the queue is in `queue`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import customers.queries
from accounts.permissions import Permission, Viewer
from customers.queries import PersonRow
from enquiries.lifecycle import (
    ENDED,
    LIVE,
    OUTCOME_WORDS,
    STAFF_WORDS,
    LinkKind,
    Outcome,
    Status,
)
from enquiries.models import Enquiry, EnquiryEvent, Referral
from enquiries.queries import (
    holders,
    links,
    sensitive,
    story,
    touches,
    watching,
)
from enquiries.queries.access import NoSuchCase, canonical, visible
from enquiries.queries.alike import Alike, alike
from enquiries.queries.links import Tie
from enquiries.queries.story import Line
from enquiries.queries.touches import Touch

SOON = timedelta(hours=24)


def urgency(due_at: datetime | None, status: str, now: datetime) -> str:
    """Whether a clock has run out (`late`), nearly has (`soon`), has not (`fine`) or is `none`."""
    if due_at is None or status in ENDED:
        return "none"
    if due_at < now:
        return "late"
    return "soon" if due_at - now < SOON else "fine"


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that staff may see of one enquiry, and what they may do now.

    `is_sensitive` says what kind of service it is about; where the viewer does not read such
    cases (`is_hidden`), nobody's words, names and places are in it.
    """

    enquiry: Enquiry
    is_sensitive: bool
    is_hidden: bool
    is_watched: bool
    status_words: str
    outcome_words: str
    urgency: str
    person: PersonRow | None
    lines: tuple[Line, ...]
    touches: tuple[Touch, ...]
    referrals: tuple[Referral, ...]
    can_take: bool
    can_refer: bool
    can_resolve: bool
    can_reopen: bool
    can_follow: bool
    can_triage: bool
    can_note: bool
    can_tell: bool
    can_ask: bool
    can_release: bool
    can_join: bool
    can_split: bool
    can_part: bool
    ties: tuple[Tie, ...]
    alike: tuple[Alike, ...]
    followers: int


def _found(viewer: Viewer, reference: str) -> Enquiry:
    enquiry = (
        visible(viewer)
        .annotate(is_watched=watching.by(viewer))
        .select_related(
            "service", "owner", "team", "assignee", "first_contact", "first_contact__site"
        )
        .filter(reference=canonical(reference))
        .first()
    )
    if enquiry is None:
        raise NoSuchCase("There is no enquiry with that reference")
    return enquiry


def case(viewer: Viewer, reference: str, *, now: datetime) -> Case:
    """One case. Raises NoSuchCase for what is not there and for what is not the viewer's."""
    enquiry = _found(viewer, reference)
    hub, reads = viewer.is_hub, sensitive.reads(viewer, enquiry)
    live = enquiry.status in LIVE
    ties = links.ties(viewer, enquiry)
    joined = any(tie.is_from and tie.kind in links.ENDING for tie in ties)
    shown = Case(
        enquiry=enquiry,
        is_sensitive=sensitive.is_sensitive(enquiry),
        is_hidden=not reads,
        is_watched=getattr(enquiry, "is_watched", False),
        status_words=STAFF_WORDS[Status(enquiry.status)],
        outcome_words=OUTCOME_WORDS[Outcome(enquiry.outcome)] if enquiry.outcome else "",
        urgency=urgency(enquiry.due_at, enquiry.status, now),
        person=customers.queries.by_id(enquiry.person_id) if enquiry.person_id and reads else None,
        lines=tuple(_lines(enquiry, viewer, reads=reads)),
        touches=tuple(touches.touches(enquiry, reads=reads)),
        referrals=tuple(_referrals(enquiry, viewer)),
        can_take=reads and _is_free(viewer, enquiry),
        can_refer=hub and live and viewer.may(Permission.REFER),
        can_resolve=hub and live and viewer.may(Permission.RESOLVE),
        can_reopen=hub
        and enquiry.status == Status.RESOLVED
        and not joined
        and viewer.may(Permission.RESOLVE),
        can_follow=_may_follow(viewer, enquiry, ties),
        can_triage=hub and live and viewer.may(Permission.TRIAGE),
        can_note=hub and viewer.may(Permission.RESOLVE),
        can_tell=hub and live and viewer.may(Permission.RESOLVE),
        can_ask=hub and live and enquiry.status != Status.NEW and viewer.may(Permission.RESOLVE),
        can_release=hub
        and live
        and enquiry.assignee_id == viewer.id
        and viewer.may(Permission.TRIAGE),
        can_join=hub and live and viewer.may(Permission.RESOLVE),
        can_split=hub and live and viewer.may(Permission.TRIAGE),
        can_part=hub and joined and viewer.may(Permission.RESOLVE),
        ties=ties,
        alike=alike(viewer, enquiry),
        followers=len(links.followers(enquiry)) if hub else 0,
    )
    if not reads:
        sensitive.blank(enquiry)
    return shown


def _is_free(viewer: Viewer, enquiry: Enquiry) -> bool:
    """Whether the viewer may take a case: nobody has it, or who has it has left the desk."""
    if not (viewer.is_hub and enquiry.status in LIVE and viewer.may(Permission.TRIAGE)):
        return False
    return enquiry.assignee_id != viewer.id and not holders.has_holder(enquiry)


def _may_follow(viewer: Viewer, enquiry: Enquiry, ties: tuple[Tie, ...]) -> bool:
    """Whether a new one may come after it: it is closed for good, and goes on nowhere else."""
    merged = any(tie.is_from and tie.kind == LinkKind.MERGED for tie in ties)
    closed = viewer.is_hub and enquiry.status == Status.CLOSED
    return closed and not merged and viewer.may(Permission.RESOLVE)


def _lines(enquiry: Enquiry, viewer: Viewer, *, reads: bool) -> list[Line]:
    events = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    shown = events if reads else sensitive.bare(events)
    return story.lines(shown, viewer, begun_at=touches.begun_at(enquiry))


def _referrals(enquiry: Enquiry, viewer: Viewer) -> Sequence[Referral]:
    rows = Referral.objects.filter(enquiry=enquiry).select_related(
        "organisation", "team", "assignee", "suggested"
    )
    if not viewer.is_hub:
        rows = rows.filter(organisation_id=viewer.organisation_id or 0)
    return list(rows.order_by("offered_at", "pk"))
