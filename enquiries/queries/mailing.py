"""What the sender of an e-mail may be tied to."""

from __future__ import annotations

from dataclasses import dataclass

import customers.queries
from core.privacy import address_hash
from enquiries.lifecycle import Status
from enquiries.models import Enquiry
from enquiries.queries import of_kiosks


@dataclass(frozen=True, slots=True)
class MailedCase:
    """A case by its reference. `is_theirs`: this e-mail address is known on it. `is_current`: and
    they have not said since that another is to be written to."""

    reference: str
    status: Status
    is_theirs: bool
    is_current: bool


def by_reference(reference: str, email: str) -> MailedCase | None:
    """The case with this reference; whether it is this address's is said with it."""
    reference = of_kiosks.leads_to(reference)
    row = Enquiry.objects.filter(reference=reference).select_related("first_contact").first()
    if row is None:
        return None
    is_theirs = _is_theirs(row, email)
    changed = row.tell_by == "email" and row.tell_to not in ("", address_hash("email", email))
    return MailedCase(row.reference, Status(row.status), is_theirs, is_theirs and not changed)


def _is_theirs(row: Enquiry, email: str) -> bool:
    if not email:
        return False
    if address_hash("email", email) in (row.first_contact.address_hash, row.tell_to):
        return True
    return row.person_id is not None and row.person_id in customers.queries.with_email(email)
