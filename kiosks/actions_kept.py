"""What devices kept for us: the numbers that they gave, and what could not be taken."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from core import audit, outbox
from core.audit import Actor
from core.errors import DomainError
from core.sealing import SealBroken
from kiosks import opening, server_keys
from kiosks.models import Kiosk, ReservedNumber, SetAside, Uncarried

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

# What opens an entry again that was set aside (channels.tasks).
TRY_AGAIN = "channels.kept_again"
# So long a printed number of what never came leads to the page that says so.
A_YEAR = timedelta(days=365)


class NoSuchEntry(DomainError):
    code = "kiosk_entry_unknown"


class NoReason(DomainError):
    code = "kiosk_entry_no_reason"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a device gave it: `is_free` says that it led to no enquiry when it was read."""

    kiosk: Kiosk
    given_at: datetime
    is_free: bool


def opened(sealed: str) -> opening.Opened:
    """What a device sealed to one of our keys. Raises opening.NotOpened."""
    return opening.opened(sealed, _key)


def _key(kid: str) -> ec.EllipticCurvePrivateKey | None:
    try:
        return server_keys.opens(kid)
    except (server_keys.KeyUnknown, SealBroken):
        return None


def number(reference: str, *, kiosk: Kiosk, made_by: str) -> Number | None:
    """A number that this device gave; None for any other.

    `made_by` is the device that sealed the entry: one that was shut out and enrolled anew brings
    what it kept before.
    """
    rows = ReservedNumber.objects.select_related("kiosk__site")
    row = rows.filter(reference=reference).first()
    if row is None:
        return None
    is_old_self = row.kiosk.revoked_at is not None and str(row.kiosk.public_id) == made_by
    if row.kiosk_id != kiosk.pk and not is_old_self:
        return None
    return Number(row.kiosk, row.given_at, is_free=row.used_at is None)


def is_free(reference: str) -> bool:
    """Whether a number leads to no enquiry yet; nobody else takes it while the transaction runs."""
    rows = ReservedNumber.objects.select_for_update().filter(reference=reference, used_at=None)
    return rows.first() is not None


def used(reference: str, *, leads_to: str, now: datetime) -> None:
    """The enquiry that a number leads to. The first that it was given for stays."""
    stands_for = leads_to if leads_to != reference else ""
    ReservedNumber.objects.filter(reference=reference, used_at=None).update(
        used_at=now, stands_for=stands_for
    )


@transaction.atomic
def set_aside(
    kiosk: Kiosk, entry: uuid.UUID, *, sealed: str, why: str, clock_behind: int, now: datetime
) -> None:
    """Keeps for a person what could not be taken; the same again changes nothing but the reason."""
    row, is_new = SetAside.objects.get_or_create(
        entry=entry,
        defaults={
            "kiosk": kiosk,
            "sealed": sealed.encode("utf-8", "replace").decode().replace("\x00", ""),
            "why": why[:200],
            "came_at": now,
            "clock_behind": clock_behind,
        },
    )
    if is_new:
        audit.record(
            "kiosk.entry_set_aside", actor=Actor("kiosk", kiosk.pk, kiosk.name),
            target=f"entry:{entry}", at=now,
        )  # fmt: skip
    else:
        SetAside.objects.filter(pk=row.pk, ended_at=None).update(why=why[:200], tried_at=now)


def taken_after_all(entry: uuid.UUID, *, reference: str, now: datetime) -> None:
    """What was set aside has become an enquiry; the sealed words are not needed any more."""
    SetAside.objects.filter(entry=entry, ended_at=None).update(
        ended_at=now, tried_at=now, reference=reference, sealed="", ended_words="Taken"
    )


@transaction.atomic
def try_again(entry: str, *, actor: Actor, now: datetime) -> None:
    """Has one opened anew. Raises NoSuchEntry."""
    row = _waiting(entry)
    audit.record("kiosk.entry_tried_again", actor=actor, target=f"entry:{row.entry}", at=now)
    outbox.ring(TRY_AGAIN, key=f"kept_again:{row.entry}:{row.tried_at}", args={"entry": row.entry})


@transaction.atomic
def end(entry: str, *, words: str, actor: Actor, now: datetime) -> None:
    """Ends one for good, with a reason. Raises NoSuchEntry, NoReason."""
    row = _waiting(entry)
    if not words.strip():
        raise NoReason("Say why nothing more is done with it")
    row.ended_at, row.ended_words, row.sealed = now, words.strip()[:300], ""
    row.save(update_fields=["ended_at", "ended_words", "sealed"])
    audit.record(
        "kiosk.entry_ended", actor=actor, target=f"entry:{row.entry}", at=now,
        data={"words": row.ended_words},
    )  # fmt: skip


def _waiting(entry: str) -> SetAside:
    rows = SetAside.objects.select_for_update().filter(ended_at=None)
    row = rows.filter(entry=entry).first() if _is_id(entry) else None
    if row is None:
        raise NoSuchEntry("Somebody has dealt with this meanwhile")
    return row


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


@transaction.atomic
def forget_ended(*, before: datetime, limit: int = 500) -> int:
    """Deletes what was set aside and ended before then; how many. What nobody dealt with stays."""
    old = SetAside.objects.select_for_update(skip_locked=True).filter(ended_at__lt=before)
    ids = list(old.order_by("ended_at").values_list("pk", flat=True)[:limit])
    return SetAside.objects.filter(pk__in=ids).delete()[0]


@transaction.atomic
def forget_uncarried(*, now: datetime, limit: int = 500) -> int:
    """Forgets what never came and was told of a year ago; how many.

    The number is not free again: nobody is given one that was printed before.
    """
    old = Uncarried.objects.select_for_update(skip_locked=True).filter(told_at__lt=now - A_YEAR)
    rows = list(old.values_list("pk", "reference")[:limit])
    numbers = ReservedNumber.objects.filter(reference__in=[number for _pk, number in rows])
    numbers.filter(used_at=None).update(used_at=now)
    return Uncarried.objects.filter(pk__in=[pk for pk, _number in rows]).delete()[0]


@transaction.atomic
def forgotten(
    kiosk: Kiosk, entry: uuid.UUID, *, reference: str, made_at: datetime, now: datetime
) -> None:
    """A device had to forget what it kept, and whoever has its number is to be told so.

    What reached us after all, or waits for a person here, was not lost.
    """
    is_here = ReservedNumber.objects.filter(reference=reference).exclude(used_at=None).exists()
    if is_here or SetAside.objects.filter(entry=entry).exists():
        return
    is_ours = Q(kiosk=kiosk) | Q(kiosk__revoked_at__isnull=False)
    given = ReservedNumber.objects.filter(is_ours, reference=reference).exists()
    _row, is_new = Uncarried.objects.get_or_create(
        entry=entry,
        defaults={
            "kiosk": kiosk,
            "reference": reference if given else "",
            "made_at": min(made_at, now),
            "told_at": now,
        },
    )
    if is_new:
        audit.record(
            "kiosk.entry_never_came", actor=Actor("kiosk", kiosk.pk, kiosk.name),
            target=f"entry:{entry}", at=now,
        )  # fmt: skip
