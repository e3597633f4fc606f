"""Letters that people of ours print and post: kept sealed until they have."""

from __future__ import annotations

import base64

from django.utils import timezone

from core import sealing
from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Outgoing, Refused
from notifications.models import Notification, PrintedLetter

PURPOSE = "notifications.letter"


class PrintRoom:
    """Keeps each letter once, by our reference, for who prints it."""

    name = "print"
    outside = False
    looks_up = True

    def __init__(self, account: Account | None = None) -> None:
        # Whose print room it is; the partnership's where no body has its own.
        self._organisation = str(account.settings.get("organisation", "")) if account else ""

    def send(self, message: Outgoing) -> Handed:
        """Puts it on the pile."""
        if not message.pdf:
            raise Refused("Only letters are printed", code="no_page")
        row = Notification.objects.filter(public_id=message.reference).first()
        if row is None:
            raise Refused("The letter was forgotten with its case", code="forgotten")
        PrintedLetter.objects.bulk_create(
            [
                PrintedLetter(
                    notification=row,
                    organisation=self._organisation,
                    sealed=sealed(message.pdf),
                    pages=message.pages,
                    is_large=bool(message.facts.get("large_print")),
                    made_at=timezone.now(),
                )
            ],
            ignore_conflicts=True,
        )
        return Handed(f"letter-{message.reference}")

    def find(self, message: Outgoing) -> list[str]:
        """By our reference."""
        known = PrintedLetter.objects.filter(notification__public_id=message.reference).exists()
        return [f"letter-{message.reference}"] if known else []


def sealed(pdf: bytes) -> str:
    """A page that only this hub can read."""
    return sealing.seal(base64.b64encode(pdf).decode("ascii"), purpose=PURPOSE)


def unsealed(text: str) -> bytes:
    """The page itself. Raises core.sealing.SealBroken."""
    return base64.b64decode(sealing.unseal(text, purpose=PURPOSE))
