"""Devices: a code for one, its enrolment, its session, and its end."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.queries import digest
from core import audit
from core.audit import Actor
from core.errors import DomainError
from kiosks import keys
from kiosks.models import Kiosk

if TYPE_CHECKING:
    from accounts.models import Site

# Digits only and short: staff read it off one screen and type it on another.
CODE_LIFETIME = timedelta(minutes=10)


class CodeNotAccepted(DomainError):
    code = "kiosk_code_not_accepted"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device that may speak now, and the session's token: the one time that it can be read."""

    kiosk: Kiosk
    token: str


@transaction.atomic
def code(
    *,
    site: Site,
    name: str,
    actor: Actor,
    now: datetime,
    lifetime: timedelta = CODE_LIFETIME,
) -> str:
    """A one-time code that enrols one device at a site, within ten minutes if not said."""
    made = f"{secrets.randbelow(10**8):08d}"
    kiosk = Kiosk.objects.create(
        site=site,
        name=name,
        code_digest=digest(made),
        code_expires_at=now + lifetime,
        created_at=now,
    )
    audit.record("kiosk.code_made", actor=actor, target=f"kiosk:{kiosk.public_id}", at=now)
    return made


@transaction.atomic
def enrol(*, code: str, key: Mapping[str, str], now: datetime) -> Enrolled:
    """Turns a one-time code into a device that is known by its key.

    The caller has seen that the device holds the private half. Raises CodeNotAccepted.
    """
    digits = "".join(character for character in code if character.isdigit())
    kiosk = (
        Kiosk.objects.select_for_update(of=("self",))
        .select_related("site")
        .filter(code_digest=digest(digits), revoked_at=None, code_expires_at__gt=now)
        .first()
    )
    if not digits or kiosk is None:
        raise CodeNotAccepted(
            "That code is not right or is older than ten minutes. Ask for a new one"
        )
    known = keys.thumbprint(key)
    for before in Kiosk.objects.filter(thumbprint=known, revoked_at=None).exclude(pk=kiosk.pk):
        # The same device with another code: what it was until now has ended.
        revoke(public_id=str(before.public_id), actor=Actor("kiosk", before.pk), now=now)
    raw = secrets.token_urlsafe(32)
    kiosk.token_digest, kiosk.token_before, kiosk.token_at = digest(raw), "", now
    kiosk.code_digest, kiosk.code_expires_at = "", None
    kiosk.key, kiosk.thumbprint = dict(key), known
    kiosk.enrolled_at = now
    kiosk.save()
    audit.record(
        "kiosk.enrolled", actor=Actor("kiosk", kiosk.pk), target=f"kiosk:{kiosk.public_id}", at=now
    )
    return Enrolled(kiosk, raw)


@transaction.atomic
def revoke(*, public_id: str, actor: Actor, now: datetime) -> None:
    """Shuts a device out at once."""
    if Kiosk.objects.filter(public_id=public_id, revoked_at=None).update(revoked_at=now):
        audit.record("kiosk.revoked", actor=actor, target=f"kiosk:{public_id}", at=now)
