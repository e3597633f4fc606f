"""Files of an enquiry, for exactly those who may see them. Not yours reads as not there."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from accounts.permissions import Permission, Viewer
from enquiries.models import Attachment
from enquiries.queries import fields, sensitive
from enquiries.queries.access import HELD, NoSuchReferral, canonical, own_referrals, visible


class NoSuchFile(NoSuchReferral):
    code = "no_such_file"


def _seen(viewer: Viewer) -> QuerySet[Attachment]:
    """What an organisation added itself while it has the work; for the hub what was shared."""
    rows = Attachment.objects.select_related("organisation", "referral")
    if viewer.is_hub and viewer.may(Permission.SEE_QUEUE):
        own = Q(organisation_id=viewer.organisation_id or 0)
        return sensitive.readable_files(viewer, rows.filter(own | Q(seen_by__in=("hub", "public"))))
    mine = own_referrals(viewer).filter(fields.open_to(viewer), status__in=HELD)
    return rows.filter(referral__in=mine, organisation_id=viewer.organisation_id or 0)


def for_referral(viewer: Viewer, public_id: uuid.UUID) -> list[Attachment]:
    """The files of one referral, oldest first."""
    return list(_seen(viewer).filter(referral__public_id=public_id).order_by("added_at", "pk"))


def for_case(viewer: Viewer, reference: str) -> list[Attachment]:
    """The files of a case that the hub may see, oldest first."""
    cases = visible(viewer).filter(reference=canonical(reference))
    return list(_seen(viewer).filter(enquiry__in=cases).order_by("added_at", "pk"))


def one(viewer: Viewer, attachment_id: uuid.UUID) -> Attachment:
    """One file. Raises NoSuchFile, alike for one that is not there and one of others."""
    found = _seen(viewer).filter(public_id=attachment_id).first()
    if found is None:
        raise NoSuchFile("There is no such file")
    return found


def for_citizen(reference: str) -> list[Attachment]:
    """What the citizen may see, for code that has settled that it is their enquiry."""
    rows = Attachment.objects.filter(enquiry__reference=reference, seen_by="public")
    return list(rows.order_by("added_at", "pk"))


def one_for_citizen(reference: str, attachment_id: uuid.UUID) -> Attachment:
    """One of those. Raises NoSuchFile."""
    found = next((row for row in for_citizen(reference) if row.public_id == attachment_id), None)
    if found is None:
        raise NoSuchFile("There is no such file")
    return found
