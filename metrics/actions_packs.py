"""Packs: kept once for a period and whose figures they are; and who wants them in their mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from metrics.models import Pack, PackReader
from metrics.one_stop import VERSION
from metrics.pack_periods import Period


class NotForYou(DomainError):
    """Who sees no figures gets no pack of them."""

    code = "no_pack_for_you"


@dataclass(frozen=True, slots=True)
class Made:
    """A pack on paper, and what the message says that tells of it."""

    pdf: bytes
    pages: int
    said: Sequence[str]


def keep(period: Period, organisation: str, made: Made, *, now: datetime) -> bool:
    """Keeps a pack; False, changing nothing, where there was one of that period already.

    One statement: what is killed before it has kept nothing, and leaves nothing behind.
    """
    before = Pack.objects.filter(
        kind=period.kind, organisation=organisation, since=period.since
    ).exists()
    row = Pack(
        kind=period.kind,
        organisation=organisation,
        since=period.since,
        made_at=now,
        pages=made.pages,
        sha256=sha256(made.pdf).hexdigest(),
        body=made.pdf,
        said=list(made.said),
        version=VERSION,
    )
    if not before:
        Pack.objects.bulk_create([row], ignore_conflicts=True)
    return not before


def want(kind: str, *, viewer: Viewer, wants: bool, now: datetime) -> None:
    """Somebody wants the pack of weeks or months in their mail, or does not. Raises NotForYou."""
    if not viewer.may(Permission.SEE_PERFORMANCE) or viewer.kind != "staff" or viewer.id is None:
        raise NotForYou("Only who sees figures gets them by email")
    chosen = {kind: wants, "since": now}
    PackReader.objects.update_or_create(
        user_id=viewer.id, defaults=chosen, create_defaults={"weekly": None, **chosen}
    )
