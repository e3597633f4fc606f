"""The demo's provider: keeps each message once, by our reference, where visitors can read it."""

from __future__ import annotations

from django.utils import timezone

from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Outgoing
from notifications.models import PostboxMessage


class PostboxBackend:
    """Stores messages in the database; the same reference twice is one message."""

    name = "postbox"
    outside = False
    looks_up = True

    def __init__(self, account: Account | None = None) -> None:
        """Any account will do: there is nothing to sign in to."""

    def send(self, message: Outgoing) -> Handed:
        """Puts it into the box."""
        PostboxMessage.objects.bulk_create(
            [
                PostboxMessage(
                    reference=message.reference,
                    medium=message.medium,
                    to=message.to,
                    subject=message.subject,
                    body=message.body,
                    about=message.about,
                    at=timezone.now(),
                )
            ],
            ignore_conflicts=True,
        )
        return Handed(f"postbox-{message.reference}")

    def find(self, message: Outgoing) -> list[str]:
        """By our reference."""
        rows = PostboxMessage.objects.filter(reference=message.reference)
        return [f"postbox-{row.reference}" for row in rows]
