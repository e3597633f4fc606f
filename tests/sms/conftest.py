from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from notifications.backends import memory, registry
from tests.sms.asked import bins as bins
from tests.sms.asked import holes as holes
from tests.stand_ins.phone import Phone
from tests.world import NOW


@pytest.fixture(autouse=True)
def door(settings) -> Iterator[None]:
    """The SMS door as it is in production: behind TLS, with a token; messages stay inside."""
    settings.HUB_BASE_URL = "https://hub.example"
    settings.HUB_SMS_NUMBER = "+447700900000"
    settings.TWILIO_AUTH_TOKENS = ["the-new-token", "the-old-token"]
    settings.SECURE_SSL_REDIRECT = False
    settings.NOTIFICATION_BACKENDS = dict.fromkeys(
        ("sms", "email"), "notifications.backends.memory.MemoryBackend"
    )
    registry.forget()
    memory.clear()
    yield
    registry.forget()
    memory.clear()


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def clock(world):
    """The tests' own day; `clock.shift` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
