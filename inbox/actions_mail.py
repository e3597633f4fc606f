"""Keeps e-mails as they come in, and writes down what became of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core import audit, outbox
from core.audit import Actor
from core.errors import DomainError
from core.privacy import address_hash
from inbox.mails import MailKind, MailState
from inbox.models import InboundMail, Mailbox

TASK = "channels.take_mail"
# How long a mail is kept as it came, after it was settled: time enough to look at the original.
KEPT = timedelta(days=30)
LONGEST_WORDS = 100_000


class NoSuchMail(DomainError):
    code = "no_such_mail"


class MailSettled(DomainError):
    code = "mail_settled"


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What was read of a mail, for those who look at it later."""

    kind: MailKind
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    words: str = ""
    quoted: str = ""
    checks: dict[str, str] | None = None
    found_by: str = ""


def digest_of(message_id: bytes, raw: bytes) -> str:
    """What a mail is known by: its Message-ID, or its bytes where it has none."""
    named = message_id.strip(b"<> \t")
    return hashlib.sha256(named or raw).hexdigest()


@transaction.atomic
def keep(
    *,
    mailbox: str,
    message_id: bytes,
    raw: bytes,
    size: int,
    door: str,
    received_at: datetime,
    is_cut: bool = False,
) -> bool:
    """Writes a mail down as it came, and rings for whoever takes it; whether it was news.

    The same one twice is one, whichever door it came by.
    """
    digest = digest_of(message_id, raw)
    mine = InboundMail(
        mailbox=mailbox, digest=digest, raw=raw, size=size, is_cut=is_cut, door=door,
        received_at=received_at,
    )  # fmt: skip
    InboundMail.objects.bulk_create([mine], ignore_conflicts=True)
    kept = InboundMail.objects.only("pk", "public_id", "state").get(mailbox=mailbox, digest=digest)
    if kept.state == MailState.NEW.value:
        _ring(kept.pk)
    return kept.public_id == mine.public_id


def _ring(pk: int, *, again: str = "") -> None:
    outbox.ring(TASK, key=f"mail:{pk}{again}", args={"mail_id": pk})


def begin(pk: int) -> int:
    """Counts one more try to take a mail, and says how many there were; 0 when it is settled."""
    tried = InboundMail.objects.filter(pk=pk, state=MailState.NEW.value)
    if not tried.update(attempts=F("attempts") + 1):
        return 0
    return InboundMail.objects.values_list("attempts", flat=True).get(pk=pk)


def take_back_try(pk: int) -> None:
    """A try that broke off through no fault of the mail does not count."""
    rows = InboundMail.objects.filter(pk=pk, state=MailState.NEW.value, attempts__gt=0)
    rows.update(attempts=F("attempts") - 1)


def note(pk: int, read: ReadAs) -> None:
    """What was read of a mail; it waits on."""
    InboundMail.objects.filter(pk=pk, state=MailState.NEW.value).update(
        kind=read.kind.value,
        sender=read.sender[:254],
        sender_name=read.sender_name[:200],
        sender_hash=address_hash("email", read.sender) if read.sender else "",
        subject=read.subject[:200],
        words=read.words[:LONGEST_WORDS],
        quoted=read.quoted[:LONGEST_WORDS],
        checks=read.checks or {},
        found_by=read.found_by,
    )


def taken(pk: int, *, reference: str, left_out: Sequence[str], now: datetime, by: str = "") -> None:
    """A mail became part of a case."""
    _settle(pk, MailState.TAKEN, "", reference, now=now, by=by, left_out=list(left_out))


def taken_by_hand(pk: int, *, reference: str, by: str, now: datetime) -> None:
    """A person made an enquiry of a mail; its files follow."""
    taken(pk, reference=reference, left_out=(), now=now, by=by)
    outbox.ring("channels.file_mail", key=f"mail-files:{pk}", args={"mail_id": pk})


def left_out(pk: int, lines: Sequence[str]) -> None:
    """Which files of a mail were not kept, with why of each."""
    InboundMail.objects.filter(pk=pk).update(left_out=list(lines))


def ignored(pk: int, *, why: str, reference: str = "", now: datetime, by: str = "") -> None:
    """A mail needs nothing of anybody. It can be looked at for a while."""
    _settle(pk, MailState.IGNORED, why, reference, now=now, by=by)


def aside(pk: int, *, why: str, now: datetime) -> None:
    """A mail that only a person can deal with; the others go on."""
    _settle(pk, MailState.ASIDE, why, "", now=now)


