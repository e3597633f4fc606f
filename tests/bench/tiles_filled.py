"""Facts of two years as a hub's are spread, made by the database: no ledger stands behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

MANAGER = "manager@hub.demo"
BODIES = ("hub", *(f"body-{number}" for number in range(7)))
_FILLED = (
    "metrics_enquiryfact", "metrics_itemfact", "enquiries_clock", "enquiries_surveyanswer",
)  # fmt: skip

# What is drawn for one enquiry; all else follows from it.
_DRAWN = """
CREATE TEMP TABLE drawn AS
WITH random AS MATERIALIZED (
    SELECT n, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e,
        random() AS f, random() AS g, random() AS h, random() AS i
    FROM generate_series(1, %(size)s) AS n
), asked AS MATERIALIZED (
    -- Few services make most of the work.
    SELECT *, floor(90 * power(a, 2.2))::int AS s,
        date_trunc('day', now()) - floor(730 * b) * interval '1 day' AS day
    FROM random
)
SELECT n, c, d, e, f, g, h, i, s,
    -- Four of five that would come at a weekend come on Monday; the day begins at eight.
    CASE WHEN extract(isodow FROM day) > 5 AND c < 0.8
        THEN day + (8 - extract(isodow FROM day)) * interval '1 day' ELSE day END
        + interval '8 hours' + power(d, 1.4) * interval '10 hours' AS started,
    CASE WHEN s %% 20 = 19 THEN 'STAGED' WHEN s %% 10 < 3 THEN 'INFORM'
        WHEN s %% 10 < 5 THEN 'TRANSACT' ELSE 'REQUEST' END AS klass,
    CASE WHEN e < 0.42 THEN 'phone' WHEN e < 0.75 THEN 'web' WHEN e < 0.83 THEN 'counter'
        WHEN e < 0.91 THEN 'email' WHEN e < 0.96 THEN 'kiosk' WHEN e < 0.98 THEN 'sms'
        ELSE 'api' END AS channel,
    CASE WHEN s %% 10 < 3 AND f < 0.5 THEN 'hub' ELSE 'body-' || s %% 7 END AS organisation
FROM asked"""
_ENQUIRIES = """
INSERT INTO metrics_enquiryfact (enquiry_id, reference, channel, service, klass, organisation, team,
    site, linkable, self_service, first_contact, started_at, opened_at, last_contact_at, unfinished,
    window_end, late_from, outcome_at, received_at, responded_at, settled_at, need_settled_at,
    broken_at, standing, verdict, reason, owner, recontacts, recontacted, broken, capped, fcc, rftr,
    links, ties, last_recorded_at, version, folded_at)
SELECT n, 'R' || n, channel, CASE WHEN i < 0.03 THEN '' ELSE 'service-' || s END, klass,
    organisation, organisation || '/team-' || s % 3,
    CASE WHEN channel IN ('counter', 'kiosk') THEN 'site-' || s % 20 ELSE '' END,
    f < 0.82, channel IN ('web', 'kiosk') AND g < 0.96, n::text, started,
    started + interval '5 min', started + c * interval '9 days', false, closes, NULL::timestamptz,
    ended, started, started + c * interval '2 days', ended, ended,
    CASE WHEN kind = 'failure' THEN started + d * interval '9 days' END,
    CASE WHEN ended IS NULL THEN 'open' ELSE 'settled' END, kind,
    CASE kind WHEN 'failure' THEN why WHEN 'excluded' THEN apart ELSE '' END,
    CASE WHEN kind = 'failure' THEN whose ELSE '' END,
    came, came > 0, kind = 'failure' OR (kind = 'pending' AND h < 0.1),
    kind = 'success' AND klass = 'REQUEST' AND i > 0.97,
    CASE WHEN kind <> 'excluded' AND klass IN ('INFORM', 'TRANSACT') THEN h < 0.85 END,
    CASE WHEN kind <> 'excluded' AND klass = 'REQUEST' AND g < 0.8 THEN i < 0.92 END,
    '[]'::jsonb, '{}'::varchar[], started, 'OSR-1.0', now()
FROM drawn
CROSS JOIN LATERAL (SELECT started + CASE klass WHEN 'INFORM' THEN interval '7 days'
    WHEN 'TRANSACT' THEN interval '14 days' ELSE interval '14 days' + s % 9 * interval '7 days' END
    ) AS w(closes)
CROSS JOIN LATERAL (SELECT CASE WHEN klass = 'STAGED' OR i < 0.07 THEN 'excluded'
    WHEN closes > now() THEN 'pending' WHEN h < 0.76 - s % 7 * 0.02 THEN 'success'
    ELSE 'failure' END) AS k(kind)
CROSS JOIN LATERAL (SELECT
    CASE WHEN klass = 'STAGED' THEN 'staged' ELSE (ARRAY['test', 'spam', 'abandoned', 'same_need',
        'duplicate', 'withdrawn', 'out_of_partnership'])[1 + floor(7 * g)::int] END,
    (ARRAY['late', 'progress_chasing', 'progress_chasing', 'closed_too_early', 'clarification',
        'signposting_or_transfer', 'insufficient_capture', 'repetition', 'partner_return',
        'abandoned_online'])[1 + floor(10 * g)::int]) AS r(apart, why)
