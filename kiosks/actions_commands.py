"""What administrators tell devices to do: signed, handed out with heartbeats, soon too late."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from kiosks import server_keys
from kiosks.models import Command, CommandKind, Kiosk

LIFETIME = timedelta(minutes=10)
LONGEST_WORDS = 200
_LOCKING = (CommandKind.LOCK, CommandKind.UNLOCK)


class CommandNotAccepted(DomainError):
    """It cannot be told to do that; the reason in words."""

    code = "kiosk_command_not_accepted"


@transaction.atomic
def order(
    kiosk: Kiosk, *, kind: CommandKind, words: str = "", actor: Actor, now: datetime
) -> Command:
    """Tells a device to do something within ten minutes; locked it stays until it is unlocked.

    A message is for the day; one without words takes away what stands there.
    The same again, while the first waits, is the same command. Raises CommandNotAccepted.
    """
    kiosk = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
    said = " ".join(words.split()) if kind is CommandKind.MESSAGE else ""
    _check(kiosk, kind, said)
    waiting = Command.objects.filter(kiosk=kiosk, done_at=None, expires_at__gt=now)
    again = waiting.filter(kind=kind, words=said).first()
    if again is not None:
        return again
    if kind in _LOCKING:
        waiting.filter(kind__in=_LOCKING).update(expires_at=now)
        kiosk.locked_at = now if kind is CommandKind.LOCK else None
        kiosk.save(update_fields=["locked_at"])
    made = Command.objects.create(
        kiosk=kiosk,
        kind=kind,
        words=said,
        made_at=now,
        made_by_id=actor.id if actor.kind == "staff" else None,
        expires_at=now + LIFETIME,
    )
    audit.record(
        f"kiosk.command_{kind.value}",
        actor=actor,
        target=f"kiosk:{kiosk.public_id}",
        at=now,
        data={"command": str(made.public_id)},
    )
    return made


def _check(kiosk: Kiosk, kind: CommandKind, words: str) -> None:
    if kiosk.enrolled_at is None or kiosk.revoked_at is not None:
        raise CommandNotAccepted("This device is not set up, or was shut out")
    if len(words) > LONGEST_WORDS:
        raise CommandNotAccepted(
            f"The message must be {LONGEST_WORDS} characters or fewer", field="words"
        )


def signed(kiosk: uuid.UUID, command: Mapping[str, Any]) -> str:
    """A command as the device gets it."""
    return server_keys.signed({**command, "kiosk": str(kiosk)})


__all__ = ["CommandKind", "CommandNotAccepted", "order", "signed"]
