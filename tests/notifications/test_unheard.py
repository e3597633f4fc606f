"""Texts of which no more was heard: their carriers are asked, and say what became of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications import receipts, unheard
from notifications.lifecycle import State
from notifications.models import Notification
from tests.notifications.helpers import deliver, tell

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def ask(after: timedelta) -> int:
    return unheard.ask(clock=lambda: timezone.now() + after)


def states() -> dict[str, tuple[str, str]]:
    rows = Notification.objects.order_by("key").values_list("key", "state", "error_code")
    return {key: (state, code) for key, state, code in rows}


def test_twilio_is_asked_of_what_it_has_not_reported(twilio):
    for number in range(4):
        deliver(tell(f"late:{number}"))
    said = ["delivered", "undelivered", "sent", "delivered"]
    for kept, status in zip(twilio.messages, said, strict=True):
        kept["status"], kept["error_code"] = status, 30005 if status == "undelivered" else None
    twilio.messages.pop()  # nobody there knows the last one
    assert ask(HOUR / 2) == 0
    assert ask(2 * HOUR) == 4
    assert states() == {
        "late:0": (State.DELIVERED, ""), "late:1": (State.FAILED, "30005"),
        "late:2": (State.SENT, ""), "late:3": (State.SENT, ""),
    }  # fmt: skip
    # Not before hours have passed again, and not for ever.
    assert [ask(3 * HOUR), ask(9 * HOUR), ask(80 * HOUR)] == [0, 2, 0]


def test_notify_is_asked_too_and_what_cannot_say_now_is_asked_another_time(notify):
    deliver(tell())
    deliver(tell("late:2", medium="email", to="jo@example.org"))
    notify.messages[0]["status"] = "permanent-failure"
    notify.look_up_fails = 1
    assert ask(2 * HOUR) == 0
    assert ask(9 * HOUR) == 1
    assert states() == {
        "late:1": (State.FAILED, "permanent-failure"), "late:2": (State.SENT, ""),
    }  # fmt: skip


def _killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_killed_while_it_asks_it_has_written_down_what_it_heard(twilio, monkeypatch):
    for number in range(2):
        deliver(tell(f"late:{number}"))
        twilio.messages[number]["status"] = "delivered"
    monkeypatch.setattr(unheard, "AT_ONCE", 1)
    record: Callable[..., bool] = receipts.record
    monkeypatch.setattr(receipts, "record", _killed)
    with pytest.raises(KeyboardInterrupt):
        ask(2 * HOUR)
    monkeypatch.setattr(receipts, "record", record)
    assert ask(2 * HOUR) == 1
    assert ask(9 * HOUR) == 1
    assert {state for state, _ in states().values()} == {State.DELIVERED}
