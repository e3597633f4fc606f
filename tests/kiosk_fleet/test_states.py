"""How a device is: by what it said last, in its opening hours only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from enquiries.clocks import Calendar
from kiosks import hours
from kiosks.states import Facts, State, judge

NOW = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
WELL = Facts(
    is_open=True,
    silent=10,
    heard_at=NOW - timedelta(seconds=10),
    enrolled_at=NOW - timedelta(days=9),
    numbers=300,
)


def silent(seconds: float) -> Facts:
    return replace(WELL, silent=seconds, heard_at=NOW - timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("facts", "state", "why"),
    [
        (silent(45), State.ONLINE, ""),
        (silent(46), State.DEGRADED, "one turn or two were missed"),
        (silent(89), State.DEGRADED, "one turn or two were missed"),
        (silent(90), State.OFFLINE, "nothing heard for three turns or more"),
        (replace(silent(9e4), is_open=False), State.CLOSED, ""),
        (
            replace(silent(6e4), silent=20),
            State.DEGRADED,
            "it has just opened, and nothing was heard yet",
        ),
        (replace(WELL, heard_at=None, silent=9e4), State.OFFLINE, "nothing was ever heard of it"),
        (replace(WELL, queued=3, oldest_at=NOW - timedelta(minutes=59)), State.ONLINE, ""),
        (
            replace(WELL, queued=3, oldest_at=NOW - timedelta(minutes=61)),
            State.DEGRADED,
            "keeps enquiries for more than an hour",
        ),
        (
            replace(WELL, queued=3, oldest_at=NOW - timedelta(hours=30)),
            State.DEGRADED,
            "keeps enquiries for 30 hours",
        ),
        (replace(WELL, clock_off=-86_400), State.DEGRADED, "its clock is 24 hours slow"),
        (replace(WELL, clock_off=61), State.DEGRADED, "its clock is 1 minute fast"),
        (replace(WELL, paper_left=15), State.ONLINE, ""),
        (replace(WELL, paper_left=14), State.DEGRADED, "paper for 14% of a roll is left"),
        (
            replace(WELL, problems=("storage_full",)),
            State.DEGRADED,
            "its storage is full: it can keep nothing more",
        ),
        (
            replace(WELL, release="a", release_due="b"),
            State.DEGRADED,
            "has release a, should have b",
        ),
        (replace(WELL, numbers=99), State.DEGRADED, "can give only 99 more numbers"),
        (
            replace(WELL, numbers=0, enrolled_at=NOW - timedelta(seconds=30)),
            State.ONLINE,
            "",
        ),
        (replace(WELL, locked_at=NOW), State.LOCKED, ""),
        (replace(silent(9e4), revoked_at=NOW), State.OFF, ""),
        (
            Facts(True, 0, code_expires_at=NOW + timedelta(seconds=1)),
            State.WAITING,
            "its code waits to be typed",
        ),
        (Facts(True, 0, code_expires_at=NOW), State.WAITING, "its code ran out before it was used"),
    ],
)
def test_what_a_device_is_and_why(facts, state, why):
    judged = judge(facts, NOW)
    assert (judged.state, "; ".join(judged.reasons)) == (state, why)


def test_silence_counts_in_opening_hours_from_the_first_of_them_on():
    week = Calendar.from_json({"tue": [["09:00", "17:00"]], "closed": ["2026-12-01"]})
    night = datetime(2026, 11, 16, 20, tzinfo=UTC)
    assert hours.first_open(week, night, NOW) == datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert hours.first_open(week, NOW - timedelta(minutes=5), NOW) == NOW - timedelta(minutes=5)
    assert hours.is_open(week, NOW)
    assert not hours.is_open(week, datetime(2026, 12, 1, 10, tzinfo=UTC))
    christmas = Calendar.from_json({"fri": [["09:00", "17:00"]]})
    assert not hours.is_open(christmas, datetime(2026, 12, 25, 10, tzinfo=UTC))
