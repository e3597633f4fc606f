"""How calls went is counted by day, and stands when the calls are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from inbox import actions_calls, call_days
from inbox.calls import Fact, standing
from inbox.models import Call, CallDay
from tests.world import NOW

pytestmark = pytest.mark.django_db


def rang(at: datetime, *, who: str = "", **heard: float) -> None:
    """A call with what was heard of it, in seconds after it rang."""
    facts = {Fact(name): at + timedelta(seconds=after) for name, after in heard.items()}
    known = standing({Fact.RANG: at, **facts})
    Call.objects.create(
        sid=f"CA{Call.objects.count()}", caller_hash=who, state=known.state, rang_at=at,
        answered_at=known.answered_at, ended_at=known.ended_at,
        heard={name: when.isoformat() for name, when in facts.items()},
    )  # fmt: skip


def test_who_rings_again_within_two_hours_did_not_give_up() -> None:
    late = NOW.replace(hour=23, minute=30)
    rang(NOW, answered=20, over=90)
    rang(NOW, answered=21)
    rang(NOW, closed=0, gave_up=9)  # nobody could answer
    rang(NOW, gave_up=10)
    rang(NOW, gave_up=10)  # withheld numbers are never the same
    rang(NOW, who="ann", unanswered=60)
    rang(NOW + timedelta(hours=2, seconds=60), who="ann", gave_up=5)
    rang(NOW, who="bo", gave_up=60)
    rang(NOW + timedelta(hours=2, seconds=61), who="bo", answered=5)
    rang(late, who="cy", gave_up=60)
    call_days.fold(now=late + timedelta(minutes=2))
    before = CallDay.objects.get()

    # Past midnight Cy rings again: the day before is mended, and reading it again changes nothing.
    rang(late + timedelta(minutes=40), who="cy", answered=5)
    for hours in (1, 1, 30):
        call_days.fold(now=late + timedelta(hours=hours))
    actions_calls.forget(now=NOW + timedelta(days=100))
    call_days.fold(now=NOW + timedelta(days=100))

    assert (before.rang, before.answered, before.prompt, before.given_up) == (9, 3, 2, 5)
    today, tomorrow = call_days.days(NOW.date(), NOW.date() + timedelta(days=2))
    assert (today.rang, today.given_up) == (9, 4)
    assert (tomorrow.rang, tomorrow.prompt, tomorrow.given_up) == (1, 1, 0)
