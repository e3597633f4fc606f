"""Spam counts in no figure; what was called spam and was none counts like all others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from metrics import one_stop, reading

Event = tuple[str, str, dict[str, Any]]


def ledger(*events: Event) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [
        {"type": "org", "id": "hub", "role": "front_door"},
        {"type": "service", "id": "bin", "class": "REQUEST", "promise_wd": 2, "subject": "place"},
        {"type": "contact", "id": "c", "channel": "web", "start": "2026-03-02T10:00:00+00:00",
         "end": "2026-03-02T10:00:00+00:00", "person": "p"},
        {"type": "enquiry", "id": "e", "service": "bin", "place": None},
        {"type": "item", "id": "i", "contact": "c", "enquiry": "e", "kind": "new"},
        {"type": "event", "enquiry": "e", "at": "2026-03-02T10:00:00+00:00", "event": "received"},
    ]  # fmt: skip
    for name, at, more in events:
        lines.append({"type": "event", "enquiry": "e", "at": at, "event": name, **more})
    return lines


def verdict(*events: Event) -> tuple[str, str | None]:
    as_of = datetime(2026, 6, 1, tzinfo=UTC)
    (found,) = one_stop.judge(reading.read(ledger(*events)), as_of)
    return found.verdict.kind.value, found.verdict.reason


SPAM: Event = ("spam", "2026-03-02T11:00:00+00:00", {"outcome": "spam"})
BACK: Event = ("not_spam", "2026-03-02T12:00:00+00:00", {})
DONE: Event = ("fulfilled", "2026-03-03T12:00:00+00:00", {})


def test_spam_is_excluded() -> None:
    assert verdict(SPAM) == ("excluded", "spam")


def test_what_was_no_spam_after_all_counts() -> None:
    assert verdict(SPAM, BACK, DONE) == verdict(DONE)
    assert verdict(DONE)[0] == "success"


def test_called_spam_a_second_time_it_is_excluded_again() -> None:
    again: Event = ("spam", "2026-03-02T13:00:00+00:00", {})
    assert verdict(SPAM, BACK, again) == ("excluded", "spam")


def test_a_citizen_who_comes_back_takes_it_back_as_well() -> None:
    reopened: Event = ("reopened", "2026-03-02T12:00:00+00:00", {})
    assert verdict(SPAM, reopened, DONE)[0] != "excluded"
