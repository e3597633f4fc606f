"""What comes back for an e-mail of ours: an answer to it, or a report that it did not arrive."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from notifications import outcomes
from notifications.backends.base import Refused
from notifications.events import TO_OTHERS, TO_STAFF
from notifications.lifecycle import State
from notifications.models import DeliveryReceipt, MailThread, Notification

# RFC 3463: of these the address itself is the reason. A full mailbox is emptied one day.
_NO_SUCH_ADDRESS = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
# As programs write them; nothing in it may end a line.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that a mail answers. `about` is empty where it was not the citizen's own."""

    public_id: uuid.UUID
    to: str
    about: str
    is_to_staff: bool


def hear(*, about: str, message_id: str) -> None:
    """A citizen wrote about a case: what we write from now on stands under their e-mail.

    What is no Message-ID is not kept: it would stand in a header of ours.
    """
    named = message_id.strip()
    if _MESSAGE_ID.fullmatch(named):
        MailThread.objects.update_or_create(about=about, defaults={"message_id": named})


def answered(ids: Iterable[str]) -> Answered | None:
    """The newest of our e-mails under these ids; None where we know none of them (any more)."""
    rows = Notification.objects.filter(public_id__in=list(ids), medium="email")
    row = rows.order_by("-created_at", "-pk").first()
    if row is None:
        return None
    is_theirs = row.event not in TO_STAFF | TO_OTHERS
    return Answered(row.public_id, row.to, row.about if is_theirs else "", row.event in TO_STAFF)


@transaction.atomic
def reported(
    *, ids: Iterable[str], action: str, status: str, words: str, recipient: str, now: datetime
) -> str | None:
    """What a mail server says became of one of our e-mails; the case it was about.

    None where it was none of ours. Repeats and late news change nothing. Only a report about the
    very address that we wrote to says something about that address.
    """
    held = Notification.objects.select_for_update(no_key=True)
    message = held.filter(public_id__in=list(ids), medium="email").order_by("-pk").first()
    if message is None:
        return None
    receipt = DeliveryReceipt(
        notification=message, provider="mail", sid=str(message.public_id),
        status=f"{action} {status}"[:30], error_code=status[:20], at=now,
    )  # fmt: skip
    DeliveryReceipt.objects.bulk_create([receipt], ignore_conflicts=True)
    if action == "failed":
        is_gone = status in _NO_SUCH_ADDRESS and recipient == message.to.lower()
        said = words or "The mail server could not deliver it"
        refusal = Refused(said, code=status, address="unusable" if is_gone else "")
        outcomes.failed(message, refusal, now=now)
    elif action in ("delivered", "relayed"):
        outcomes.move(message, State.DELIVERED, now=now)
    return message.about
