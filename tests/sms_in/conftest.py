from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from channels.sms import spool
from notifications.backends import memory, registry
from tests.stand_ins import twilio_server
from tests.stand_ins.phone import Phone, payload, sid
from tests.stand_ins.twilio_server import TwilioServer
from tests.world import NOW


@pytest.fixture(autouse=True)
def door(settings, tmp_path) -> Iterator[None]:
    """Texts as they are in production: a number, a token, a folder; messages stay inside."""
    settings.HUB_BASE_URL = "https://hub.example"
    settings.HUB_SMS_NUMBER = "+447700900000"
    settings.SMS_NUMBERS_IN = ["+447700900000"]
    settings.TWILIO_AUTH_TOKENS = ["the-new-token", "the-old-token"]
    settings.SECURE_SSL_REDIRECT = False
    settings.SMS_SPOOL_DIR = tmp_path / "spool"
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


@pytest.fixture
def twilio(settings) -> Iterator[TwilioServer]:
    """Twilio over HTTP: its list of messages, and the pictures that came with them."""
    with TwilioServer() as server:
        settings.TWILIO_ACCOUNT_SID = twilio_server.ACCOUNT
        settings.TWILIO_AUTH_TOKENS = [twilio_server.TOKEN]
        settings.TWILIO_MESSAGING_SERVICE_SID = twilio_server.SERVICE
        settings.TWILIO_API_BASE = server.base
        registry.forget()
        yield server


Keep = Callable[..., str]


@pytest.fixture
def keep(settings) -> Keep:
    """Writes a text to disk as the fallback door does; its id."""

    def write(
        body: str = "My bin was not emptied on Monday. WR11 3DA",
        *,
        message_sid: str = "",
        at: datetime | None = None,
        source: str = spool.FALLBACK,
        **fields: str,
    ) -> str:
        message_sid = message_sid or sid()
        folder: Path = settings.SMS_SPOOL_DIR
        said = payload("sms_inbound", Body=body, MessageSid=message_sid, SmsSid=message_sid,
                       SmsMessageSid=message_sid, **fields)  # fmt: skip
        spool.keep(folder, sid=message_sid, fields=said, received_at=at or timezone.now(),
                   source=source)  # fmt: skip
        return message_sid

    return write
