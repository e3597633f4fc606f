"""Twenty agents on one queue, each with a session, all at once; a longer form is `make storm`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from tests.desk import hands
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 4


def test_twenty_agents_on_one_queue(transactional_db: None, live_server: Any) -> None:
    build()
    hands.queue(24)
    emails, before = hands.agents(20, now=timezone.now()), hands.deadlocks()
    here = hands.crowd(str(live_server.url), emails, seconds=SECONDS, seed=1)
    done = sum((one.did for one in here), start=Counter())
    wrong = hands.faults(here)
    assert wrong == [], (done, wrong)
    assert hands.deadlocks() == before
    assert done["rounds"] >= 20
    assert done["next"] + done["take"] >= 8, done
    assert min(done["reply"], done["put back"]) > 0, done
