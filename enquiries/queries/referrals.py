"""A partner's own referrals. Every reading starts at Referral, never at Enquiry."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import customers.queries
from accounts.permissions import Viewer
from customers.queries import PersonRow
from enquiries.models import ContactItem, Referral
from enquiries.queries.access import NoSuchReferral, own_referrals

PAGE = 25
TABS: dict[str, list[str]] = {
    "offered": ["offered"],
    "accepted": ["accepted"],
    "waiting": ["accepted"],
    "done": ["completed", "rejected", "returned", "expired", "withdrawn"],
}


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A page of referrals with their enquiries; `next_page` is 0 on the last one."""

    rows: tuple[Referral, ...]
    page: int
    next_page: int


@dataclass(frozen=True, slots=True)
class ReferralCase:
    """One referral, its enquiry, who asked, and what was said about it."""

    referral: Referral
    person: PersonRow | None
    said: tuple[ContactItem, ...]


def referrals(viewer: Viewer, tab: str, *, page: int = 1) -> ReferralPage:
    """A page of the referrals to the viewer's organisation, due first."""
    rows = own_referrals(viewer).filter(status__in=TABS.get(tab, TABS["offered"]))
    if tab == "waiting":
        rows = rows.filter(enquiry__status="waiting")
    elif tab == "accepted":
        rows = rows.exclude(enquiry__status="waiting")
    order = ("-settled_at", "-pk") if tab == "done" else ("work_due_at", "pk")
    page = max(page, 1)
    start = (page - 1) * PAGE
    found = list(
        rows.select_related("enquiry__service", "team").order_by(*order)[start : start + PAGE + 1]
    )
    return ReferralPage(tuple(found[:PAGE]), page, page + 1 if len(found) > PAGE else 0)


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
    person_id = found.enquiry.person_id
    items = ContactItem.objects.filter(enquiry_id=found.enquiry_id).order_by("at", "pk")
    return ReferralCase(
        referral=found,
        person=customers.queries.by_id(person_id) if person_id else None,
        said=tuple(items),
    )
