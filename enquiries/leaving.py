"""Forms that nobody sent enter the ledger by intake, like everything else. Killed and run again,
each is counted once."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from enquiries import intake
from enquiries.actions import unsent

log = structlog.get_logger(__name__)


def count_due(*, now: datetime, limit: int = 200) -> int:
    """Counts what was left; one transaction each. Returns how many.

    One that fails is told of and holds up no other.
    """
    found = 0
    for pk in unsent.due(now=now, limit=limit):
        try:
            found += _count(pk, now=now)
        except Exception:
            log.exception("leaving.failed", form=pk)
    return found


@transaction.atomic
def _count(pk: int, *, now: datetime) -> bool:
    row = unsent.held(pk, now=now)
    if row is None:
        return False
    received = intake.receive_within(unsent.as_contact(row), now=now)
    unsent.counted(row, received.enquiries[0].enquiry_id)
    return True
