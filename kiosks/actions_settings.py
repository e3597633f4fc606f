"""What an administrator says about a device: its name and place, what it offers, what it has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from kiosks.models import Kiosk

if TYPE_CHECKING:
    from accounts.models import Site

MOST_PAPER = 100_000
WIDEST_MM = 3_000


class NoSuchDevice(DomainError):
    """There is no such device, or it was switched off for good."""

    code = "no_such_kiosk"


class SettingNotAccepted(DomainError):
    """What was said of a device cannot be so."""

    code = "kiosk_setting_not_accepted"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a device is set up. No languages: all; no `opening`: its site's."""

    name: str
    site: Site
    hidden_services: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    opening: dict[str, Any] | None = None
    printer: str = ""
    paper: int = 0
    screen_mm: int = 0
    is_early: bool = False


@transaction.atomic
def arrange(*, public_id: uuid.UUID, as_said: Arrangement, actor: Actor, now: datetime) -> None:
    """Sets a device up; it hears of it with its next sign of life. The same again changes nothing.

    Raises NoSuchDevice, SettingNotAccepted.
    """
    kiosk = Kiosk.objects.select_for_update().filter(public_id=public_id, revoked_at=None).first()
    if kiosk is None:
        raise NoSuchDevice("This kiosk was switched off. Set it up anew with a new code")
    _check(as_said)
    changed: dict[str, object] = {}
    for one in fields(as_said):
        said = getattr(as_said, one.name)
        value = list(said) if isinstance(said, tuple) else said
        before = getattr(kiosk, one.name)
        if value != before:
            setattr(kiosk, one.name, value)
            changed[one.name] = [_plain(before), _plain(value)]
    if changed:
        kiosk.save(update_fields=list(changed))
        audit.record(
            "kiosk.moved" if "site" in changed else "kiosk.arranged",
            actor=actor,
            target=f"kiosk:{public_id}",
            at=now,
            data=changed,
        )


def _check(said: Arrangement) -> None:
    if not said.name.strip():
        raise SettingNotAccepted("Enter the name of the kiosk", field="name")
    if not 0 <= said.paper <= MOST_PAPER:
        raise SettingNotAccepted(f"Enter a number from 0 to {MOST_PAPER:,}", field="paper")
    if not 0 <= said.screen_mm <= WIDEST_MM:
        raise SettingNotAccepted(f"Enter a number from 0 to {WIDEST_MM:,}", field="screen_mm")


def _plain(value: object) -> object:
    return getattr(value, "name", value)
