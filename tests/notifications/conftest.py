from __future__ import annotations

from collections.abc import Iterator

import pytest

from notifications.backends import accounts, memory, registry
from notifications.backends.accounts import Account
from tests.stand_ins import notify_server, twilio_server, webhook_server
from tests.stand_ins.mail_server import MailServer
from tests.stand_ins.notify_server import NotifyServer
from tests.stand_ins.twilio_server import TwilioServer
from tests.stand_ins.webhook_server import WebhookServer

MEMORY = "notifications.backends.memory.MemoryBackend"
POSTBOX = "notifications.backends.postbox.PostboxBackend"


@pytest.fixture(autouse=True)
def providers(settings) -> Iterator[None]:
    """Messages stay inside the process unless a test says otherwise."""
    settings.NOTIFICATION_BACKENDS = {"sms": MEMORY, "email": MEMORY}
    registry.forget()
    memory.clear()
    yield
    registry.forget()
    memory.clear()


@pytest.fixture
def twilio(settings) -> Iterator[TwilioServer]:
    """Texts go to a stand-in of Twilio over HTTP."""
    with TwilioServer() as server:
        settings.TWILIO_ACCOUNT_SID = twilio_server.ACCOUNT
        settings.TWILIO_AUTH_TOKENS = [twilio_server.TOKEN]
        settings.TWILIO_MESSAGING_SERVICE_SID = twilio_server.SERVICE
        settings.TWILIO_API_BASE = server.base
        settings.HUB_BASE_URL = "https://hub.example"
        settings.NOTIFICATION_BACKENDS = {
            "sms": "notifications.backends.twilio.TwilioBackend",
            "email": MEMORY,
        }
        registry.forget()
        yield server


@pytest.fixture
def notify(settings) -> Iterator[NotifyServer]:
    """Texts, e-mail and letters go to a stand-in of GOV.UK Notify over HTTP."""
    with NotifyServer() as server:
        settings.NOTIFY_API_KEY = notify_server.KEY
        settings.NOTIFY_BASE_URL = server.base
        settings.NOTIFY_TEMPLATES = dict(notify_server.TEMPLATES)
        settings.NOTIFY_CALLBACK_TOKEN = "the-token-of-notify"
        settings.NOTIFICATION_BACKENDS = dict.fromkeys(["sms", "email", "letter"], "notify")
        registry.forget()
        yield server


@pytest.fixture
def webhook(settings) -> Iterator[tuple[WebhookServer, Account]]:
    """A body's own system over HTTP, and the account with it."""
    settings.HUB_DEVELOPMENT = True  # only there is loopback called
    with WebhookServer() as server:
        path = accounts.BACKENDS["webhook"]
        secrets = {"secret": webhook_server.SECRET}
        yield server, Account("theirs", "webhook", path, {"url": server.url}, secrets)


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """E-mail goes to a stand-in over SMTP."""
    with MailServer() as server:
        settings.EMAIL_URL = server.url
        settings.DEFAULT_FROM_EMAIL = "Worcestershire Hub <hub@hub.example>"
        settings.NOTIFICATION_BACKENDS = {
            "sms": MEMORY,
            "email": "notifications.backends.mail.MailBackend",
        }
        registry.forget()
        yield server
