"""What first triage suggests for an enquiry is kept, and so is what a person then says of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import kb.queries
from core.privacy import keyed_hash
from enquiries.models import Enquiry, Suggestion
from enquiries.queries import suggestions

if TYPE_CHECKING:
    from kb.models import Service
    from kb.triage import Suggestion as Found

# Who decided, where nobody of the staff did.
CITIZEN = "The citizen"
_LONGEST_NAME, _LONGEST_REASON = 120, 300


def suggest(enquiry: Enquiry, *, is_apart: bool = False, now: datetime) -> Found:
    """What an enquiry seems to be about, by its words, the open cases of who asks, and notices;
    without their cases where they have said that it is about none of those (`is_apart`)."""
    return kb.queries.suggest_service(
        enquiry.description,
        history=() if is_apart else suggestions.open_services(enquiry),
        district=enquiry.district_code,
        now=now,
    )


def keep(enquiry: Enquiry, found: Found, *, was_set: bool, now: datetime) -> None:
    """Writes what was suggested; what somebody has decided on already stays as it is."""
    service = kb.queries.service(found.service_slug) if found.service_slug else None
    Suggestion.objects.filter(enquiry=enquiry, decided=None).delete()
    Suggestion.objects.bulk_create(
        [
            Suggestion(
                enquiry=enquiry,
                service=service,
                certainty=round(found.certainty * 100) if service else 0,
                reason=found.reason[:_LONGEST_REASON],
                others=[[slug, round(share * 100)] for slug, share in found.others],
                words_hash=keyed_hash("triage", enquiry.description),
                was_set=was_set and service is not None,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )


def conversed(enquiry: Enquiry, *, now: datetime) -> None:
    """Keeps what the words of a conversation suggest beside the service that it ended with.

    Where that was sure it was taken, and else the citizen was asked: then they decided.
    """
    if enquiry.service is None or Suggestion.objects.filter(enquiry=enquiry).exists():
        return
    found = suggest(enquiry, now=now)
    was_set = kb.queries.is_sure(found) and found.service_slug == enquiry.service.slug
    keep(enquiry, found, was_set=was_set, now=now)
    if not was_set:
        decided(enquiry, enquiry.service, by=CITIZEN, now=now)


def decided(enquiry: Enquiry, service: Service, *, by: str, now: datetime) -> None:
    """Keeps what a person says an enquiry is about, beside what was suggested. The last counts."""
    for kept in Suggestion.objects.filter(enquiry=enquiry):
        kept.decided, kept.decided_by, kept.decided_at = service, by[:_LONGEST_NAME], now
        kept.right = kept.service_id == service.pk
        kept.save(update_fields=["decided", "decided_by", "decided_at", "right"])
