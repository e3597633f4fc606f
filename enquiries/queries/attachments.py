"""Files of an enquiry, for exactly those who may see them. Not yours reads as not there."""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet

from accounts.permissions import Permission, Viewer
from core.statements import Given, Objects, objects
from enquiries.lifecycle import Scan
from enquiries.models import Attachment
from enquiries.queries import fields, sensitive
from enquiries.queries.access import (
    HELD,
    NoSuchReferral,
    canonical,
    held_by,
    own_referrals,
    visible,
)


class NoSuchFile(NoSuchReferral):
    code = "no_such_file"


def _seen(viewer: Viewer) -> QuerySet[Attachment]:
    """What an organisation added itself while it has the work, and what the citizen sent to all
    who have a part of it, or the hub shared with them; for the hub what was shared."""
    rows = Attachment.objects.select_related("organisation", "referral").defer("thumbnail")
    if viewer.is_hub and viewer.may(Permission.SEE_QUEUE):
        own = Q(organisation_id=viewer.organisation_id or 0)
        shared = Q(seen_by__in=("hub", "shared", "public", "all"))
        return sensitive.readable_files(viewer, rows.filter(own | shared))
    mine = own_referrals(viewer).filter(fields.open_to(viewer), status__in=HELD)
    own = Q(referral__in=mine, organisation_id=viewer.organisation_id or 0)
    return rows.filter(own | _for_all(viewer))


# What the citizen sent, and what the hub shares with whoever has a part of it.
_OF_ALL = Q(organisation=None) | Q(seen_by="shared")


def _for_all(viewer: Viewer) -> Q:
    """The citizen's files and those that the hub shares, as one organisation reads them: while it
    has the work, and of what was sent for everybody or in answer to its own question. What comes
    after its part is others'."""
    held = own_referrals(viewer).filter(
        fields.open_to(viewer), pk__in=held_by(viewer.organisation_id or 0)
    )
    then = held.filter(
        Q(settled_at=None) | Q(settled_at__gte=OuterRef("added_at")),
        enquiry_id=OuterRef("enquiry_id"),
    )
    asked = Q(referral=None) | Q(referral__in=held)
    return Q(_OF_ALL, asked, Exists(then))


def for_referral(viewer: Viewer, public_id: uuid.UUID) -> list[Attachment]:
    """The files of one referral, and those that its citizen sent or the hub shares; oldest
    first."""
    for_all = Q(_OF_ALL, enquiry__referrals__public_id=public_id)
    rows = _seen(viewer).filter(Q(referral__public_id=public_id) | for_all).distinct()
    return list(rows.order_by("added_at", "pk"))


def for_case(viewer: Viewer, reference: str) -> list[Attachment]:
    """The files of a case that the hub may see, oldest first."""
    return _of_case(viewer).rows(reference=canonical(reference))


@lru_cache(maxsize=512)
def _of_case(viewer: Viewer) -> Objects[Attachment]:
    cases = visible(viewer).filter(reference=Given("reference", CharField()))
    return objects(
        _seen(viewer).filter(enquiry__in=cases).order_by("added_at", "pk"), prepared=True
    )


def one(viewer: Viewer, attachment_id: uuid.UUID) -> Attachment:
    """One file, to be opened. Raises NoSuchFile, alike for one that is not there, one of others,
    and one that is still being checked."""
    found = _open(_seen(viewer)).filter(public_id=attachment_id).first()
    if found is None:
        raise NoSuchFile("There is no such file")
    return found


def _open(rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
    return rows.exclude(scan=Scan.WAITING.value)


def small(viewer: Viewer, attachment_id: uuid.UUID) -> bytes:
    """The small picture of a file. Raises NoSuchFile, as for the file, and for what is none."""
    found = one(viewer, attachment_id)
    if not found.thumbnail:
        raise NoSuchFile("There is no such file")
    return bytes(found.thumbnail)


def for_citizen(reference: str) -> list[Attachment]:
    """What the citizen may see, for code that has settled that it is their enquiry."""
    rows = _open(Attachment.objects.filter(enquiry__reference=reference, seen_by="public"))
    return list(rows.defer("thumbnail").order_by("added_at", "pk"))


def one_for_citizen(reference: str, attachment_id: uuid.UUID) -> Attachment:
    """One of those. Raises NoSuchFile."""
    found = next((row for row in for_citizen(reference) if row.public_id == attachment_id), None)
    if found is None:
        raise NoSuchFile("There is no such file")
    return found
