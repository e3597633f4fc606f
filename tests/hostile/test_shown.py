"""T-S1: whatever anybody wrote is words on every page where it comes out, whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from channels.kiosk.devices import cookie_name
from notifications import hiding
from notifications.backends import mail as by_mail
from notifications.backends.base import Outgoing
from notifications.models import Notification
from tests.hostile.conftest import wrote
from tests.hostile.pages import faults
from tests.isolation.checks import QUERIES
from tests.isolation.ids import ids
from tests.isolation.stage import Scene
from tests.isolation.table import Reader, entries, filled, readers
from tests.world import NOW

pytestmark = pytest.mark.django_db
_WORD = re.compile(r"zq[a-z0-9]+qz")
# What is read by some of each kind is drawn by the same templates for all of them.
KINDS = (
    ("anonymous", "citizen"),
    ("kiosk",),
    ("agent", "lead", "leader", "administrator", "manager"),
    ("officer_a", "officer_police", "colleague_a", "manager_a"),
    ("token_a_referrals", "token_hub_read", "token_a_read"),
)
OF_EACH = 2
# What somebody writes: a citizen, an officer to each kind of reader, an agent.
WRITTEN = (
    "words", "name", "place", "home", "notepublic", "notehub", "noteus", "hubnote", "end", "no",
    "again", "why", "staff", "team",
)  # fmt: skip


def browser(scene: Scene, reader: Reader) -> Client:
    """Somebody's browser, or a system with its key."""
    client = Client()
    if reader.user:
        client.cookies[settings.SESSION_COOKIE_NAME] = scene.sessions[reader.user]
    if reader.device:
        client.cookies[cookie_name()] = scene.kiosk_token
    if reader.token:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {scene.tokens[reader.token]}"
    return client


def pages(scene: Scene) -> Iterator[tuple[Reader, str]]:
    """Every address that there is, for one reader of each kind who may open it."""
    for entry in entries().values():
        may = entry.methods.get("GET", frozenset())
        for kind in KINDS:
            name = next((one for one in kind if one in may), None)
            if name is None or "reference/" in entry.route:
                continue
            reader = readers()[name]
            for _, values in ids(scene, entry, reader).own[:OF_EACH]:
                path = filled(entry.route, values)
                yield from ((reader, f"{path}?{one}") for one in QUERIES.get(entry.route, ("",)))


def cases(scene: Scene) -> Iterator[tuple[Reader, str]]:
    """The page of every case, for who reads all of it, and that of its citizen."""
    for thing in scene.things.values():
        yield readers()["lead"], f"/desk/cases/{thing.reference}/"
        yield readers()["anonymous"], f"/track/{thing.reference}/{thing.secret}/"


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


def test_no_page_of_anybody_has_more_of_it_than_words(scene: Scene) -> None:
    wrong: list[str] = []
    shown: set[tuple[str, str]] = set()
    clients: dict[str, Client] = {}
    for reader, path in chain(pages(scene), cases(scene)):
        client = clients.setdefault(reader.name, browser(scene, reader))
        response = client.get(path)
        assert response.status_code < 500, path
        wrong += [f"{reader.name} at {path}: {fault}" for fault in faults(response)]
        if not response.streaming:
            shown |= {wrote[one] for one in _WORD.findall(text_of(response)) if one in wrote}
    assert not wrong, "\n".join(wrong[:40])
    # Each kind of words has been on some page: else nothing was looked at.
    read = {what for _, what in shown}
    unread = {kind for kind in WRITTEN if not any(what.startswith(kind) for what in read)}
    assert not unread, unread


def test_no_message_is_more_than_plain_text(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_mail, "server", lambda _: EmailBackend())
    rows = list(Notification.objects.filter(medium="email"))
    assert any("zqhit" in row.body for row in rows)
    for row in rows:
        body = hiding.shown(row.body, row.sealed)
        outgoing = Outgoing(
            str(row.public_id), "email", row.to, row.subject, body, row.about, tried_at=NOW
        )
        by_mail.MailBackend().send(outgoing)
    assert len(mail.outbox) == len(rows)
    for one in mail.outbox:
        written = one.message()
        assert (written.get_content_type(), written.is_multipart()) == ("text/plain", False)
        assert "\n" not in str(written["Subject"])
