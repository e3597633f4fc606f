"""Prints messages where the process prints, for work on a message's words."""

from __future__ import annotations

import sys

from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Outgoing


class ConsoleBackend:
    """Writes each message to standard output."""

    name = "console"
    outside = False
    looks_up = False

    def __init__(self, account: Account | None = None) -> None:
        """Any account will do: there is nothing to sign in to."""

    def send(self, message: Outgoing) -> Handed:
        """Prints it."""
        heading = f"--- {message.medium} to {message.to} · {message.subject or message.about}"
        sys.stdout.write(f"{heading}\n{message.body}\n---\n")
        sys.stdout.flush()
        return Handed(f"console-{message.reference}")

    def find(self, message: Outgoing) -> list[str]:
        """What was printed is not kept."""
        return []
