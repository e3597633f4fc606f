"""Forms that nobody sent enter the ledger by intake, like everything else. Killed and run again,
each is counted once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from enquiries import intake
from enquiries.actions import unsent


def count_due(*, now: datetime, limit: int = 200) -> int:
    """Counts what was left; one transaction each. Returns how many."""
    found = 0
    for pk in unsent.due(now=now, limit=limit):
        found += _count(pk, now=now)
    return found


@transaction.atomic
def _count(pk: int, *, now: datetime) -> bool:
    row = unsent.held(pk, now=now)
    if row is None:
        return False
    received = intake.receive_within(unsent.as_contact(row), now=now)
    unsent.counted(row, received.enquiries[0].enquiry_id)
    return True
