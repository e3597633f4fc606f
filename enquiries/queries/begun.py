"""Forms on their way, opened: by who holds the id, or by the code that was given for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from enquiries import keeping
from enquiries.models import BegunForm


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that is not sent yet: what its door kept, and what it says so far."""

    key: str
    channel: str
    site: str | None
    revision: int
    last_question: str
    answers: Mapping[str, Any]
    need: Mapping[str, Any]
    started_at: datetime
    touched_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that has been sent, and what it became."""

    reference: str
    secret: str
    revision: int


def by_key(key: str) -> Begun | Sent | None:
    """The form with an id, for who has shown that it is theirs. One statement."""
    if not key or len(key) > 80 or "\x00" in key:
        return None
    row = BegunForm.objects.filter(key=key).select_related("site", "enquiry").first()
    if row is not None and row.enquiry is not None:
        return Sent(row.enquiry.reference, row.enquiry.secret, row.revision)
    return _opened(row)


def by_code(code: str, *, now: datetime) -> Begun | None:
    """The form that a code opens. One that is wrong, over, or of a form that was sent opens none,
    and is looked for in the same way."""
    rows = BegunForm.objects.filter(code_hash=keeping.code_hash(code), expires_at__gt=now)
    return _opened(rows.select_related("site").first())


def _opened(row: BegunForm | None) -> Begun | None:
    if row is None or row.sent_at is not None:
        return None
    body = keeping.opened(row.sealed)
    if body is None:
        return None
    return Begun(
        key=row.key,
        channel=row.channel,
        site=row.site.slug if row.site else None,
        revision=row.revision,
        last_question=row.last_question,
        answers=body["answers"],
        need=body["need"],
        started_at=row.started_at,
        touched_at=row.touched_at,
        expires_at=row.expires_at,
    )
