from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.world import NOW


@pytest.fixture(autouse=True)
def door(settings) -> None:
    """The door for calls as it is in production: behind TLS, with tokens, and with a line."""
    settings.HUB_BASE_URL = "https://hub.example"
    settings.TWILIO_AUTH_TOKENS = ["the-new-token", "the-old-token"]
    settings.SECURE_SSL_REDIRECT = False
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 12 * 60, 24
    settings.HUB_VOICE_TO = "+441632960002"
    settings.HUB_VOICE_WELCOME = settings.HUB_VOICE_NOTICE = ""


@pytest.fixture
def clock(world) -> Iterator[time_machine.Traveller]:
    """The tests' own day, a Tuesday at ten; `clock.shift` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def agent(world):
    return world.agent


@pytest.fixture
def desk(client_for, agent):
    return client_for(agent)


@pytest.fixture
def other(client_for, world):
    return client_for(world.administrator)
