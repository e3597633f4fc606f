"""Forms on their way: kept sealed with each answer, opened elsewhere with a code, sent once.

`answers` is what a door keeps, plain and its own; `need` is what intake would be told, in words
that every door reads (keeping.NEED). Both are sealed together, and go once they are not needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

import accounts.queries
import notifications.actions
from core.errors import DomainError
from core.privacy import Kind, address_hash
from customers.contact import read_email, read_phone
from customers.queries_telling import texts_stopped
from enquiries import keeping
from enquiries.channels import Channel
from enquiries.models import BegunForm

KEPT: Final = timedelta(days=7)
# What is taken up again within this is one attempt (R8, R9).
A_DAY: Final = timedelta(hours=24)


class NotKept(DomainError):
    """There is no form on its way with this id."""

    code = "form_not_kept"


@dataclass(frozen=True, slots=True)
class Step:
    """One answer more. `at` is the key of the question; `end` of where the answers end it;
    `device` is the id of the kiosk, as its actor has it."""

    key: str
    channel: Channel
    revision: int
    at: str
    answers: Mapping[str, Any]
    need: Mapping[str, Any]
    site: str | None = None
    device: int | None = None
    end: str = ""


_UPSERT = """
    INSERT INTO enquiries_begunform AS begun
        (key, channel, site_id, device, service_id, form_id, sealed, revision, last_question, ended,
         address_hash, code_hash, started_at, touched_at, expires_at)
    VALUES (%(key)s, %(channel)s, %(site)s, %(device)s,
        (SELECT id FROM kb_service WHERE slug = %(service)s),
        (SELECT id FROM kb_formversion WHERE id = %(form)s),
        %(sealed)s, %(revision)s, %(at)s, %(end)s, %(hash)s, '', %(now)s, %(now)s, %(expires)s)
    ON CONFLICT (key) DO UPDATE SET
        service_id = EXCLUDED.service_id, form_id = EXCLUDED.form_id, sealed = EXCLUDED.sealed,
        revision = EXCLUDED.revision, last_question = EXCLUDED.last_question,
        ended = EXCLUDED.ended, address_hash = EXCLUDED.address_hash,
        touched_at = EXCLUDED.touched_at, expires_at = EXCLUDED.expires_at
    WHERE begun.revision < EXCLUDED.revision AND begun.sent_at IS NULL
    RETURNING 1"""


def keep(step: Step, *, now: datetime) -> bool:
    """Keeps a form as it is after an answer: one statement.

    False when somebody answered it elsewhere meanwhile, or sent it: what they did stays.
    """
    site = accounts.queries.site(step.site) if step.site else None
    values = {
        "key": step.key,
        "channel": step.channel.value,
        "site": site.pk if site else None,
        "device": step.device,
        "service": step.need.get("service") or "",
        "form": step.need.get("form_id") or None,
        "sealed": keeping.seal(step.answers, step.need),
        "revision": step.revision,
        "at": step.at[:40],
        "end": step.end[:40],
        "hash": _hash(step.need),
        "now": now,
        "expires": now + KEPT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, values)
        return cursor.fetchone() is not None


def _hash(need: Mapping[str, Any]) -> str:
    """The keyed hash of the address that was given, under which a later contact is linked."""
    if need.get("phone"):
        return address_hash("phone", read_phone(str(need["phone"])))
    if need.get("email"):
        return address_hash("email", read_email(str(need["email"])))
    return ""


@transaction.atomic
def give_code(key: str, *, now: datetime) -> str:
    """A code that opens a form elsewhere for seven days; one given before opens it no more.

    Raises NotKept.
    """
    row = BegunForm.objects.select_for_update().filter(key=key, sent_at=None).first()
    if row is None:
        raise NotKept("This form has no answer yet, or was sent already")
    code = keeping.new_code()
    row.code_hash, row.expires_at = keeping.code_hash(code), now + KEPT
    row.save(update_fields=["code_hash", "expires_at"])
    return code


@transaction.atomic
def send_code(*, code: str, kind: Kind, to: str, language: str, now: datetime) -> None:
    """Promises the code to an address, as customers.contact reads it: once, however often asked.

    The address is kept with the message alone, and goes with the form. Raises NotKept.
    """
    digest = keeping.code_hash(code)
    rows = BegunForm.objects.select_for_update(no_key=True).filter(code_hash=digest)
    row = rows.filter(sent_at=None, expires_at__gt=now).first()
    if row is None:
        raise NotKept("This code opens no form any more")
    if kind == "phone" and texts_stopped(to):
        return  # the code stands on the page; that they want no texts is nobody else's to learn
    notifications.actions.send(
        key=f"form_code:{row.pk}:{digest[:24]}:{address_hash(kind, to)[:24]}",
        event="form_code",
        medium="email" if kind == "email" else "sms",
        to=to,
        context={},
        hidden={"code": code, "link": f"{settings.HUB_BASE_URL}/ask/return/"},
        about=_about(row.pk),
        language=language,
        good_until=row.expires_at,
        now=now,
    )


def _about(pk: int) -> str:
    """What messages about a form are about."""
    return f"form:{pk}"


def sweep(*, now: datetime, limit: int = 1_000) -> int:
    """Forgets forms that nobody sent in seven days, and sent ones, and to whom their codes were
    sent. Returns how many."""
    with transaction.atomic():
        old = BegunForm.objects.select_for_update(skip_locked=True).filter(expires_at__lte=now)
        ids = list(old.order_by("expires_at").values_list("pk", flat=True)[:limit])
        notifications.actions.forget(about=[_about(pk) for pk in ids])
        BegunForm.objects.filter(pk__in=ids).delete()
    return len(ids)
