"""The world by hand: the program comes to what each story demands."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from metrics import one_stop, reading
from metrics.one_stop import Judged
from tests.metrics.world import reader
from tests.metrics.world.reader import LONDON, Row, Story

FRAME = reader.frame()
STORIES = reader.stories()
READINGS = {f"R{number}" for number in range(1, 58) if number != 43} | {"R45b"}
CONDITIONS = {"S1", "S2", "S3", "S4", "S5", "L1", "L2", "L3", "L4", "Contact"}
CLASSES = {"INFORM", "TRANSACT", "REQUEST", "STAGED"}


def _found(judged: Judged, asked: Row) -> Row:
    """What was found, in the columns that a story asks for."""
    verdict = judged.verdict
    said = {
        "Enquiry": judged.enquiry,
        "Verdict": verdict.kind.value,
        "Reason": verdict.reason or "",
        "Owner": verdict.owner or "",
        "Links": ", ".join(f"{link.contact} {link.tier}" for link in judged.links),
        "Recontacts": str(judged.recontacts),
        "First contact": judged.first_contact,
        "Alone": "yes" if judged.self_service else "no",
        "Linkable": "yes" if judged.linkable else "no",
        "W ends": _end(judged, asked.get("W ends", "")),
    }
    return {column: said[column] for column in asked}


def _end(judged: Judged, asked: str) -> str:
    """The words of the story where the window ends when it says; else when it does."""
    end = judged.window_end
    if end is None:
        return "none"
    if asked.startswith("end of "):
        day = reader.moment(asked.removeprefix("end of ")).date()
        local = end.astimezone(LONDON)
        if (local.date(), local.time()) == (day, time.max):
            return asked
    elif asked and end == reader.moment(asked).astimezone(end.tzinfo):
        return asked
    return "" if not asked else end.astimezone(LONDON).isoformat()


@pytest.mark.parametrize("story", STORIES, ids=[story.title for story in STORIES])
def test_a_story_comes_to_what_was_worked_out_by_hand(story: Story) -> None:
    judged = one_stop.judge(reading.read([*FRAME, *story.lines]), story.seen_on)

    found = {one.enquiry: one for one in judged}
    assert set(found) == set(story.expected)
    for enquiry, asked in story.expected.items():
        assert _found(found[enquiry], asked) == asked


def test_the_world_has_a_story_or_a_reason_for_every_reading_rule_and_class() -> None:
    shown = frozenset[str]().union(*(story.proves for story in STORIES))
    elsewhere = reader.elsewhere()

    assert len(STORIES) >= 60
    assert shown <= READINGS | CONDITIONS | CLASSES
    assert READINGS - shown == set(elsewhere)
    assert shown >= CONDITIONS | CLASSES
    root = Path(__file__).parents[3]
    for row in elsewhere.values():
        assert row["What it is about"]
        assert (root / row["Proved by"]).exists()


def test_every_verdict_reason_of_the_definition_occurs() -> None:
    rows = [row for story in STORIES for row in story.expected.values()]

    assert {row["Reason"] for row in rows if row["Verdict"] == "failure"} == {
        "clarification", "signposting_or_transfer", "repetition", "progress_chasing",
        "closed_too_early", "insufficient_capture", "partner_return", "late", "abandoned_online",
        "conflicting_answer",
    }  # fmt: skip
    assert {row["Reason"] for row in rows if row["Verdict"] == "excluded"} == {
        "test", "spam", "abandoned", "out_of_partnership", "same_need", "duplicate", "withdrawn",
        "staged",
    }  # fmt: skip
