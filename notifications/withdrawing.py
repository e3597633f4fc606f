"""Takes back messages of an act that was a mistake, while no carrier has had any of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from core.errors import DomainError
from notifications import outcomes
from notifications.lifecycle import State
from notifications.models import Notification


class AlreadySaid(DomainError):
    """A carrier has one of the messages, or may have it."""

    code = "already_said"


@transaction.atomic
def withdraw(*, messages: Collection[int], silenced: Collection[int], now: datetime) -> int:
    """Ends messages that wait, all or none, and says after all what they had made needless.

    Under the lock of each row: whoever hands one over takes the same lock first, so that none is
    both sent and withdrawn. Again it changes nothing. Returns how many were ended. Raises
    AlreadySaid where one has gone.
    """
    rows = Notification.objects.select_for_update(no_key=True).order_by("pk")
    ended = 0
    for message in rows.filter(pk__in=messages):
        if message.state == State.OVERTAKEN and message.merged_into is None:
            continue
        if message.state != State.QUEUED or message.attempts:
            raise AlreadySaid("It is too late: a message about it has gone already")
        outcomes.move(message, State.OVERTAKEN, now=now)
        ended += 1
    for message in rows.filter(pk__in=silenced, state=State.OVERTAKEN, merged_into=None):
        if outcomes.can_be_copied(message):
            outcomes.begin_again(message, now=now)
    return ended
