"""A provider on its bad day, under load, with the real relay and worker: each text arrives once.

T-R3 and T-R17: answers lost, errors, "not so fast" and hanging; receipts in any order, twice,
before the answer, and of messages that nobody knows. tests/notifications/test_failover.py moves its
clock through the whole minute; here the processes are real, and only the end is not waited for.
"""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.models import AuditEvent
from notifications import callbacks, health
from notifications.lifecycle import State
from notifications.models import Attempt, DeliveryReceipt, Notification
from tests.journeys.carried import HUB, Carried, are_onwards, carried, moves_watched, news
from tests.notifications.helpers import tell
from tests.stand_ins.twilio_server import Step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SEED = 20261122
WORDS = ["queued", "sending", "sent", "delivered"]
# Beyond the eight seconds for which a provider is waited for.
HANGS = 9.0


class Load:
    """Texts that somebody asks for, each to a number of its own."""

    def __init__(self) -> None:
        self.told = 0

    def tell(self, count: int) -> list[str]:
        """So many more, as fast as a busy hour has them; their keys."""
        keys = []
        for _ in range(count):
            self.told += 1
            keys.append(f"late:{self.told}")
            tell(keys[-1], about="", to=f"+4477009{self.told:05d}")
            time.sleep(0.05)
        return keys


def carriers_of(keys: list[str]) -> set[str]:
    """By whom these have gone; "" for one that has not."""
    rows = Notification.objects.filter(key__in=keys)
    return {
        provider if state in (State.SENT, State.DELIVERED) else ""
        for provider, state in rows.values_list("provider", "state")
    }


def a_good_day(chance: random.Random) -> Step:
    """It takes what comes, loses two answers in a hundred, and reports as it likes."""
    said = [word for word in WORDS * 2 if chance.random() < 0.7]
    chance.shuffle(said)
    cut = chance.randrange(len(said) + 1)
    return Step(
        told_before=tuple(said[:cut]),
        told_after=tuple(said[cut:]),
        lose_answer=chance.random() < 0.02,
    )


def a_bad_day(chance: random.Random) -> Step:
    """Errors, lost answers, and "not so fast"; it takes some of it all the same."""
    luck = chance.random()
    if luck < 0.5:
        return Step(500, 20500)
    if luck < 0.9:
        return Step(lose_answer=True, told_before=("delivered",) if luck < 0.6 else ())
    return Step(429, 20429, retry_after="1")


def test_while_a_provider_is_ill_under_load_nothing_is_lost_doubled_or_taken_back(
    settings: Any, pg: str, redis_url: str, tmp_path: Path
) -> None:
    # Twenty failures instead of fifty, and a probe each second: a minute in a third of it.
    hasty = {"HUB_CARRIER_ILL_AFTER": "20", "HUB_CARRIER_PROBE_EVERY_SECONDS": "1"}
    with (
        moves_watched() as moves,
        carried(settings, pg=pg, redis_url=redis_url, folder=tmp_path, **hasty) as system,
    ):
        _ill_and_back(system)
        system.finish_by(timedelta(minutes=5))
        assert are_onwards(moves())
        _news_of_what_is_not_there(system)
    _each_arrived_once(system)
    assert set(system.answers) == {204}
    trail = AuditEvent.objects.filter(action__in=["carrier.ill", "carrier.well"]).order_by("pk")
    assert list(trail.values_list("action", flat=True)) == ["carrier.ill", "carrier.well"]


def _ill_and_back(system: Carried) -> None:
    chance, load = random.Random(SEED), Load()
    system.twilio.report = system.report
    system.twilio.mood = lambda: a_good_day(chance)
    load.tell(40)
    system.wait_for(lambda: len(system.twilio.messages) >= 40)
    assert not system.notify.messages

    system.twilio.away = True
    system.twilio.plan = [Step(slow_seconds=HANGS), Step(429, 20429, retry_after="1")]
    system.twilio.mood = lambda: a_bad_day(chance)
    system.wait_for(lambda: load.tell(5) and health.ill(["twilio"]))
    while_ill = load.tell(40)
    # One a second finds out whether it is still ill; the others do not go near it.
    system.wait_for(lambda: len(_by_notify(while_ill)) > 20)

    system.twilio.away = False
    system.twilio.mood = lambda: a_good_day(chance)
    system.wait_for(lambda: load.tell(1) and not health.ill(["twilio"]))
    # Once it is well, who comes goes there again.
    before = len(system.notify.messages)
    after = load.tell(30)
    system.wait_for(lambda: carriers_of(after) - {""} == {"twilio"})
    assert not _by_notify(after)
    assert len(system.notify.messages) >= before
    results = Counter(Attempt.objects.filter(carrier="twilio").values_list("result", "code"))
    assert ("busy", "429") in results
    assert sum(count for (result, _), count in results.items() if result == "unclear") >= 20
    assert Notification.objects.count() == load.told


def _by_notify(keys: list[str]) -> list[int]:
    rows = Notification.objects.filter(key__in=keys, provider="notify", state=State.SENT)
    return list(rows.values_list("pk", flat=True))


def _news_of_what_is_not_there(system: Carried) -> None:
    """A message that nobody knows, and a copy of ours that nobody sent: heard, and no more."""
    before = dict(Notification.objects.values_list("pk", "state"))
    fake = str(uuid.uuid4())
    address = f"{HUB}/channels/sms/status?message={fake}&proof={callbacks.token(fake)}"
    nobody = {"sid": "SM" + "7" * 32, "status_callback": address}
    assert 200 <= news(nobody, "delivered") < 300
    for taken in system.twilio.messages[:10]:
        copy = {**taken, "sid": "SM" + "8" * 32}
        assert 200 <= news(copy, "failed", ErrorCode="30003") < 300
        assert 200 <= news(taken, "queued") < 300
    assert dict(Notification.objects.values_list("pk", "state")) == before


def _each_arrived_once(system: Carried) -> None:
    rows = Notification.objects.all()
    assert set(rows.values_list("state", flat=True)) <= {State.SENT, State.DELIVERED}
    taken = system.taken()
    assert len(taken) == rows.count()
    assert set(taken.values()) == {1}
    # Who was reported to have it is known to have it, and each word of the provider counts once.
    reported = DeliveryReceipt.objects.filter(status="delivered", notification__isnull=False)
    has_it = Notification.objects.filter(pk__in=reported.values("notification_id"))
    assert has_it.count() > 20
    assert set(has_it.values_list("state", flat=True)) == {State.DELIVERED}
    said = Counter(DeliveryReceipt.objects.values_list("sid", "status", "notification_id"))
    assert set(said.values()) == {1}
