"""A page reads what it shows, however much there has been: rows are counted, never the time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enquiries.inbound import Sender
from inbox.models import Callback
from tests.desk.steps import open_contact
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db

# What one agent has had of calls, all of them over, and what was said in each. As many came by
# pages that nobody ends: so the planner takes half of the agent's for unfinished.
BEFORE = 4_000
_CALLS = """
INSERT INTO enquiries_contact (public_id, channel, started_at, ended_at, recorded_at, agent_id,
    address_hash, thread, session, digest, abandoned, note)
SELECT gen_random_uuid(), 'phone', %(now)s - number * interval '1 hour',
    CASE WHEN by_phone THEN %(now)s END, %(now)s, CASE WHEN by_phone THEN %(agent)s END,
    '', '', '', '', false, ''
FROM generate_series(1, %(before)s) AS number, unnest(array[true, false]) AS by_phone
"""
_SAID = """
INSERT INTO enquiries_contactitem (contact_id, enquiry_id, kind, avoidable, evidence, words, at)
SELECT id, %(enquiry)s, 'chase', '', '{}', '', started_at FROM enquiries_contact
WHERE started_at < %(now)s
"""


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _looked_at(sql: str) -> float:
    """The rows that a statement takes from tables, those among them that it does not want."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.replace("%", "%%"), ())
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    rows: float = sum(
        (one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"]
        for one in _nodes(plan)
        if one["Node Type"].endswith("Scan")
    )
    return rows


def test_pages_read_no_more_of_an_agent_who_has_had_thousands_of_calls(world, client_for):
    jo = Sender(name="Jo Bloggs", email="jo@example.com")
    case, elsewhere = enquiry_of(ask(sender=jo)), enquiry_of(ask(service="pothole"))
    values = {"now": NOW, "agent": world.agent.pk, "before": BEFORE, "enquiry": elsewhere.pk}
    with connection.cursor() as cursor:
        cursor.execute(_CALLS, values)
        cursor.execute(_SAID, values)
        # All of them: the planner of a table without statistics guesses that nothing is left out.
        cursor.execute("ANALYZE")
    Callback.objects.create(
        caller_hash="h", sealed="s", since=NOW, wanted_at=timezone.now() + timedelta(minutes=4)
    )
    client = client_for(world.agent)
    contact = open_contact(client)
    for page in (contact, "/desk/contact/", "/desk/?view=all", f"/desk/cases/{case.reference}/"):
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        asked = [one["sql"] for one in captured.captured_queries]
        read = {sql: _looked_at(sql) for sql in asked if sql.startswith(("SELECT", "(SELECT"))}
        assert read
        most = max(read, key=lambda sql: read[sql])
        assert read[most] < BEFORE / 10, f"{page} reads {read[most]:.0f} rows: {most}"
