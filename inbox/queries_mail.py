"""What is known of e-mails that came in: for who takes them, and for staff who look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

from accounts.permissions import Permission, Viewer
from core.statements import NOW, Given, Objects, Statement, objects, statement
from inbox.mails import MailState
from inbox.models import InboundMail, Mailbox
from inbox.queries_calls import Wait, waiting_parts

MOST = 100
# What was left alone by itself can be looked at for so long.
RECENT = timedelta(days=30)
# A mailbox that is away for a moment is no news.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail to be taken, as it came."""

    public_id: UUID
    mailbox: str
    digest: str
    raw: bytes
    received_at: datetime
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as staff see it."""

    public_id: UUID
    state: str
    why: str
    kind: str
    sender: str
    sender_name: str
    subject: str
    words: str
    quoted: str
    checks: dict[str, str]
    found_by: str
    reference: str
    left_out: Sequence[str]
    is_cut: bool
    received_at: datetime
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class Look:
    """How the last look into a mailbox went."""

    name: str
    uid_validity: int
    last_uid: int
    old_uid: int
    stuck_uid: int
    stuck_times: int
    looked_at: datetime | None
    failed_at: datetime | None
    error: str


def waiting(pk: int) -> Waiting | None:
    """A mail that nobody has taken; None for any other."""
    row = InboundMail.objects.filter(pk=pk, state=MailState.NEW.value).first()
    if row is None:
        return None
    raw = bytes(row.raw) if row.raw is not None else b""
    return Waiting(row.public_id, row.mailbox, row.digest, raw, row.received_at, row.is_cut)


def taken(pk: int) -> tuple[str, bytes]:
    """The case that a mail became part of, and the mail as it came; empty where it is gone."""
    row = InboundMail.objects.filter(pk=pk, state=MailState.TAKEN.value).first()
    if row is None or row.raw is None:
        return "", b""
    return row.reference, bytes(row.raw)


def threaded(mailbox: str, digests: Sequence[str]) -> str:
    """The case of the newest mail with one of these digests; "" where there is none."""
    rows = InboundMail.objects.filter(mailbox=mailbox, digest__in=list(digests))
    found = rows.exclude(reference="").order_by("-received_at", "-pk")
    return found.values_list("reference", flat=True).first() or ""


def first_of(reference: str) -> str:
    """The digest of the first mail of a case, which names its thread; "" where there is none."""
    rows = InboundMail.objects.filter(reference=reference).order_by("received_at", "pk")
    return rows.values_list("digest", flat=True).first() or ""


def sent_lately(sender_hash: str, *, since: datetime) -> int:
    """How many mails came from an address since then."""
    return InboundMail.objects.filter(sender_hash=sender_hash, received_at__gte=since).count()


def of_case(reference: str) -> list[Letter]:
    """The mails of a case, oldest first, for code that has settled that the viewer reads it."""
    return [_letter(row) for row in _about().rows(reference=reference)]


@cache
def _about() -> Objects[InboundMail]:
    rows = InboundMail.objects.filter(reference=Given("reference", CharField())).defer("raw")
    return objects(rows.order_by("received_at", "pk")[:MOST], prepared=True)


def _seen_by(viewer: Viewer) -> QuerySet[InboundMail]:
    rows = InboundMail.objects.defer("raw")
    may = viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)
    return rows if may else rows.none()


def set_aside(viewer: Viewer) -> list[Letter]:
    """Those that wait for a person, oldest first; none for who does not handle contacts."""
    rows = _seen_by(viewer).filter(state=MailState.ASIDE.value)
    return [_letter(row) for row in rows.order_by("received_at", "pk")[:MOST]]


def left_alone(viewer: Viewer, *, now: datetime) -> list[Letter]:
    """Those that were left alone lately, newest first."""
    rows = _seen_by(viewer).filter(state=MailState.IGNORED.value, settled_at__gt=now - RECENT)
    return [_letter(row) for row in rows.order_by("-settled_at", "-pk")[:MOST]]


def one(viewer: Viewer, public_id: UUID) -> Letter | None:
    """One of those; None for any other mail, and for who does not handle contacts."""
    states = [MailState.ASIDE.value, MailState.IGNORED.value]
    row = _seen_by(viewer).filter(public_id=public_id, state__in=states).first()
    return _letter(row) if row is not None else None


def case_of(viewer: Viewer, public_id: UUID) -> str:
    """The case that a mail has become part of; "" for any other mail, and for who sees none."""
    rows = _seen_by(viewer).filter(public_id=public_id, state=MailState.TAKEN.value)
    return rows.values_list("reference", flat=True).first() or ""


def count_aside(viewer: Viewer) -> int:
    """How many wait for a person, MOST at most; 0 for who does not handle contacts."""
    rows = _seen_by(viewer).filter(state=MailState.ASIDE.value)
    return len(rows.values_list("pk", flat=True)[:MOST])


def is_unread(*, now: datetime) -> bool:
    """Whether a mailbox could not be read for so long that somebody should look."""
    failing = Mailbox.objects.filter(failed_at__isnull=False)
    return failing.exclude(looked_at__gt=now - PATIENCE).exists()


@dataclass(frozen=True, slots=True)
class News:
    """How many mails wait for a person, MOST at most, whether a mailbox cannot be read, and how
    many numbers wait to be rung back."""

    aside: int
    unread: bool
    to_ring: Wait


def news(viewer: Viewer, *, now: datetime) -> News:
    """All in one statement, for a page that is opened all day; nothing for who may not know."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return News(0, unread=False, to_ring=Wait(0, 0))
    found = [which for (which,) in _news().rows(now=now)]
    return News(found.count(0), unread=1 in found, to_ring=Wait(found.count(2), found.count(3)))


@lru_cache(maxsize=1)
def _news() -> Statement:
    """0 for each mail put aside, 1 for a mailbox that is away, 2 and 3 for who is to be rung."""
    aside = InboundMail.objects.filter(state=MailState.ASIDE.value).order_by()
    failing = Mailbox.objects.filter(failed_at__isnull=False).order_by()
    failing = failing.exclude(looked_at__gt=NOW - PATIENCE)
    return statement(
        aside.values_list(Value(0))[:MOST].union(
            failing.values_list(Value(1))[:1], *waiting_parts(2, 3, now=NOW), all=True
        ),
        prepared=True,
    )


def look(mailbox: str) -> Look | None:
    """How the last look into a mailbox went; None before the first."""
    row = Mailbox.objects.filter(name=mailbox).first()
    if row is None:
        return None
    return Look(
        row.name, row.uid_validity, row.last_uid, row.old_uid, row.stuck_uid, row.stuck_times,
        row.looked_at, row.failed_at, row.error,
    )  # fmt: skip


def _letter(row: InboundMail) -> Letter:
    return Letter(
        public_id=row.public_id,
        state=row.state,
        why=row.why,
        kind=row.kind,
        sender=row.sender,
        sender_name=row.sender_name,
        subject=row.subject,
        words=row.words,
        quoted=row.quoted,
        checks=dict(row.checks),
        found_by=row.found_by,
        reference=row.reference,
        left_out=tuple(row.left_out),
        is_cut=row.is_cut,
        received_at=row.received_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
    )
