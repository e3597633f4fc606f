"""Which pages of the desk hear of what, and their tickets (docs/desk.md, Live)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from accounts.permissions import Permission, Viewer
from core import live
from enquiries.queries import access
from enquiries.queries import contacts as reading

TOPICS = 6


def may_hear(who: Viewer, topic: str) -> bool:
    """Whether this viewer may hear what happens to that."""
    kind, _, about = topic.partition(":")
    if kind == "queue":
        return not about and who.is_hub and who.may(Permission.SEE_QUEUE)
    if kind == "team":
        return not about and who.is_hub and who.may(Permission.LEAD_TEAM)
    if kind == "case":
        # The hub's own desk alone: who looks at a case, and what others do to it, is no partner's.
        return who.is_hub and access.visible(who).filter(reference=about).exists()
    if kind == "contact" and who.may(Permission.HANDLE_CONTACTS):
        try:
            return reading.contact(who, uuid.UUID(about)) is not None
        except ValueError:
            return False
    return False


def own(who: Viewer) -> str:
    """The topic of what is meant for this member of staff alone."""
    return f"staff:{who.id}"


def facts(who: Viewer | None, topics: Sequence[str]) -> dict[str, object]:
    """What a page gives its script; nothing where streams are off.

    The caller has shown what the topics are about: they are not looked at again.
    """
    if who is None or who.id is None or not settings.HUB_LIVE_URL:
        return {}
    heard = [*topics, own(who)][:TOPICS]
    return {
        "url": f"{settings.HUB_LIVE_URL}/",
        "ticket": live.ticket(who.id, who.name, heard, now=timezone.now()),
        "topics": ",".join(topics),
    }
