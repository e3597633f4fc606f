""" "Is it about this?" What was offered in a contact, and what its agent answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries.actions import contacts
from enquiries.models import AboutOffer, ContactItem, Enquiry
from enquiries.queries.about_this import NO, SHOWN, YES, Because

# A reference and why it was offered, as the page showed it, in its order.
Offered = tuple[str, str]


class NothingOffered(DomainError):
    code = "nothing_offered"


def answered(contact_id: int, offered: Sequence[Offered], *, chosen: str, now: datetime) -> None:
    """Writes down what stood on the page when the agent said "this one"; inside the transaction of
    what was chosen. Those that were not chosen keep what was said of them before."""
    rows = _rows(offered)
    kept = _written(contact_id)
    item = (
        ContactItem.objects.filter(contact_id=contact_id, enquiry__reference=chosen)
        .order_by("-pk")
        .first()
    )
    for rank, (enquiry_id, reference, because) in enumerate(rows, 1):
        is_chosen = reference == chosen
        if enquiry_id in kept and not is_chosen:
            continue
        AboutOffer.objects.update_or_create(
            contact_id=contact_id,
            enquiry_id=enquiry_id,
            defaults={
                "rank": rank,
                "because": because,
                "answer": YES if is_chosen else "",
                "item": item if is_chosen else None,
                "at": now,
            },
        )


@transaction.atomic
def none_of_these(
    *, public_id: uuid.UUID, offered: Sequence[Offered], viewer: Viewer, now: datetime
) -> None:
    """It is about none of what was shown. Twice changes nothing; what was chosen stays chosen.

    Raises NoSuchContact, ContactClosed, NothingOffered.
    """
    contact = contacts.held(viewer, public_id)
    rows = _rows(offered)
    if not rows:
        raise NothingOffered("Nothing was offered, so there is nothing to say no to")
    for rank, (enquiry_id, _reference, because) in enumerate(rows, 1):
        offer, is_new = AboutOffer.objects.get_or_create(
            contact=contact,
            enquiry_id=enquiry_id,
            defaults={"rank": rank, "because": because, "answer": NO, "at": now},
        )
        if not is_new and not offer.answer:
            offer.answer, offer.at = NO, now
            offer.save(update_fields=["answer", "at"])


def _rows(offered: Sequence[Offered]) -> list[tuple[int, str, str]]:
    """What a page says that it showed, as far as it can have: known enquiries, each once."""
    reasons = set(Because)
    wanted = {reference: because for reference, because in offered[:SHOWN] if because in reasons}
    keys = dict(Enquiry.objects.filter(reference__in=wanted).values_list("reference", "pk"))
    return [(keys[one], one, because) for one, because in wanted.items() if one in keys]


def _written(contact_id: int) -> set[int]:
    rows = AboutOffer.objects.filter(contact_id=contact_id)
    return set(rows.values_list("enquiry_id", flat=True))
