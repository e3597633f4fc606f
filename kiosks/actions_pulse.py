"""A heartbeat: what a device said is written down and what it is to be told is read, in one
statement, for this is the call that comes most often of all.
"""

from __future__ import annotations

import json
import secrets
from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection

from accounts.queries import digest
from core.errors import DomainError
from kiosks.heard import Heard
from kiosks.models import Kiosk
from kiosks.proofs import Proof
from kiosks.queries import GRACE

# How old a session's token grows before it is changed. It dies by itself soon after (queries.LIFE).
ROTATE_AFTER = timedelta(minutes=9)
DEVICE = "device"
# What a device printed is its total: what is new of it is added, so that hearing it twice counts
# once. One that says less has begun anew, unless it only was overtaken on the way (its nonce).
# Whoever is enrolled twice by one key is what it became last. Nobody waits until this is on the
# disk: the next comes in half a minute, and what must not be lost is written by other statements.
_SQL = """
WITH me AS (
    SELECT k.id, k.public_id, k.name, k.revoked_at, k.locked_at, k.token_digest, k.token_before,
           k.token_at, k.hidden_services, k.languages, k.opening, k.printer, k.paper, k.screen_mm,
           k.is_early, s.name AS site, s.phone, s.opening AS site_opening, o.is_active,
           o.calendar -> 'closed' AS closed, p.nonce_at
    FROM accounts_kiosk k
    JOIN accounts_site s ON s.id = k.site_id
    JOIN accounts_organisation o ON o.id = s.organisation_id
    LEFT JOIN kiosks_pulse p ON p.kiosk_id = k.id
    WHERE k.thumbprint = %(thumbprint)s::text AND k.thumbprint <> ''
    ORDER BY k.revoked_at IS NULL DESC, k.enrolled_at DESC LIMIT 1
), beat AS (
    INSERT INTO kiosks_pulse AS known (
        kiosk_id, at, release, content, queued, oldest_at, numbers, touched_at, printed_ever,
        clock_off, nonce_at, problems)
    SELECT id, %(now)s::timestamptz, %(release)s::text, %(content)s::text, %(queued)s::int,
           %(oldest_at)s::timestamptz, %(numbers)s::int, %(touched_at)s::timestamptz,
           %(printed)s::int, %(clock_off)s::float8, %(made)s::timestamptz, %(problems)s::text[]
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
SELECT id, public_id, name, revoked_at, locked_at, token_digest, token_before,
       token_at, hidden_services, languages, opening::text, printer, paper, screen_mm,
       is_early, site, phone, site_opening::text, is_active, closed::text, nonce_at,
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', c.public_id, 'kind', c.kind, 'words', c.words,
                   'exp', floor(extract(epoch FROM c.expires_at) * 1000)) ORDER BY c.made_at, c.id)
        FROM kiosks_command c
        WHERE c.kiosk_id = me.id AND c.done_at IS NULL
              AND c.expires_at > %(now)s::timestamptz)::text AS commands,
       (SELECT public FROM kiosks_serverkey
        WHERE purpose = 'seal' AND retired_at IS NULL)::text AS seal,
       (SELECT public FROM kiosks_serverkey
        WHERE purpose = 'sign' AND retired_at IS NULL)::text AS sign,
       set_config('synchronous_commit', 'off', true)
FROM me
"""
_Row = namedtuple(
    "_Row",
    "id public_id name revoked_at locked_at token_digest token_before token_at hidden_services"
    " languages opening printer paper screen_mm is_early site phone site_opening is_active closed"
    " nonce_at commands seal sign commit",
)


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
    if row.revoked_at is not None or not row.is_active:
        raise ShutOut("revoked")
    if heard.done:
        _settle(row.id, heard.done, now)
    if heard.totals or heard.left:
        _count(row.id, heard)
    commands = [one for one in json.loads(row.commands or "[]") if one["id"] not in heard.done]
    if commands:
        _handed_out(row.id, [one["id"] for one in commands], now)
    return Answered(row, row.nonce_at is None or proof.nonce_at > row.nonce_at, commands)


def _row(proof: Proof, heard: Heard, now: datetime) -> _Row | None:
    values: dict[str, Any] = {
        "thumbprint": proof.thumbprint,
        "made": proof.nonce_at,
        "now": now,
        "release": heard.release,
        "content": heard.content,
        "queued": heard.queued,
        "oldest_at": heard.oldest_at,
        "numbers": heard.numbers,
        "touched_at": heard.touched_at,
        "printed": heard.printed,
        "clock_off": heard.clock_off,
        "problems": heard.problems,
    }
    try:
        return _asked(values)
    except (OperationalError, InterfaceError):
        # The connection had died since the last call; asking twice changes nothing.
        if connection.in_atomic_block:
            raise
        connection.close()
        return _asked(values)


def _asked(values: dict[str, Any]) -> _Row | None:
    """The statement, planned once for each connection: planning costs more than doing it.

    It goes past Django's cursor, which plans each time and first asks whether anybody is there.
    """
    if connection.connection is None:
        connection.connect()
    there = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(there) as cursor:
        there.prepare_threshold = 5  # Django's own cursors do not prepare
        is_pooled = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
        cursor.execute(_SQL, values, prepare=not is_pooled)
        found = cursor.fetchone()
    return _Row(*found) if found else None


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
    age = now - row.token_at if row.token_at is not None else ROTATE_AFTER
    is_current = mark == row.token_digest and age < ROTATE_AFTER
    is_arriving = mark == row.token_before and age < GRACE
    if not answered.is_news or (mark and (is_current or is_arriving)):
        return ""
    fresh = secrets.token_urlsafe(32)
    changed = Kiosk.objects.filter(
        pk=row.id, token_digest=row.token_digest, revoked_at=None
    ).update(token_digest=digest(fresh), token_before=row.token_digest, token_at=now)
    return fresh if changed else ""
