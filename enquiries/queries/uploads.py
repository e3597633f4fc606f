"""Files of a form that was not sent, for who has its id; and a citizen's own files afterwards."""

from __future__ import annotations

import uuid

from enquiries.models import Attachment, Upload


def of_journey(journey: str) -> list[Upload]:
    """The files of a form, oldest first; those that were not safe are among them, without file."""
    return list(
        Upload.objects.filter(journey=journey).defer("thumbnail").order_by("added_at", "pk")
    )


def picture(journey: str, public_id: uuid.UUID) -> bytes | None:
    """A small picture of a file of a form; None when it is none, or not of this form."""
    found = Upload.objects.filter(journey=journey, public_id=public_id).only("thumbnail").first()
    return bytes(found.thumbnail) if found is not None and found.thumbnail else None


def for_citizen(reference: str) -> list[Attachment]:
    """What the citizen sent, for code that has settled that it is their enquiry: names and sizes.

    They have the files themselves, so none is opened again from here.
    """
    rows = Attachment.objects.filter(enquiry__reference=reference, organisation=None)
    return list(rows.defer("thumbnail").order_by("added_at", "pk"))
