from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from notifications.backends import memory, registry
from tests.email.letters import MAILBOX
from tests.stand_ins.mail_server import MailServer
from tests.world import NOW


@pytest.fixture(autouse=True)
def door(settings) -> Iterator[None]:
    """A mailbox as in production; messages of ours stay inside the process."""
    settings.HUB_BASE_URL = "https://hub.example"
    settings.SECURE_SSL_REDIRECT = False
    settings.HUB_MAIL_ADDRESS = MAILBOX
    settings.DEFAULT_FROM_EMAIL = "Worcestershire Hub <hub@hub.example>"
    settings.MAIL_AUTHSERV_ID = "mx.hub.example"
    settings.NOTIFICATION_BACKENDS = dict.fromkeys(
        ("sms", "email"), "notifications.backends.memory.MemoryBackend"
    )
    registry.forget()
    memory.clear()
    yield
    registry.forget()
    memory.clear()


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """Our e-mail goes to a stand-in over SMTP."""
    with MailServer() as server:
        settings.EMAIL_URL = server.url
        settings.NOTIFICATION_BACKENDS["email"] = "notifications.backends.mail.MailBackend"
        registry.forget()
        yield server


@pytest.fixture
def clock(world):
    """The tests' own day; `clock.shift` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
