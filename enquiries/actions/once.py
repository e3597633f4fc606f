"""A form of the desk does its work once, however often a browser sends it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from enquiries.models import Receipt


def first(*, key: str, now: datetime) -> bool:
    """True for the first who brings this key; a second waits until the first has ended.

    Belongs inside the transaction of the work: what is refused leaves no trace, and may be
    tried again.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a key belongs inside the transaction of its work")
    try:
        with transaction.atomic():
            Receipt.objects.create(channel="desk", external_id=key, body_hash="", at=now)
    except IntegrityError:
        return False
    return True
