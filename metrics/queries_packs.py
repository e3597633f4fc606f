"""Packs for people: the hub sees all, a partner's managers theirs, others none."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.permissions import Permission, Role, Viewer
from enquiries.queries import ledger
from metrics.models import Cursor, Pack, PackReader
from metrics.pack_periods import MONTHLY, WEEKLY
from metrics.projection import LEDGER
from metrics.queries import midnight

MOST = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A pack as lists show it; `organisation` "" is the whole partnership."""

    public_id: uuid.UUID
    kind: str
    since: date
    organisation: str
    made_at: datetime
    pages: int
    sha256: str
    said: list[str]


_FIELDS = ("public_id", "kind", "since", "organisation", "made_at", "pages", "sha256", "said")


def _seen_by(viewer: Viewer) -> QuerySet[Pack]:
    if not viewer.may(Permission.SEE_PERFORMANCE):
        return Pack.objects.none()
    if viewer.is_hub:
        return Pack.objects.all()
    return Pack.objects.filter(organisation=viewer.organisation_slug).exclude(organisation="")


def packs(viewer: Viewer) -> list[Kept]:
    """The newest MOST, newest first."""
    rows = _seen_by(viewer).order_by("-since", "kind", "organisation")
    return [Kept(*row) for row in rows.values_list(*_FIELDS)[:MOST]]


def body(viewer: Viewer, public_id: uuid.UUID) -> tuple[Kept, bytes] | None:
    """One of them with its pages, as PDF."""
    row = _seen_by(viewer).filter(public_id=public_id).first()
    if row is None:
        return None
    return Kept(*(getattr(row, name) for name in _FIELDS)), bytes(row.body)


def paper(public_id: str) -> tuple[str, bytes] | None:
    """A pack as the file of the message that tells of it; None where it is kept no more."""
    row = Pack.objects.filter(public_id=public_id).first()
    if row is None:
        return None
    return file_name(row.kind, row.since, row.organisation), bytes(row.body)


def file_name(kind: str, since: date, organisation: str) -> str:
    """What a pack is called where it is saved."""
    return f"{kind}-{since}-{organisation or 'partnership'}.pdf"


def is_read(until: date) -> bool:
    """Whether the ledger is folded as far as a London day's beginning: something later was read,
    or there is nothing more to read."""
    cursor = Cursor.objects.filter(name=LEDGER).first()
    if cursor is None:
        return False
    if cursor.moved_at is not None and cursor.moved_at >= midnight(until):
        return True
    return not ledger.changed_since(cursor.value, limit=1)[0]


def kept(kind: str, since: date) -> dict[str, Kept]:
    """The packs of a period by organisation, for who sends them."""
    rows = Pack.objects.filter(kind=kind, since=since).order_by("organisation")
    found = [Kept(*row) for row in rows.values_list(*_FIELDS)]
    return {one.organisation: one for one in found}


@dataclass(frozen=True, slots=True)
class Choices:
    """The keys of who said yes to a pack by a moment, and of who said no."""

    yes: frozenset[int]
    no: frozenset[int]


def choices(kind: str, *, before: datetime) -> Choices:
    """What people chose of the packs of weeks or months; a "no" counts at once."""
    rows = PackReader.objects.exclude(**{kind: None}).values_list("user_id", kind, "since")
    found = list(rows)
    return Choices(
        yes=frozenset(user for user, wants, since in found if wants and since <= before),
        no=frozenset(user for user, wants, _since in found if not wants),
    )


def gets_unasked(kind: str, viewer: Viewer) -> bool:
    """Managers of the hub get the week, those of partners the month, until they say no."""
    return Role.MANAGER in viewer.roles and viewer.is_hub == (kind == WEEKLY)


def wants(viewer: Viewer) -> dict[str, bool]:
    """Whether somebody gets the pack of each kind."""
    row = PackReader.objects.filter(user_id=viewer.id or 0).first()
    chosen = {WEEKLY: row.weekly if row else None, MONTHLY: row.monthly if row else None}
    return {
        kind: gets_unasked(kind, viewer) if said is None else said for kind, said in chosen.items()
    }