def _settle(
    pk: int,
    state: MailState,
    why: str,
    reference: str,
    *,
    now: datetime,
    by: str = "",
    **more: list[str],
) -> None:
    InboundMail.objects.filter(pk=pk).update(
        state=state.value, why=why[:300], settled_at=now, settled_by=by[:120],
        reference=reference, **more,
    )  # fmt: skip


def _held(public_id: UUID) -> InboundMail:
    """A mail, locked, that waits for a person. Raises NoSuchMail, MailSettled."""
    rows = InboundMail.objects.select_for_update(no_key=True).defer("raw")
    mail = rows.filter(public_id=public_id).first()
    if mail is None or mail.state == MailState.NEW.value:
        raise NoSuchMail("There is no such email")
    if mail.state == MailState.TAKEN.value:
        raise MailSettled("This email has become part of a case already")
    return mail


@transaction.atomic
def try_again(*, public_id: UUID, actor: Actor, now: datetime) -> None:
    """Has a mail that was set aside taken once more. Raises NoSuchMail, MailSettled."""
    mail = _held(public_id)
    InboundMail.objects.filter(pk=mail.pk).update(
        state=MailState.NEW.value, why="", settled_at=None, settled_by="", attempts=0
    )
    _ring(mail.pk, again=f":{now.timestamp():.0f}")
    _audit("mail.tried_again", mail, actor, now)


@transaction.atomic
def ignore(*, public_id: UUID, actor: Actor, now: datetime) -> None:
    """A person says that a mail needs nothing. Raises NoSuchMail, MailSettled."""
    mail = _held(public_id)
    ignored(mail.pk, why="Nothing to do", reference=mail.reference, now=now, by=actor.name)
    _audit("mail.ignored", mail, actor, now)


@transaction.atomic
def hold_for_hand(*, public_id: UUID) -> int:
    """The id of a mail that a person makes an enquiry of, held until their transaction ends.

    Raises NoSuchMail, MailSettled.
    """
    return _held(public_id).pk


def _audit(what: str, mail: InboundMail, actor: Actor, now: datetime) -> None:
    audit.record(what, actor=actor, target=f"mail:{mail.public_id}", at=now)


def empty_old(*, now: datetime, limit: int = 500) -> int:
    """Lets go of mails as they came, a while after they were settled; how many it was.

    What became part of a case stays with the case. Of the rest nothing is kept.
    """
    old = InboundMail.objects.filter(settled_at__lt=now - KEPT, raw__isnull=False)
    old = old.exclude(state=MailState.ASIDE.value).order_by("settled_at")
    ids = list(old.values_list("pk", flat=True)[:limit])
    rows = InboundMail.objects.filter(pk__in=ids)
    rows.filter(state=MailState.IGNORED.value, reference="").delete()
    rows.update(raw=None)
    return len(ids)


@transaction.atomic
def forget_aside(*, before: datetime, limit: int = 500) -> int:
    """Deletes mails that were set aside before then and that nobody dealt with; how many.

    One that somebody deals with at this moment is theirs.
    """
    old = InboundMail.objects.select_for_update(skip_locked=True).filter(
        state=MailState.ASIDE.value, settled_at__lt=before
    )
    ids = list(old.order_by("received_at").values_list("pk", flat=True)[:limit])
    return InboundMail.objects.filter(pk__in=ids).delete()[0]


def forget(*, references: Sequence[str]) -> int:
    """Deletes the mails of cases that are deleted now. Returns how many."""
    rows = InboundMail.objects.filter(reference__in=[one for one in references if one])
    return rows.delete()[0]


def looked(
    mailbox: str,
    *,
    uid_validity: int,
    last_uid: int,
    stuck: tuple[int, int],
    now: datetime,
    old_uid: int = 0,
    error: str = "",
) -> None:
    """How far a mailbox was read, and how that went. `stuck` is at which mail, how often.

    Up to `old_uid` there were mails before us; 0 when those are done.
    """
    seen = {"failed_at": now} if error else {"looked_at": now, "failed_at": None}
    Mailbox.objects.update_or_create(
        name=mailbox,
        defaults={
            "uid_validity": uid_validity, "last_uid": last_uid, "old_uid": old_uid,
            "error": error[:300], "stuck_uid": stuck[0], "stuck_times": stuck[1], **seen,
        },
    )  # fmt: skip
