"""How messages get on, as figures: by day, by reason, by provider; and what goes again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

import notifications.actions
from core.audit import SYSTEM, Actor
from notifications import handovers, queries_health, repeating
from notifications.lifecycle import State
from notifications.models import Attempt, CarrierHealth, HandoverDay, Notification

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SAM = Actor("staff", 1, "Sam Staff")


def message(key: str, *, waited: float | None = 1, at: datetime = NOON, **more) -> Notification:
    """One message, handed over so many seconds after it was asked for; None: not at all."""
    sent = None if waited is None else at + timedelta(seconds=waited)
    state = State.QUEUED if waited is None else State.SENT
    row = {"event": "late", "medium": "email", "to": "a@example.org", "state": state, **more}
    return Notification.objects.create(key=key, created_at=at, sent_at=sent, **row)


def failed(key: str, *, at: datetime = NOON, state: State = State.FAILED, **more) -> Notification:
    words = {"error": "550 no such mailbox", "error_code": "550", "provider": "mail"}
    rest = {"settled_at": at, "attempts": 1, **words, **more}
    return message(key, waited=None, at=at, state=state, **rest)


def day(now: datetime = NOON + timedelta(hours=1)) -> tuple[int, int]:
    """How many were due on that day, and how many of them were prompt."""
    handovers.fold(now=now)
    today = NOON.date()
    found = queries_health.promptness(since=today, until=today + timedelta(days=1))
    return (found[0].due, found[0].prompt) if found else (0, 0)


def test_a_message_is_prompt_up_to_ten_seconds():
    message("at once", waited=0)
    message("just", waited=10)
    message("late", waited=10.001)
    assert day() == (3, 2)


def test_what_still_waits_counts_as_late_only_after_ten_seconds():
    message("waits", waited=None)
    assert day(NOON + timedelta(seconds=9)) == (0, 0)
    assert day(NOON + timedelta(seconds=11)) == (1, 0)


def test_a_night_that_held_a_text_is_not_its_delay():
    night = NOON - timedelta(hours=14)
    message("held", at=night, waited=14 * 3600 + 4, medium="sms", hold_until=NOON)
    assert day() == (1, 1)


def test_a_refusal_at_once_was_handed_over_in_time():
    failed("refused")
    assert day() == (1, 1)


def test_answers_overtaken_ones_and_second_goes_are_not_counted():
    message("answer", provider="answer")
    message("gone", waited=None, state=State.OVERTAKEN, settled_at=NOON)
    message("late:1:again", waited=4000)
    assert day() == (0, 0)


def test_folding_twice_counts_once_and_letters_stand_apart():
    message("one")
    message("paper", medium="letter", waited=4000)
    handovers.fold(now=NOON)
    assert day() == (1, 1)
    assert HandoverDay.objects.filter(medium="letter", due=1, prompt=0).exists()


def test_a_day_begins_at_midnight_in_london_in_summer_too():
    just_after = datetime(2026, 7, 3, 23, 30, tzinfo=UTC)  # half past midnight of the 4th
    message("summer", at=just_after)
    handovers.fold(now=just_after + timedelta(minutes=1))
    assert [row.day.day for row in HandoverDay.objects.filter(due=1)] == [4]


def test_a_share_is_never_rounded_up_to_the_goal():
    share_words = queries_health.share_words
    assert share_words(0.99899999) == "99.89%"
    assert share_words(0.999) == "99.90%"
    assert share_words(1.0) == "100.00%"
    assert share_words(None) == ""


def test_reasons_are_counted_and_leave_when_sent_again():
    for number in range(3):
        failed(f"gone:{number}")
    failed("other", error_code="421", state=State.EXPIRED)
    failed("old", at=NOON - timedelta(days=8))
    found = queries_health.reasons(now=NOON)
    assert [(one.code, one.count) for one in found] == [("550", 3), ("421", 1)]
    assert queries_health.given_up(now=NOON) == 1

    done = again(code="550")
    assert (done.again, done.left) == (3, 0)
    assert [(one.code, one.count) for one in queries_health.reasons(now=NOON)] == [("421", 1)]
    assert Notification.objects.filter(state=State.QUEUED).count() == 3


def test_a_letter_that_comes_back_after_weeks_is_seen_and_not_sent_again_by_a_press_for_all():
    asked = NOON - timedelta(weeks=3)
    failed("returned", at=asked, medium="letter", settled_at=NOON - timedelta(hours=1))
    assert [(one.medium, one.code) for one in queries_health.reasons(now=NOON)] == [
        ("letter", "550")
    ]
    reason: dict[str, Any] = {
        "medium": "letter",
        "carrier": "mail",
        "code": "550",
        "state": "failed",
    }
    assert len(queries_health.of_reason(**reason, now=NOON)) == 1
    assert repeating.send_all_again(**reason, actor=SAM, now=NOON).again == 0


def again(code: str = "550", state: str = "failed") -> repeating.Repeated:
    return repeating.send_all_again(
        medium="email", carrier="mail", code=code, state=state, actor=SAM, now=NOON
    )


def test_a_second_press_sends_nothing_twice():
    failed("gone")
    assert again().again == 1
    assert again().again == 0
    assert Notification.objects.count() == 2


def test_who_wants_no_texts_gets_none_by_a_press_for_all():
    failed("stop", address_state="opted_out")
    failed("link", good_until=NOON)
    failed("perhaps", state=State.UNKNOWN, settled_at=None)
    assert again().again == 0
    assert again(state="unknown").again == 0


def test_more_than_a_page_can_send_is_left_for_another_press(monkeypatch):
    monkeypatch.setattr(repeating, "AT_ONCE", 2)
    for number in range(5):
        failed(f"gone:{number}")
    assert [(done.again, done.left) for done in (again(), again(), again())] == [
        (2, 3), (2, 1), (1, 0),
    ]  # fmt: skip


def test_what_waits_is_told_apart_from_what_is_held():
    message("due", waited=None)
    message("older", waited=None, at=NOON - timedelta(minutes=3))
    message("held", waited=None, hold_until=NOON + timedelta(hours=2))
    message("over", waited=None, hold_until=NOON - timedelta(minutes=1))
    message("perhaps", waited=None, state=State.UNKNOWN)
    [email] = queries_health.waiting(now=NOON)
    assert (email.due, email.held, email.unknown) == (3, 1, 1)
    assert email.oldest == NOON - timedelta(minutes=3)


def test_a_provider_shows_its_hour_and_its_illness():
    for number in range(20):
        Attempt.objects.create(
            notification=number, carrier="twilio", medium="sms", took_ms=100 + number,
            result="handed" if number < 18 else "later", at=NOON - timedelta(minutes=number),
        )  # fmt: skip
    Attempt.objects.create(
        notification=99, carrier="twilio", medium="sms", took_ms=9, result="handed",
        at=NOON - timedelta(hours=2),
    )  # fmt: skip
    CarrierHealth.objects.create(
        carrier="notify", ill_since=NOON, probe_at=NOON + timedelta(seconds=30), why="HTTP 500"
    )
    found = {one.slug: one for one in queries_health.carriers(now=NOON)}
    well, ill = found["twilio"], found["notify"]
    assert (well.handed, well.later, well.median_ms, well.slow_ms) == (18, 2, 109, 118)
    assert (well.ill_since, well.media, well.seen_at) == (None, ("sms",), NOON)
    assert (ill.ill_since, ill.why, ill.median_ms) == (NOON, "HTTP 500", None)


def test_a_test_message_is_one_however_often_it_is_asked_for():
    for _ in range(2):
        with transaction.atomic():
            repeating.test(key="test:1", medium="sms", to="+447700900123", actor=SAM, now=NOON)
    found = queries_health.tested("test:1")
    assert found is not None
    assert found.masked.endswith("123")
    assert "Sam Staff" in Notification.objects.get().body
    with pytest.raises(notifications.actions.NoAddress):
        repeating.test(key="test:2", medium="sms", to="", actor=SYSTEM, now=NOON)
