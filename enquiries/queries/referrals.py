"""A partner's own referrals. Every reading starts at Referral, never at Enquiry."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

import customers.queries
from accounts.permissions import Viewer
from customers.queries import PersonRow
from enquiries.models import ContactItem, EnquiryEvent, Referral
from enquiries.queries import fields, story
from enquiries.queries.access import (
    HELD,
    NoSuchReferral,
    canonical,
    held_by,
    own_referrals,
    visible,
)
from enquiries.queries.fields import Field, Sight
from enquiries.queries.story import Line
from enquiries.vocabulary import EventType

PAGE = 25
TABS: dict[str, list[str]] = {
    "offered": ["offered"],
    "accepted": ["accepted"],
    "waiting": ["accepted"],
    "done": ["completed", "rejected", "returned", "expired", "withdrawn"],
}
# First what runs out first: the time to answer, then the time to act.
ORDERS = {"offered": ("accept_due_at", "pk"), "done": ("-settled_at", "-pk")}


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A page of referrals with their enquiries; `next_page` is 0 on the last one."""

    rows: tuple[Referral, ...]
    page: int
    next_page: int


@dataclass(frozen=True, slots=True)
class ReferralCase:
    """One referral, its enquiry, who asked, and what was said and done about it.

    `sight` is what of it this viewer reads (enquiries.queries.fields): the enquiry holds no more.
    Who handed the work back, or completed it before it was opened again, knows the question and
    no longer whose it is. Lines are what this organisation did, and what the citizen answered;
    never what others did.
    """

    referral: Referral
    sight: Sight
    person: PersonRow | None
    has_it: bool
    said: tuple[ContactItem, ...]
    lines: tuple[Line, ...]


def referrals(viewer: Viewer, tab: str, *, page: int = 1) -> ReferralPage:
    """A page of the referrals to the viewer's organisation, due first."""
    rows = own_referrals(viewer).filter(status__in=TABS.get(tab, TABS["offered"]))
    if tab == "waiting":
        rows = rows.filter(enquiry__status="waiting")
    elif tab == "accepted":
        rows = rows.exclude(enquiry__status="waiting")
    order = ORDERS.get(tab, ("work_due_at", "pk"))
    page = max(page, 1)
    start = (page - 1) * PAGE
    found = list(
        rows.select_related("enquiry__service", "team").order_by(*order)[start : start + PAGE + 1]
    )
    shown = tuple(fields.veiled(viewer, row) for row in found[:PAGE])
    return ReferralPage(shown, page, page + 1 if len(found) > PAGE else 0)


def counts(viewer: Viewer) -> dict[str, int]:
    """How many referrals stand in each live tab; one statement each, by index."""
    own = own_referrals(viewer)
    accepted = own.filter(status="accepted")
    waiting = accepted.filter(enquiry__status="waiting").count()
    return {
        "offered": own.filter(status="offered").count(),
        "accepted": accepted.count() - waiting,
        "waiting": waiting,
    }


def referral(viewer: Viewer, public_id: uuid.UUID) -> ReferralCase:
    """One referral to the viewer's organisation. Raises NoSuchReferral for all others."""
    found = (
        own_referrals(viewer)
        .select_related("enquiry__service", "organisation", "team")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NoSuchReferral("There is no such referral")
    seen = fields.sight(viewer, found)
    keeps = found.status in HELD and seen.of(Field.WORDS)
    # People change how they are reached: who has the work no more reads nothing new of them.
    has_it = held_by(found.organisation_id).filter(pk=found.pk).exists()
    person_id = found.enquiry.person_id if has_it and seen.of(Field.NAME) else None
    asked_by = customers.queries.by_id(person_id) if person_id else None
    items = ContactItem.objects.filter(enquiry_id=found.enquiry_id).order_by("at", "pk")
    if found.settled_at is not None:
        # What is said after that is for whoever deals with it then.
        items = items.filter(at__lte=found.settled_at)
    events = EnquiryEvent.objects.filter(
        Q(organisation_id=found.organisation_id) | Q(type=EventType.INFO_RECEIVED),
        enquiry_id=found.enquiry_id,
        at__gte=found.offered_at,
    ).order_by("sequence")
    if found.settled_at is not None:
        events = events.filter(at__lte=found.settled_at)
    return ReferralCase(
        referral=fields.veil(found, seen),
        sight=seen,
        person=fields.person(asked_by, seen, found.enquiry.tell_by) if asked_by else None,
        has_it=has_it,
        said=tuple(items) if keeps else (),
        lines=tuple(story.lines(events, private=False)) if keeps else (),
    )


def live(viewer: Viewer, reference: str) -> Referral | None:
    """Who has an enquiry of the viewer's now: its offered or accepted referral."""
    return (
        Referral.objects.filter(
            enquiry__in=visible(viewer).filter(reference=canonical(reference)),
            status__in=("offered", "accepted"),
        )
        .select_related("organisation")
        .order_by("-offered_at", "-pk")
        .first()
    )
