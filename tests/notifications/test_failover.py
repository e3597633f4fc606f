"""Two providers over HTTP under load, one of them having a bad day: each message arrives once.

The clock is ours: a second of it lasts as long as the work that falls due in it, done by two
workers at once as in life.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from core.models import AuditEvent, Outbox
from notifications import callbacks, delivery, health
from notifications.backends import calling, registry
from notifications.lifecycle import State
from notifications.models import Attempt, DeliveryReceipt, Notification
from tests.notifications.helpers import tell
from tests.stand_ins import notify_server, phone, twilio_server
from tests.stand_ins.notify_server import NotifyServer
from tests.stand_ins.twilio_server import Step, TwilioServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SECOND = timedelta(seconds=1)
SEED = 20261122


@dataclass
class System:
    """Both providers, our clock, and two workers."""

    twilio: TwilioServer
    notify: NotifyServer
    started: datetime
    workers: ThreadPoolExecutor
    told: int = 0

    def tell(self, count: int) -> None:
        """So many new messages, each to a number of its own."""
        for _ in range(count):
            self.told += 1
            tell(f"late:{self.told}", about="", to=f"+4477009{self.told:05d}")

    def work(self, second: float) -> None:
        """All that is due by then."""
        now = self.started + timedelta(seconds=second)
        due = Outbox.objects.filter(settled_at=None, parked_at=None, next_at__lte=now)
        rows = list(due.order_by("next_at", "pk").values_list("pk", flat=True))
        list(self.workers.map(lambda pk: _deliver(pk, now), rows))

    def work_until_done(self, second: float, *, most: float) -> float:
        """Lets the clock run until nothing is open; when that was."""
        while Outbox.objects.filter(settled_at=None, parked_at=None).exists():
            second += 5
            assert second < most, Counter(Notification.objects.values_list("state", "error_code"))
            self.work(second)
        return second

    def taken(self) -> Counter[str]:
        """How often each message was taken, by either of them."""
        return Counter(
            [m["body"] for m in self.twilio.messages]
            + [m["personalisation"]["body"] for m in self.notify.messages]
        )

    def each_arrived_once(self) -> None:
        """Nothing is lost and nothing was told twice."""
        states = Counter(Notification.objects.values_list("state", flat=True))
        assert set(states) <= {State.SENT, State.DELIVERED}, states
        taken = self.taken()
        assert len(taken) == self.told
        assert set(taken.values()) == {1}


def _deliver(pk: int, now: datetime) -> None:
    try:
        delivery.deliver(outbox_id=pk, now=now)
    finally:
        connection.close()


@pytest.fixture
def system(settings) -> Iterator[System]:
    with (
        TwilioServer(report=_report) as twilio,
        NotifyServer() as notify,
        ThreadPoolExecutor(max_workers=2) as workers,
    ):
        settings.TWILIO_ACCOUNT_SID = twilio_server.ACCOUNT
        settings.TWILIO_AUTH_TOKENS = [twilio_server.TOKEN]
        settings.TWILIO_MESSAGING_SERVICE_SID = twilio_server.SERVICE
        settings.TWILIO_API_BASE = twilio.base
        settings.NOTIFY_API_KEY = notify_server.KEY
        settings.NOTIFY_BASE_URL = notify.base
        settings.NOTIFY_TEMPLATES = dict(notify_server.TEMPLATES)
        settings.HUB_BASE_URL = "https://hub.example"
        settings.NOTIFICATION_BACKENDS = {"sms": ["twilio", "notify"]}
        registry.forget()
        yield System(twilio, notify, timezone.now(), workers)


def _report(message: dict[str, Any], status: str) -> None:
    """Calls the hub back, signed, as Twilio does; from a thread of its own."""
    said = {"MessageSid": message["sid"], "MessageStatus": status}
    if status in {"failed", "undelivered"}:
        said["ErrorCode"] = "30005"
    parts = urlsplit(message["status_callback"])
    answers: list[int] = []

    def call() -> None:
        try:
            answers.append(phone.post(f"{parts.path}?{parts.query}", said).status_code)
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert answers == [204]


def mood(chance: random.Random, **shares: float) -> Callable[[], Step]:
    """Bad days by their shares of all calls: lost, error, busy."""
    made = {
        "lost": lambda: Step(lose_answer=True),
        "error": lambda: Step(500, 20500),
        "busy": lambda: Step(429, 20429, retry_after="2"),
    }

    def draw() -> Step:
        luck = chance.random()
        for name, share in shares.items():
            if luck < share:
                return made[name]()
            luck -= share
        return Step()

    return draw


def test_with_two_carriers_and_lost_answers_each_message_arrives_exactly_once(system):
    """T-R3: no idempotency keys, 2 % of the answers lost and 2 % errors, at both."""
    chance = random.Random(SEED)
    system.twilio.mood = mood(chance, lost=0.02, error=0.02)
    for n in range(3):
        system.notify.plan += [notify_server.Step(lose_answer=n == 0)] * 20
    for second in range(25):
        system.tell(8)
        system.work(second)
    assert Attempt.objects.filter(result="unclear").exists()
    # An unknown one is settled within five minutes.
    system.work_until_done(25, most=325)
    system.each_arrived_once()


# From when to when the first provider is ill, and how many messages come each second.
ILL_FROM, ILL_UNTIL, END, EACH = 15, 75, 100, 3


@pytest.mark.parametrize("trouble", ["errors", "lost answers", "no connection"])
def test_while_a_provider_is_ill_for_a_minute_the_other_carries_and_then_the_first_again(
    system, settings, trouble
):
    # The worst is one that takes a message and does not say so.
    moods = {"errors": lambda: Step(500, 20500), "lost answers": lambda: Step(lose_answer=True)}
    well_base = settings.TWILIO_API_BASE
    by: dict[int, set[str]] = {}
    for second in range(END):
        is_ill = ILL_FROM <= second < ILL_UNTIL
        system.twilio.away = is_ill
        system.twilio.mood = moods.get(trouble, Step) if is_ill else Step
        away = is_ill and trouble == "no connection"
        settings.TWILIO_API_BASE = "http://127.0.0.1:9" if away else well_base
        first = system.told
        system.tell(EACH)
        system.work(second)
        fresh = [f"late:{n}" for n in range(first + 1, system.told + 1)]
        rows = Notification.objects.filter(key__in=fresh, state=State.SENT)
        by[second] = set(rows.values_list("provider", flat=True))
        if second == ILL_UNTIL - 1:
            assert health.ill(["twilio", "notify"]) == {"twilio"}
    system.work_until_done(END, most=ILL_UNTIL + 300)
    system.each_arrived_once()
    assert by[ILL_FROM - 1] == {"twilio"}
    assert by[ILL_UNTIL - 10] == {"notify"}
    assert by[END - 1] == {"twilio"}
    assert health.ill(["twilio", "notify"]) == frozenset()
    trail = AuditEvent.objects.filter(action__in=["carrier.ill", "carrier.well"]).order_by("pk")
    assert list(trail.values_list("action", flat=True)) == ["carrier.ill", "carrier.well"]
    if trouble == "lost answers":
        # What it had taken was found there, and nowhere else.
        rows = Notification.objects.filter(body__in=[m["body"] for m in system.twilio.messages])
        assert set(rows.values_list("provider", flat=True)) == {"twilio"}
        assert Attempt.objects.filter(carrier="twilio", result="unclear").count() >= 50


def test_a_provider_that_hangs_is_ill_before_it_has_failed_fifty_times(
    system, settings, monkeypatch
):
    monkeypatch.setattr(calling, "TIMEOUT_SECONDS", 0.2)
    settings.CARRIER_ILL_AFTER_WAITING_SECONDS = 2
    registry.forget()
    system.twilio.mood = lambda: Step(slow_seconds=0.5)
    system.twilio.away = True
    for second in range(20):
        system.tell(4)
        system.work(second)
    assert health.ill(["twilio"])
    bad = Attempt.objects.filter(carrier="twilio", result="unclear").count()
    assert bad < 20
    system.twilio.mood, system.twilio.away = Step, False
    system.work_until_done(20, most=400)
    system.each_arrived_once()


def test_a_busy_provider_stays_the_first_and_what_it_keeps_putting_off_goes_by_the_other(system):
    chance = random.Random(SEED)
    system.twilio.mood = mood(chance, busy=0.6)
    for second in range(30):
        system.tell(5)
        system.work(second)
    system.work_until_done(30, most=200)
    system.each_arrived_once()
    assert health.ill(["twilio"]) == frozenset()
    by = Counter(Notification.objects.values_list("provider", flat=True))
    assert by["twilio"] > by["notify"] > 0


def test_receipts_in_any_order_twice_and_before_the_answer_never_take_a_message_back(system):
    """T-R17, over HTTP: what Twilio reports crosses what we do."""
    chance = random.Random(SEED)
    words = ["queued", "sending", "sent", "delivered"]

    def step() -> Step:
        said = [word for word in words * 2 if chance.random() < 0.8]
        chance.shuffle(said)
        cut = chance.randrange(len(said) + 1)
        return Step(
            told_before=tuple(said[:cut]),
            told_after=tuple(said[cut:]),
            lose_answer=chance.random() < 0.1,
        )

    system.twilio.mood = step
    for second in range(15):
        system.tell(4)
        system.work(second)
    system.work_until_done(15, most=300)
    system.each_arrived_once()
    assert system.notify.messages == []
    delivered = {
        receipt.notification_id for receipt in DeliveryReceipt.objects.filter(status="delivered")
    }
    states = dict(Notification.objects.values_list("pk", "state"))
    assert len(delivered) > 20
    assert {states[pk] for pk in delivered if pk is not None} == {State.DELIVERED}
    pairs = Counter(DeliveryReceipt.objects.values_list("sid", "status"))
    assert set(pairs.values()) == {1}


def test_a_bad_receipt_of_the_carrier_that_it_was_taken_from_does_not_end_it(system):
    system.tell(1)
    system.twilio.plan += [Step(500, 20500, keep=False)] * 3
    system.work_until_done(0, most=400)
    message = Notification.objects.get()
    assert (message.state, message.provider) == (State.SENT, "notify")
    callback = f"/channels/sms/status?message={message.public_id}"
    url = f"{callback}&proof={callbacks.token(str(message.public_id))}"
    said = {"MessageSid": "SM" + "7" * 32, "MessageStatus": "failed", "ErrorCode": "30005"}
    assert phone.post(url, said).status_code == 204
    message.refresh_from_db()
    assert (message.state, message.address_state) == (State.SENT, "")
