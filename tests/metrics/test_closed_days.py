"""Days that an organisation closed: the measures read the calendar with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

from enquiries import clocks
from metrics.promised import Calendars

WEEK = {day: [["09:00", "17:00"]] for day in clocks.DAYS[:5]}


def _of(calendar: dict[str, Any]) -> clocks.Calendar:
    ledger = SimpleNamespace(orgs={"county": SimpleNamespace(calendar=calendar)})
    return Calendars(cast("Any", ledger)).of("county")


def test_a_closed_day_is_read_and_puts_a_promise_off() -> None:
    closed = {**WEEK, "closed": ["2026-12-10"], "why": {"2026-12-10": "Training day"}}
    asked = datetime(2026, 12, 9, 10, tzinfo=UTC)
    assert clocks.promised_date(asked, 1, _of(WEEK)) == date(2026, 12, 10)
    assert clocks.promised_date(asked, 1, _of(closed)) == date(2026, 12, 11)


def test_closed_days_without_hours_fall_back_on_office_hours() -> None:
    assert _of({"closed": ["2026-12-10"]}) == clocks.OFFICE
