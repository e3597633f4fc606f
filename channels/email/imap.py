"""Reads a mailbox by IMAP: what is new since the last look, each mail once.

A mail and the place up to which the mailbox is read are kept in one transaction; the mailbox itself
is touched only after that. Killed anywhere, the next look goes on where the last one got to.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from channels.email import receiving
from core import failpoints
from inbox import actions_mail, queries_mail

TIMEOUT_SECONDS = 20
# One look ends in time for the next; what is left is read then.
LONGEST_LOOK_SECONDS, MOST_A_LOOK = 45.0, 200
# A mailbox that was made anew has all its mails under new numbers: those of this time are looked
# at again, and found to be known.
LOOK_BACK = timedelta(days=2)
DOOR = "imap"
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
# Where the server breaks off at one mail so often, that mail is left to a person.
MOST_BREAKS = 3

log = structlog.get_logger(__name__)


class NotRead(Exception):
    """The mailbox could not be read this time; the words say why, for staff."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the mailbox is, and who reads it."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    is_tls: bool
    # Whether the password may go unencrypted: on this machine, or where that was said.
    may_be_plain: bool = False


@dataclass(slots=True)
class _Cursor:
    """How far the mailbox was read, and at which mail the server broke off, how often."""

    uid_validity: int = 0
    last_uid: int = 0
    old_uid: int = 0
    stuck_uid: int = 0
    stuck_times: int = 0


