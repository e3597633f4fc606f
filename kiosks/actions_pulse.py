"""A heartbeat: what a device said is written down and what it is to be told is read, in one
statement, for this is the call that comes most often of all.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from accounts.queries import digest
from core.errors import DomainError
from kiosks.heard import Heard
from kiosks.models import Kiosk
from kiosks.proofs import Proof
from kiosks.queries import GRACE
from kiosks.straight import Statement

# How old a session's token grows before it is changed. It dies by itself soon after (queries.LIFE).
ROTATE_AFTER = timedelta(minutes=9)
DEVICE = "device"
# What a device printed is its total: what is new of it is added, so that hearing it twice counts
# once. One that says less has begun anew, unless it only was overtaken on the way (its nonce).
# Whoever is enrolled twice by one key is what it became last. Nobody waits until this is on the
# disk: the next comes in half a minute, and what must not be lost is written by other statements.
_BEAT = Statement("""
WITH me AS (
    SELECT k.id, k.public_id, k.name, k.revoked_at, k.locked_at, k.token_digest, k.token_before,
           k.token_at, k.hidden_services, k.languages, k.opening, k.printer, k.paper, k.screen_mm,
           k.is_early, s.name AS site, s.phone, s.opening AS site_opening, o.is_active,
           o.calendar -> 'closed' AS closed, p.nonce_at
    FROM accounts_kiosk k
    JOIN accounts_site s ON s.id = k.site_id
    JOIN accounts_organisation o ON o.id = s.organisation_id
    LEFT JOIN kiosks_pulse p ON p.kiosk_id = k.id
    WHERE k.thumbprint = $1::text AND k.thumbprint <> ''
    ORDER BY k.revoked_at IS NULL DESC, k.enrolled_at DESC LIMIT 1
), beat AS (
    INSERT INTO kiosks_pulse AS known (
        kiosk_id, at, release, content, queued, oldest_at, numbers, touched_at, printed_ever,
        clock_off, nonce_at, problems)
    SELECT id, $3::timestamptz, $4::text, $5::text, $6::int,
           $7::timestamptz, $8::int, $9::timestamptz,
           $10::int, $11::float8, $2::timestamptz, $12::text[]
    FROM me WHERE revoked_at IS NULL AND is_active
    ON CONFLICT (kiosk_id) DO UPDATE SET
        at = excluded.at, release = excluded.release, content = excluded.content,
        queued = excluded.queued, oldest_at = excluded.oldest_at, numbers = excluded.numbers,
        touched_at = coalesce(excluded.touched_at, known.touched_at),
        printed = known.printed + CASE
            WHEN excluded.printed_ever >= known.printed_ever
            THEN excluded.printed_ever - known.printed_ever
            WHEN excluded.nonce_at > known.nonce_at THEN excluded.printed_ever ELSE 0 END,
        printed_ever = CASE
            WHEN excluded.nonce_at > known.nonce_at THEN excluded.printed_ever
            ELSE greatest(excluded.printed_ever, known.printed_ever) END,
        clock_off = excluded.clock_off, nonce_at = excluded.nonce_at, problems = excluded.problems
    WHERE known.nonce_at IS NULL OR known.nonce_at <= excluded.nonce_at
)
SELECT id, public_id, name, revoked_at IS NOT NULL OR NOT is_active, locked_at IS NOT NULL,
       token_digest, token_before, extract(epoch FROM token_at), array_to_json(hidden_services),
       array_to_json(languages), opening, printer, paper, screen_mm, is_early, site, phone,
       site_opening, closed, extract(epoch FROM nonce_at),
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', c.public_id, 'kind', c.kind, 'words', c.words,
                   'exp', floor(extract(epoch FROM c.expires_at) * 1000)) ORDER BY c.made_at, c.id)
        FROM kiosks_command c
        WHERE c.kiosk_id = me.id AND c.done_at IS NULL
              AND c.expires_at > $3::timestamptz),
       (SELECT public FROM kiosks_serverkey
        WHERE purpose = 'seal' AND retired_at IS NULL),
       (SELECT public FROM kiosks_serverkey
        WHERE purpose = 'sign' AND retired_at IS NULL),
       set_config('synchronous_commit', 'off', true)
FROM me
""")


class _Row(NamedTuple):
    """What the hub knows of a device; times in seconds since 1970, JSON as it came."""

    id: int
    public_id: UUID
    name: str
    is_shut_out: bool
    is_locked: bool
    token_digest: str
    token_before: str
    token_at: float | None
    hidden_services: str
    languages: str
    opening: str | None
    printer: str
    paper: int
    screen_mm: int
    is_early: bool
    site: str
    phone: str
    site_opening: str
    closed: str | None
    nonce_at: float | None
    commands: str | None
    seal: str | None
    sign: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What the hub knows of the device that spoke."""

    row: _Row
    # Nothing newer was heard of it: only such a call is handed a session.
    is_news: bool
    commands: list[dict[str, Any]]

    @property
    def kiosk(self) -> Kiosk:
        """The device, with what its own row says."""
        row = self.row
        return Kiosk(pk=row.id, public_id=row.public_id, name=row.name, is_early=row.is_early)


