"""A provider inside the process, for tests: keeps what it got, and fails as it is told."""

from __future__ import annotations

from notifications.backends.accounts import Account
from notifications.backends.base import Handed, NotHanded, Outgoing

outbox: list[Outgoing] = []
# What happens to the next messages, first in first out: an error to raise before taking the
# message, or ("lost", error) to take it and lose the answer.
plan: list[NotHanded | tuple[str, NotHanded] | None] = []


def clear() -> None:
    """Forgets all messages and all plans."""
    outbox.clear()
    plan.clear()


class MemoryBackend:
    """Takes every message, unless `plan` says otherwise."""

    name = "memory"
    outside = False
    looks_up = True

    def __init__(self, account: Account | None = None) -> None:
        """Any account will do: there is nothing to sign in to."""

    def send(self, message: Outgoing) -> Handed:
        """Keeps the message."""
        step = plan.pop(0) if plan else None
        if isinstance(step, NotHanded):
            raise step
        outbox.append(message)
        if isinstance(step, tuple):
            raise step[1]
        return Handed(f"memory-{message.reference}")

    def find(self, message: Outgoing) -> list[str]:
        """By our reference."""
        return [f"memory-{m.reference}" for m in outbox if m.reference == message.reference]
