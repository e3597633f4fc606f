"""The link to "my enquiries": asked for by anybody, sent only to an address that we know."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

import notifications.actions
from core import outbox
from core.privacy import Kind
from customers import links
from enquiries.inbound import LANGUAGE

SEND = "channels.send_own_link"


@transaction.atomic
def ask(*, kind: Kind, value: str, now: datetime) -> None:
    """Promises to look whether somebody has this address. The same work for each address."""
    language = translation.get_language() or LANGUAGE
    link_id = links.ask(kind=kind, value=value, language=language, now=now)
    outbox.ring(SEND, key=f"{SEND}:{link_id}", args={"link_id": link_id})


def send(*, link_id: int, now: datetime) -> None:
    """Writes the message, where there is somebody, in the caller's transaction."""
    prepared = links.prepare(link_id=link_id, now=now)
    if prepared is None:
        return
    notifications.actions.send(
        key=f"my_link:{link_id}",
        event="my_link",
        medium=prepared.medium,
        to=prepared.to,
        context={"minutes": str(int(links.LIFETIME.total_seconds() // 60))},
        hidden={"link": f"{settings.HUB_BASE_URL}/my/open/{prepared.token}/"},
        about="",
        language=prepared.language,
        good_until=prepared.expires_at,
        now=now,
    )
