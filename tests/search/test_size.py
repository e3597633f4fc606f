"""With thousands of entries each search reads by index, and a bounded number of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb import search, search_index, search_reading, search_words
from kb.models import Entry
from tests.bench import search as bench

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ENTRIES = 4_000


@pytest.fixture
def many(partnership: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SERVICES", 400)
    bench.fill(ENTRIES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kb_entry, kb_word")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    found = [plan]
    for part in plan.get("Plans", ()):
        found += nodes(part)
    return found


def explained(statement: str, values: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        (text,) = cursor.fetchone()
    return nodes((json.loads(text) if isinstance(text, str) else text)[0]["Plan"])


def test_each_search_reads_by_index_and_a_bounded_number(many: None) -> None:
    assert Entry.objects.count() > ENTRIES
    bound = search.EXACT + 2 * search.WEIGHED
    for kind, queries in bench.QUERIES.items():
        for query in queries:
            words = search_words.telling(search_words.tokens(query))
            read = search_reading.read(words, typing=kind == "typing")
            if not any(one.meant for one in read.concepts):
                continue
            plan = explained(search.statement(), search.values(read.concepts, {}))
            assert plan[0]["Actual Rows"] <= bound, query
            whole = [one for one in plan if one["Node Type"] == "Seq Scan"]
            # Names are short, and may be read one after the other where most have the word. A
            # long sentence names a fifth of so few entries: reading all of them is right then.
            if kind != "sentences":
                assert [one for one in whole if "names @@" not in one["Filter"]] == [], query
            with CaptureQueriesContext(connection) as asked:
                search.find(query, typing=True)
            assert len(asked) <= 8, query
    slips = json.dumps([{"said": "rubish", "slips": search_words.slips("rubish")}])
    plan = explained(search_reading.LIKE, [slips])
    assert [one for one in plan if one["Node Type"] == "Seq Scan"] == []
    for query, slug in (("bin not emptied", "missed-bin"), ("dead fox", "dead-animal"),
                        ("graffitti", "graffiti"), ("blue bage", "blue-badge")):  # fmt: skip
        assert slug in [hit.slug for hit in search.find(query).hits[:3]], query
    with CaptureQueriesContext(connection) as asked:
        search_index.write("service", ["pothole"])
    assert len(asked) <= 6