def place(url: str) -> Place:
    """What an address like imaps://user:word@mail.example/INBOX means. Raises ValueError."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "imaps"
    password = unquote(parts.password or "") or settings.IMAP_PASSWORD
    if not parts.hostname:
        raise ValueError("it names no server")
    if not parts.username or not password:
        raise ValueError("it names no user, or no password")
    return Place(
        host=parts.hostname,
        port=parts.port or (993 if is_tls else 143),
        user=unquote(parts.username),
        password=password,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_tls=is_tls,
        may_be_plain=parts.hostname in _HERE or "starttls=0" in parts.query,
    )


def poll() -> int:
    """Reads what is new in the mailbox of the settings; how many mails were new to us."""
    if not settings.IMAP_URL:
        return 0
    mailbox = settings.HUB_MAIL_ADDRESS
    before = queries_mail.look(mailbox)
    cursor = _Cursor()
    if before is not None:
        cursor = _Cursor(
            before.uid_validity, before.last_uid, before.old_uid, before.stuck_uid,
            before.stuck_times,
        )  # fmt: skip
    try:
        with _connected() as server:
            return _read(server, cursor, before.looked_at if before else None)
    except (IMAPClientError, OSError, ssl.SSLError, NotRead) as error:
        why = str(error) if isinstance(error, NotRead) else f"{type(error).__name__}: {error}"
        log.warning("mailbox.not_read", error=why[:300])
        _note(cursor, error=_without_secret(why))
        return 0


def _without_secret(words: str) -> str:
    """A server may repeat what it was told."""
    password = place(settings.IMAP_URL).password
    return words.replace(password, "•••")[:300]


@contextmanager
def _connected() -> Iterator[IMAPClient]:
    where = place(settings.IMAP_URL)
    server = IMAPClient(where.host, where.port, ssl=where.is_tls, timeout=TIMEOUT_SECONDS)
    try:
        if not where.is_tls and server.has_capability("STARTTLS"):
            server.starttls(ssl.create_default_context())
        elif not (where.is_tls or where.may_be_plain):
            raise NotRead("The mail server offers no encryption, so we did not sign in")
        server.normalise_times = False
        server.login(where.user, where.password)
        selected = server.select_folder(where.folder)
        server.uid_validity = int(selected.get(b"UIDVALIDITY", 0))
        server.newest_uid = _newest(server, selected)
        yield server
    finally:
        _leave(server)


def _newest(server: IMAPClient, selected: dict[bytes, Any]) -> int:
    """The number of the newest mail that was there when the mailbox was opened."""
    if b"UIDNEXT" in selected:
        return int(selected[b"UIDNEXT"]) - 1
    return max(server.search(["ALL"]), default=0)


def _leave(server: IMAPClient) -> None:
    # What was kept is kept; a server that breaks at LOGOUT changes nothing.
    try:
        server.logout()
    except (IMAPClientError, OSError):
        server.shutdown()


def _note(cursor: _Cursor, *, error: str = "") -> None:
    actions_mail.looked(
        settings.HUB_MAIL_ADDRESS,
        uid_validity=cursor.uid_validity,
        last_uid=cursor.last_uid,
        old_uid=cursor.old_uid,
        stuck=(cursor.stuck_uid, cursor.stuck_times),
        now=timezone.now(),
        error=error,
    )


def _read(server: IMAPClient, cursor: _Cursor, looked_at: datetime | None) -> int:
    started, new = time.monotonic(), 0
    uids = _wanted(server, cursor, looked_at)
    for uid in uids[:MOST_A_LOOK]:
        if time.monotonic() - started > LONGEST_LOOK_SECONDS:
            break
        new += _one(server, cursor, uid)
    else:
        if len(uids) <= MOST_A_LOOK:
            # What was there before us is done: nobody's old mail is news when it is marked unread.
            cursor.last_uid, cursor.old_uid = max(cursor.last_uid, cursor.old_uid), 0
    _note(cursor)
    return new


def _wanted(server: IMAPClient, cursor: _Cursor, looked_at: datetime | None) -> list[int]:
    """The mails to look at, by their numbers.

    At the first look those that nobody has read; in a mailbox that was made anew all of the last
    days; else what came since. A look that broke off goes on with those that nobody has read, and
    with what came after it began.
    """
    validity = int(server.uid_validity)
    if looked_at is None and cursor.uid_validity == 0:
        found = server.search(["UNSEEN"])
        cursor.old_uid = int(server.newest_uid)
    elif validity != cursor.uid_validity:
        log.warning("mailbox.made_anew")
        since = ((looked_at or timezone.now()) - LOOK_BACK).date()
        found = server.search(["SINCE", since])
        cursor.last_uid, cursor.old_uid = 0, int(server.newest_uid)
    else:
        # "12:*" means the newest mail even where it is older than 12.
        found = [
            n for n in server.search(["UID", f"{cursor.last_uid + 1}:*"]) if n > cursor.last_uid
        ]
        if found and min(found) <= cursor.old_uid:
            unread = set(server.search(["UNSEEN"]))
            found = [n for n in found if n > cursor.old_uid or n in unread]
    cursor.uid_validity = validity
    return sorted(found)


def _one(server: IMAPClient, cursor: _Cursor, uid: int) -> int:
    """Keeps one mail, and then says so to the mailbox; 1 if it was new to us."""
    raw, size, arrived = b"", 1, timezone.now()
    if cursor.stuck_uid != uid or cursor.stuck_times < MOST_BREAKS:
        try:
            raw, size, arrived = _fetched(server, uid)
        except (IMAPClientAbortError, OSError):
            times = cursor.stuck_times if cursor.stuck_uid == uid else 0
            cursor.stuck_uid, cursor.stuck_times = uid, times + 1
            raise
    is_new = False
    with transaction.atomic():
        if raw or size:
            is_new = receiving.keep(
                raw, size=size, door=DOOR, received_at=arrived, now=timezone.now(),
                name=b"" if raw else _unfetched(uid, cursor),
            )  # fmt: skip
        cursor.last_uid = max(cursor.last_uid, uid)
        cursor.stuck_uid = cursor.stuck_times = 0
        _note(cursor)
    failpoints.reach("imap.kept")
    _done(server, uid)
    return int(is_new)


def _unfetched(uid: int, cursor: _Cursor) -> bytes:
    """What a mail is known by that its server does not give us: a person hears of it."""
    return f"not fetched {cursor.uid_validity}.{uid}".encode()


def _fetched(server: IMAPClient, uid: int) -> tuple[bytes, int, datetime]:
    """A mail, its size and when it arrived. Of one that is too large, its beginning."""
    try:
        facts: dict[Any, Any] = server.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid, {})
        if not facts:
            return b"", 0, timezone.now()  # somebody has removed it meanwhile
        size, most = int(facts[b"RFC822.SIZE"]), receiving.most_bytes()
        what = "BODY.PEEK[]" if size <= most else f"BODY.PEEK[]<0.{most}>"
        got: dict[Any, Any] = server.fetch([uid], [what]).get(uid, {})
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        log.warning("mailbox.mail_not_given", uid=uid, error=type(error).__name__)
        return b"", 1, timezone.now()
    raw = next((bytes(v) for k, v in got.items() if k.startswith(b"BODY[") and v), b"")
    # A server counts as it stores; what it gives is what there is.
    return raw, max(size, len(raw)) if size > most else len(raw), _moment(facts)


def _moment(facts: dict[Any, Any]) -> datetime:
    arrived = facts.get(b"INTERNALDATE")
    if not isinstance(arrived, datetime):
        return timezone.now()
    return arrived if arrived.tzinfo else arrived.replace(tzinfo=UTC)


def _done(server: IMAPClient, uid: int) -> None:
    """The mail is marked as read, and moved to where those are kept that we have.

    What the server does not let us do changes nothing: we have the mail.
    """
    folder = settings.IMAP_DONE_FOLDER
    try:
        server.add_flags([uid], [b"\\Seen"], silent=True)
        if folder and server.has_capability("MOVE"):
            server.move([uid], folder)
        elif folder:
            server.copy([uid], folder)
            server.delete_messages([uid], silent=True)
            server.uid_expunge([uid])
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        log.warning("mailbox.not_marked", uid=uid, error=type(error).__name__)
