"""Conversations by text: one at a time for each number, kept sealed after each text.

What is sealed is the door's own (`kept`), in words that only it reads.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import connection, transaction

import notifications.actions
from core import sealing
from core.privacy import keyed_hash
from enquiries.models import SmsDialog
from enquiries.queries import text_out

# A conversation is over after a day without a text (R10); who wrote in which language is
# remembered a little longer.
SESSION: Final = timedelta(hours=24)
KEPT: Final = timedelta(days=7)
_PURPOSE: Final = "sms dialog"
_ABOUT: Final = "sms:"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it was kept. `body` is empty where nothing is left of it, or where it does
    not open any more: then it waits for nothing."""

    phone_hash: str
    body: Mapping[str, Any]
    language: str
    is_open: bool
    revision: int
    enquiry_id: int | None
    started_at: datetime
    touched_at: datetime


def serialise(phone_hash: str) -> None:
    """One text of a number at a time, until the transaction ends: two at once would both answer
    the same question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sms:{phone_hash}"]
        )


def of(phone_hash: str) -> Kept | None:
    """The conversation of a number, for who holds it (`serialise`)."""
    return _kept(SmsDialog.objects.filter(phone_hash=phone_hash).first())


def by_token(token: str) -> Kept | None:
    """The conversation that a link opens, while it waits for an answer."""
    if not token or len(token) > 60 or "\x00" in token:
        return None
    rows = SmsDialog.objects.filter(token_hash=_token_hash(token), is_open=True)
    return _kept(rows.first())


def keep(
    phone_hash: str,
    *,
    body: Mapping[str, Any],
    token: str,
    language: str,
    is_open: bool,
    enquiry_id: int | None,
    now: datetime,
) -> int:
    """Keeps a conversation as it stands, in the transaction that holds it; its revision."""
    row = SmsDialog.objects.filter(phone_hash=phone_hash).first()
    row = row or SmsDialog(phone_hash=phone_hash, started_at=now, revision=0)
    if is_open and not row.is_open:
        row.started_at = now
    row.sealed = sealing.seal(json.dumps(dict(body)), purpose=_PURPOSE) if body else ""
    row.token_hash = _token_hash(token) if token else ""
    row.language, row.is_open, row.enquiry_id = language, is_open, enquiry_id
    row.revision += 1
    row.touched_at, row.expires_at = now, now + KEPT
    row.save()
    return row.revision


def new_token() -> str:
    """What opens a conversation's page: 72 bits, short enough for a text."""
    return secrets.token_urlsafe(9)


def about(journey: str) -> str:
    """What messages of a conversation are about, until it has a reference."""
    return f"{_ABOUT}{journey}"[:20]


def silent(*, now: datetime, limit: int = 200) -> list[str]:
    """Numbers from which no answer came for so long that what is there becomes an enquiry."""
    rows = SmsDialog.objects.filter(is_open=True, touched_at__lte=now - _silence())
    return list(rows.order_by("touched_at").values_list("phone_hash", flat=True)[:limit])


def lost(phone_hash: str) -> None:
    """A conversation that does not open any more is not looked at again."""
    SmsDialog.objects.filter(phone_hash=phone_hash).update(is_open=False, sealed="")
    log.error("sms.conversation_lost")


def is_silent(kept: Kept, *, now: datetime) -> bool:
    """The same of one conversation, for who holds it."""
    return kept.is_open and kept.touched_at <= now - _silence()


def _silence() -> timedelta:
    return timedelta(minutes=settings.HUB_SMS_SILENCE_MINUTES)


def sweep(*, now: datetime, limit: int = 1_000) -> int:
    """Forgets conversations that are over. Returns how many."""
    with transaction.atomic():
        old = SmsDialog.objects.select_for_update(skip_locked=True)
        rows = list(old.filter(expires_at__lte=now, is_open=False).order_by("expires_at")[:limit])
        SmsDialog.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def forget_unfiled(*, now: datetime) -> int:
    """Forgets what was said by text and otherwise without a case, with the addresses: first texts
    that nobody answered, conversations that became nothing, links, tests. Returns how many."""
    before, gone = now - timedelta(days=settings.FORGET_MESSAGES_DAYS), 0
    kinds = (_ABOUT, text_out.ABOUT)
    while more := notifications.actions.forget_of_no_case(kinds=kinds, before=before):
        gone += more
    return gone


def named(journey: str, reference: str) -> None:
    """A conversation has become an enquiry: what we said in it stands with that."""
    notifications.actions.now_about(before=about(journey), about=reference)


def _token_hash(token: str) -> str:
    return keyed_hash(_PURPOSE, token)


def _kept(row: SmsDialog | None) -> Kept | None:
    if row is None:
        return None
    body = _opened(row.sealed) if row.sealed else {}
    return Kept(
        phone_hash=row.phone_hash,
        body=body,
        language=row.language,
        is_open=row.is_open and bool(body),
        revision=row.revision,
        enquiry_id=row.enquiry_id,
        started_at=row.started_at,
        touched_at=row.touched_at,
    )


def _opened(sealed: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(sealing.unseal(sealed, purpose=_PURPOSE))
    except (sealing.SealBroken, ValueError):
        return {}
    return found
