"""What both doors do with a mail: keep it as it came, once, before anybody says that we have it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from channels.email import mime
from inbox import actions_mail

# A mail that waited longer at its server is dated as of then: nobody promises into the past.
OLDEST = timedelta(days=14)


def most_bytes() -> int:
    """The largest mail that is kept whole."""
    return int(settings.HUB_MAIL_LARGEST_MB) * 1024 * 1024


def keep(
    raw: bytes, *, size: int, door: str, received_at: datetime, now: datetime, name: bytes = b""
) -> bool:
    """Keeps a mail in one transaction, and rings for whoever takes it; whether it was news.

    `name` is what it is known by where its Message-ID could not be read.
    """
    return actions_mail.keep(
        mailbox=settings.HUB_MAIL_ADDRESS,
        message_id=name or mime.message_id(raw),
        raw=raw,
        size=size,
        is_cut=size > len(raw),
        door=door,
        received_at=max(min(received_at, now), now - OLDEST),
    )