CROSS JOIN LATERAL (SELECT CASE why WHEN 'clarification' THEN 'content'
    WHEN 'abandoned_online' THEN 'system' WHEN 'insufficient_capture' THEN 'front_door'
    WHEN 'repetition' THEN 'front_door' WHEN 'partner_return' THEN 'front_door'
    ELSE CASE organisation WHEN 'hub' THEN 'front_door' ELSE 'partner:' || organisation END END
    ) AS o(whose)
CROSS JOIN LATERAL (SELECT
    CASE WHEN kind = 'failure' AND why IN ('progress_chasing', 'closed_too_early', 'repetition')
        THEN 1 + (c < 0.2)::int ELSE 0 END,
    CASE WHEN kind = 'pending' AND d < 0.4 THEN NULL
        ELSE started + CASE WHEN klass = 'REQUEST' THEN c * interval '20 days'
            ELSE interval '4 min' END END) AS m(came, ended)"""
_ITEMS = """
INSERT INTO metrics_itemfact (item_id, enquiry_id, at, channel, site, taken_by, taken_team,
    organisation, team, service, klass, kind, avoidable, heads, left_out)
SELECT 3 * n + k, n, started + k * c * interval '5 days', channel,
    CASE WHEN channel IN ('counter', 'kiosk') THEN 'site-' || s % 20 ELSE '' END,
    CASE WHEN channel = 'counter' THEN organisation ELSE 'hub' END, '',
    organisation, organisation || '/team-' || s % 3, 'service-' || s, klass,
    CASE WHEN k = 0 THEN 'new' WHEN g < 0.5 THEN 'chase' ELSE 'new_information' END,
    CASE WHEN k = 0 THEN '' WHEN g < 0.5 THEN 'progress_chasing' WHEN h < 0.1 THEN 'repetition'
        ELSE '' END, true, i < 0.01
FROM drawn CROSS JOIN generate_series(0, 2) AS k"""

# A promise on each request, and what one in twenty-five says afterwards.
_CLOCKS = """
INSERT INTO enquiries_clock (enquiry_id, kind, organisation_id, starts_at, budget, elapsed, due_at,
    state, stopped_at, missed_at)
SELECT n, 'resolution', o.id, started, interval '80 hours', false, due,
    CASE WHEN c > 0.8 THEN 'missed' WHEN due > now() THEN 'running' ELSE 'met' END,
    CASE WHEN c <= 0.8 AND due <= now() THEN due - interval '1 hour' END,
    CASE WHEN c > 0.8 THEN due END
FROM drawn JOIN accounts_organisation AS o ON o.slug = organisation
CROSS JOIN LATERAL (SELECT started + interval '14 days') AS d(due)
WHERE klass = 'REQUEST' AND (c <= 0.8 OR due <= now())"""
_ANSWERS = """
INSERT INTO enquiries_surveyanswer (key, end_point, channel, answer, sealed, at, changed_at)
SELECT md5(n::text), 'done', channel, CASE WHEN d < 0.7 THEN 'yes' WHEN d < 0.8 THEN 'partly'
    ELSE 'no' END, '', at, at
FROM drawn CROSS JOIN LATERAL (SELECT started + c * interval '20 days') AS said(at)
WHERE i < 0.04 AND at < now()"""


def people() -> None:
    """The bodies, and a manager of the hub."""
    import accounts.actions
    from accounts.models import Organisation
    from accounts.permissions import Role
    from core.audit import SYSTEM

    now = datetime.now(UTC)
    bodies = [
        Organisation.objects.create(
            slug=slug, name=slug, short_name=slug, kind="district" if index else "hub"
        )
        for index, slug in enumerate(BODIES)
    ]
    manager = accounts.actions.create_user(
        email=MANAGER, password="correct horse battery", full_name="A manager", actor=SYSTEM,
        now=now, demo=True,
    )  # fmt: skip
    accounts.actions.grant(
        user=manager, organisation=bodies[0], role=Role.MANAGER, team=None,
        from_on=date(2026, 1, 1), actor=SYSTEM, now=now,
    )  # fmt: skip


def fill(size: int) -> None:
    """So many enquiries with three contacts each, promises, and what people said afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        # Keys that point at no enquiry, and no notes of days: everything is counted afterwards.
        for setting in (
            "synchronous_commit = off",
            "session_replication_role = replica",
            "statement_timeout = 0",
            "work_mem = '128MB'",
            "maintenance_work_mem = '512MB'",
        ):
            cursor.execute(f"SET {setting}")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_DRAWN, {"size": size})
        with _indexed_afterwards(cursor):
            for statement in (_ENQUIRIES, _ITEMS, _CLOCKS, _ANSWERS):
                cursor.execute(statement)
        cursor.execute("DROP TABLE drawn")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


@contextmanager
def _indexed_afterwards(cursor: CursorWrapper) -> Iterator[None]:
    """Rows first, then their indexes: a third of the time."""
    cursor.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index AS i"
        " JOIN pg_class AS c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = ANY(%s::text[]::regclass[])"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)",
        [list(_FILLED)],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, statement in found:
        cursor.execute(statement)