class ShutOut(DomainError):
    """Nobody here is known by this key (`unknown`), or not any more (`revoked`)."""

    code = "kiosk_shut_out"

    def __init__(self, why: str) -> None:
        super().__init__("This device is not one of the hub's")
        self.why = why


def hear(proof: Proof, heard: Heard, *, now: datetime) -> Answered:
    """Writes a heartbeat down and reads what it is answered. Raises ShutOut."""
    row = _row(proof, heard, now)
    if row is None:
        raise ShutOut("unknown")
    if row.is_shut_out:
        raise ShutOut("revoked")
    if heard.done:
        _settle(row.id, heard.done, now)
    if heard.totals or heard.left:
        _count(row.id, heard)
    commands = [one for one in json.loads(row.commands or "[]") if one["id"] not in heard.done]
    if commands:
        _handed_out(row.id, [one["id"] for one in commands], now)
    is_news = row.nonce_at is None or proof.nonce_at.timestamp() > row.nonce_at
    return Answered(row, is_news, commands)


def _row(proof: Proof, heard: Heard, now: datetime) -> _Row | None:
    values = [
        proof.thumbprint,
        proof.nonce_at.isoformat(),
        now.isoformat(),
        heard.release,
        heard.content,
        str(heard.queued),
        heard.oldest_at.isoformat() if heard.oldest_at else None,
        str(heard.numbers),
        heard.touched_at.isoformat() if heard.touched_at else None,
        str(heard.printed),
        str(heard.clock_off),
        f"{{{','.join(heard.problems)}}}",  # words of a to z
    ]
    try:
        found = _BEAT.row(values)
    except (OperationalError, InterfaceError):
        # The connection had died since the last call; asking twice changes nothing.
        if connection.in_atomic_block:
            raise
        connection.close()
        found = _BEAT.row(values)
    return _read(found) if found else None


def _read(found: Sequence[Any]) -> _Row:
    """PostgreSQL's words as what they say."""
    said = dict(zip(_Row._fields, found, strict=False))
    for name in ("id", "paper", "screen_mm"):
        said[name] = int(said[name])
    for name in ("is_shut_out", "is_locked", "is_early"):
        said[name] = said[name] == "t"
    for name in ("token_at", "nonce_at"):
        said[name] = None if said[name] is None else float(said[name])
    return _Row(**said | {"public_id": UUID(said["public_id"])})


def _settle(kiosk: int, done: Sequence[str], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kiosks_command SET done_at = %s"
            " WHERE kiosk_id = %s AND public_id = ANY(%s::uuid[]) AND done_at IS NULL",
            [now, kiosk, list(done)],
        )


def _handed_out(kiosk: int, commands: Sequence[str], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kiosks_command SET sent_at = %s"
            " WHERE kiosk_id = %s AND public_id = ANY(%s::uuid[]) AND sent_at IS NULL",
            [now, kiosk, list(commands)],
        )


def _count(kiosk: int, heard: Heard) -> None:
    """The totals of a day as the device has them; hearing them twice changes nothing."""
    with connection.cursor() as cursor:
        if heard.totals:
            days, names, counts = zip(*heard.totals, strict=True)
            cursor.execute(
                "INSERT INTO kiosks_daycount AS known (kiosk_id, day, source, name, count)"
                " SELECT %s, day, %s, name, count"
                " FROM unnest(%s::date[], %s::text[], %s::int[]) AS told (day, name, count)"
                " ON CONFLICT (kiosk_id, day, source, name) DO UPDATE SET count = excluded.count"
                " WHERE known.count < excluded.count",
                [kiosk, DEVICE, list(days), list(names), list(counts)],
            )
        if heard.left:
            days, services, questions, counts = zip(*heard.left, strict=True)
            cursor.execute(
                "INSERT INTO kiosks_dropout AS known"
                " (kiosk_id, day, source, service, question, count)"
                " SELECT %s, day, %s, service, question, count"
                " FROM unnest(%s::date[], %s::text[], %s::text[], %s::int[])"
                " AS told (day, service, question, count)"
                " ON CONFLICT (kiosk_id, day, source, service, question)"
                " DO UPDATE SET count = excluded.count WHERE known.count < excluded.count",
                [kiosk, DEVICE, list(days), list(services), list(questions), list(counts)],
            )


def session(answered: Answered, *, shown: str, now: datetime) -> str:
    """A fresh token for the device where it is time, or where it shows none that opens; else "".

    Of two calls at once one changes it. What was recorded and is played again gets none: its nonce
    is no newer than what was heard since.
    """
    row, mark = answered.row, digest(shown) if shown else ""
    age = ROTATE_AFTER
    if row.token_at is not None:
        age = timedelta(seconds=now.timestamp() - row.token_at)
    is_current = mark == row.token_digest and age < ROTATE_AFTER
    is_arriving = mark == row.token_before and age < GRACE
    if not answered.is_news or (mark and (is_current or is_arriving)):
        return ""
    fresh = secrets.token_urlsafe(32)
    changed = Kiosk.objects.filter(
        pk=row.id, token_digest=row.token_digest, revoked_at=None
    ).update(token_digest=digest(fresh), token_before=row.token_digest, token_at=now)
    return fresh if changed else ""
