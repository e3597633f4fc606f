"""A message as it comes out of a real mail server: the same words twice, and no others."""

from __future__ import annotations

from email.message import Message
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

import notifications.actions
from notifications.backends import registry
from notifications.models import Notification
from tests.notifications.helpers import deliver
from tests.stand_ins.mail_server import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings: Any) -> Any:
    with MailServer() as found:
        settings.EMAIL_URL = found.url
        settings.NOTIFICATION_BACKENDS = {**settings.NOTIFICATION_BACKENDS, "email": ["smtp"]}
        registry.forget()
        yield found
    registry.forget()


def parts(letter: Message) -> list[tuple[str, str]]:
    return [
        (one.get_content_type(), one.get_payload(decode=True).decode())  # type: ignore[union-attr]
        for one in letter.walk()
        if not one.is_multipart()
    ]


def test_a_mail_has_its_words_as_text_and_as_html(world: World, server: MailServer) -> None:
    words = "Done.\n\n<b>((track_url))</b> & [x](https://bad.example)"
    with transaction.atomic():
        pk = notifications.actions.send(
            key="a", event="replied", medium="email", to="jo@example.com", about="", language="pl",
            now=timezone.now(),
            context={"reference": "WH7-K3MP-4X", "service": "", "owner": "Wychavon",
                     "words": words, "track_url": "https://hub.example/t/"},
        )  # fmt: skip
    assert deliver(Notification.objects.get(pk=pk)).state == "sent"
    (letter,) = server.letters
    assert letter.get_content_type() == "multipart/alternative"
    (first, plain), (second, html) = parts(letter)
    # The richest form stands last: readers show the last that they can.
    assert (first, second) == ("text/plain", "text/html")
    assert words in plain.replace("\r\n", "\n")
    assert "&lt;b&gt;((track_url))&lt;/b&gt; &amp; [x](https://bad.example)" in html
    assert 'href="https://bad' not in html
    assert 'href="https://hub.example/t/"' in html
    assert 'lang="pl"' in html


def test_a_link_that_only_the_message_holds_is_in_both_forms_and_in_no_row(
    world: World, server: MailServer
) -> None:
    link = "https://hub.example/my/secret-secret/"
    with transaction.atomic():
        pk = notifications.actions.send(
            key="a", event="my_link", medium="email", to="jo@example.com", about="",
            now=timezone.now(), context={"minutes": "15"}, hidden={"link": link},
        )  # fmt: skip
    row = Notification.objects.get(pk=pk)
    assert "secret-secret" not in row.body + row.html + str(row.facts)
    deliver(row)
    (letter,) = server.letters
    (_, plain), (_, html) = parts(letter)
    assert link in plain
    assert f'href="{link}"' in html
