"""Keeps e-mails as they come in, and writes down what became of each."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import outbox
from inbox.models import InboundMail, MailState


def keep(
    *,
    mailbox: str,
    digest: str,
    raw: bytes,
    size: int,
    is_cut: bool,
    door: str,
    now: datetime,
) -> int:
    """Writes a mail down as it came, and rings for whoever takes it. The same one twice is one.

    Belongs into a transaction of the caller's; returns the row's id.
    """
    with transaction.atomic():
        InboundMail.objects.bulk_create(
            [
                InboundMail(
                    mailbox=mailbox, digest=digest, raw=raw, size=size, is_cut=is_cut, door=door,
                    received_at=now,
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        found = InboundMail.objects.values_list("pk", "state").get(mailbox=mailbox, digest=digest)
        if found[1] == MailState.NEW.value:
            ring(found[0])
    return found[0]


def ring(pk: int, *, again: str = "") -> None:
    """Asks for a mail to be taken, in the caller's transaction."""
    outbox.ring("channels.take_mail", key=f"mail:{pk}{again}", args={"mail_id": pk})
