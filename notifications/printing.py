"""A message of the medium letter as its page, before whoever carries it gets it."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

import accounts.queries
from notifications.backends.base import Outgoing, Refused
from notifications.events import LETTER
from notifications.letters import typeset
from notifications.letters.typeset import AddressTooLong, Letter
from notifications.mail_html import WORDMARK
from notifications.typesetting import CannotPrint


def ready(message: Outgoing) -> Outgoing:
    """A letter with its page; all else as it is. Raises Refused."""
    if message.medium != LETTER or message.pdf:
        return message
    lines = tuple(line.strip() for line in message.postal.splitlines() if line.strip())
    if len(lines) < 2:
        raise Refused("It has no whole address", code="no_address", address="unusable")
    try:
        page = typeset.printed(
            Letter(
                subject=message.subject,
                html=message.html,
                address=lines,
                sender=sender(message.organisation),
                reference=message.about,
                language=message.language,
                at=message.tried_at,
                is_large=bool(message.facts.get("large_print")),
            )
        )
    except AddressTooLong as error:
        raise Refused(str(error), code="no_address", address="unusable") from error
    except CannotPrint as error:
        raise Refused(str(error)[:300], code="not_printable") from error
    return replace(message, pdf=page.pdf, pages=page.pages)


def sender(organisation: str) -> tuple[str, ...]:
    """Who writes, and how to reach them: the hub, in the name of a body where it is one's."""
    body = accounts.queries.organisation(organisation) if organisation else None
    first = (body.name, WORDMARK) if body is not None and not body.is_hub else (WORDMARK,)
    page = settings.HUB_BASE_URL.partition("://")[2]
    return (*first, *settings.HUB_POST_ADDRESS, settings.HUB_PHONE, page)
