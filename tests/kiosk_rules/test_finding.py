"""A search without the line: what the server would put first is among the first five.

When this was written so it was for 201 of 208 searches in English (what is missed is written
without spaces: “councltax”) and for all 23 in Polish.
"""

from __future__ import annotations

import csv
from pathlib import Path

from django.utils import translation

import kb.queries
from kb import dangers, tongues
from kb.models import Danger
from tests.kiosk_rules.partnership import _loaded, _whole, kiosk, partnership, told
from tests.search.test_polish import QUERIES as POLISH

__all__ = ["_loaded", "_whole", "kiosk", "partnership"]
TABLE = Path(__file__).resolve().parents[1] / "search" / "queries.csv"
FLOOR = 0.9
FIND = """({search, texts}, [content, rows]) => rows.map((one) => {
  const {danger, hits} = search.find(content, one, 20);
  return [danger && texts.plain(danger), hits.map((hit) => `${hit.kind}/${hit.slug}`)];
})"""


def _said_first(text: str) -> str | None:
    found = dangers.said_in(text)
    return found.say if found is not None else None


def test_nine_of_ten_searches_find_what_the_server_puts_first(kiosk, run):
    with TABLE.open(encoding="utf-8") as file:
        english = [row["query"] for row in csv.DictReader(file)]
    for language, rows in (("en-gb", english), ("pl", list(POLISH))):
        found = run(FIND, [told(kiosk, language), rows])
        missed, asked = {}, 0
        for text, (_danger, hits) in zip(rows, found, strict=True):
            services = [one.slug for one in kb.queries.search(text, 20) if one.kind == "service"]
            if services:
                asked += 1
                shown = [one for one in hits if one.startswith("service/")][:5]
                if f"service/{services[0]}" not in shown:
                    missed[text] = (services[0], shown)
        share = 1 - len(missed) / asked
        assert share >= FLOOR, f"{share:.0%} of {asked} in {language}; not {missed}"


def test_danger_is_said_first_in_both_languages(kiosk, run):
    phrases = [phrase for one in Danger.objects.all() for phrase in one.words.split(",")]
    rows = [
        *phrases,
        *(f"{phrase.upper().strip()}!" for phrase in phrases),
        *(phrase.strip().replace(" ", " and now ") for phrase in phrases),
        *(phrase.strip().replace(" ", " and then we ran away ") for phrase in phrases),
        *POLISH,
        "chcę umrzeć",
        "Chce umrzec",
        "I can’t breathe",
        "",
    ]
    for language in ("en-gb", "pl"):
        with translation.override(language):
            ours = [_said_first(one) for one in rows]
            bundle = told(kiosk, language)
            found = [danger for danger, _hits in run(FIND, [bundle, rows])]
            assert found == [None if one is None else str(tongues.said(one)) for one in ours]
    assert sum(one is not None for one in ours) > 20
    assert sum(one is None for one in ours) > 20
