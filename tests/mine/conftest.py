from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from notifications.backends import memory, registry
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.stand_ins.mail_server import MailServer

MEMORY = "notifications.backends.memory.MemoryBackend"
_LINK = re.compile(r"/my/open/[\w-]+/")


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
def mail_server(settings) -> Iterator[MailServer]:
    """E-mail goes to a stand-in over SMTP."""
    with MailServer() as server:
        settings.EMAIL_URL = server.url
        settings.NOTIFICATION_BACKENDS = {
            "sms": MEMORY,
            "email": "notifications.backends.mail.MailBackend",
        }
        registry.forget()
        yield server


def links_sent() -> list[tuple[str, str]]:
    """Whom links went to, and the links, oldest first."""
    found = []
    for one in memory.outbox:
        link = _LINK.search(one.body)
        if link:
            found.append((one.to, link[0]))
    return found


@pytest.fixture
def link() -> Callable[..., str]:
    """Asks for a link as anybody does, and reads it as its owner does."""

    def made(address: str = "jo@example.com") -> str:
        Client().post("/my/", {"address": address})
        before = len(links_sent())
        run_outbox()
        sent = links_sent()
        assert len(sent) == before + 1, "no link was sent"
        return sent[-1][1]

    return made


@pytest.fixture
def mine(link: Callable[..., str]) -> Callable[..., Client]:
    """A browser that has opened its link."""

    def opened(address: str = "jo@example.com") -> Client:
        client = Client()
        answer = client.post(link(address))
        assert answer.status_code == 302, answer.status_code
        return client

    return opened


def told(event: str) -> list[Notification]:
    """Messages of an event, oldest first."""
    return list(Notification.objects.filter(event=event).order_by("pk"))
