"""The demo's post box: a visitor writes an e-mail to the hub over real HTTP, and answers ours."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from channels.email import mime
from enquiries.models import ContactItem, Enquiry
from inbox.models import InboundMail
from notifications.backends import registry
from notifications.models import PostboxMessage
from tests import world
from tests.email.test_webhook import NEW
from tests.journeys.steps import words
from tests.outbox import run_outbox

BOX, PAGE = "/demo/post-box/", "/demo/post-box/mail/"
JO = "jo@example.com"
_ANSWER = re.compile(r'href="(/demo/post-box/mail/\?answers=[^"]+)"')


@pytest.fixture
def demo(settings: Any) -> Client:
    """A demo with a mailbox."""
    settings.HUB_DEMO = True
    settings.MAIL_WEBHOOK_SECRETS = [NEW]
    settings.NOTIFICATION_BACKENDS = dict.fromkeys(
        ("sms", "email"), "notifications.backends.postbox.PostboxBackend"
    )
    registry.forget()
    return Client()


@pytest.fixture
def listening(demo: Client, settings: Any, live_server: Any) -> Client:
    """The same, on a real port."""
    world.build()
    settings.HUB_BASE_URL = live_server.url
    return demo


def mail(demo: Client, said: str, *, subject: str = "Missed bin", page: str = PAGE) -> str:
    given = {"sender": "Jo@Example.com", "subject": subject, "words": said}
    answer = demo.post(page, given, follow=True)
    run_outbox()
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_visitor_writes_is_answered_and_answers_the_same_case(listening: Client) -> None:
    assert "Look again" in mail(listening, "My bin was missed at WR11 3DA.")
    case = Enquiry.objects.get()
    talk = listening.get(BOX, {"with": JO}).content.decode()
    assert f"Emails with {JO}" in words(talk)
    assert "Look again" not in talk
    assert words(talk).index("My bin was missed") < words(talk).index(case.reference)

    (first, *_others) = _ANSWER.findall(talk)
    form = listening.get(first).context["form"]
    begun = {name: form[name].value() for name in ("sender", "subject")}
    assert begun["sender"] == JO
    # Nothing but the mark of our message says which case it is.
    mail(listening, "It is the green one.", subject="About what you wrote", page=first)
    assert Enquiry.objects.get() == case
    item = ContactItem.objects.latest("pk")
    assert (item.enquiry_id, item.words) == (case.pk, "It is the green one.")

    before = PostboxMessage.objects.filter(is_inbound=False).count()
    mail(listening, "Back on Monday.", subject="Automatic reply: away", page=first)
    assert InboundMail.objects.latest("pk").kind == "automatic"
    mail(listening, "", subject="")
    assert InboundMail.objects.latest("pk").state == "aside"
    assert PostboxMessage.objects.filter(is_inbound=False).count() == before


@pytest.mark.django_db(transaction=True)
def test_what_a_visitor_makes_up_stays_one_line_of_a_header(listening: Client) -> None:
    mail(listening, "Words\n.\nBcc: eve@example.com", subject="One\r\nBcc: eve@example.com")
    taken = mime.read(bytes(InboundMail.objects.get().raw or b""))
    assert "bcc" not in taken.headers
    assert (taken.subject, taken.sender) == ("One Bcc: eve@example.com", JO)


@pytest.mark.django_db
def test_what_cannot_be_done_is_said(demo: Client, settings: Any) -> None:
    wrong = demo.post(PAGE, {"sender": "banana", "words": "Hello"}).content.decode()
    assert "<title>Error: " in wrong
    assert "Enter an email address, like name@example.com" in words(wrong)
    assert demo.get(f"{PAGE}?answers=nothing").status_code == 404
    given = {"sender": JO, "subject": "Hello", "words": "What I wrote"}
    settings.HUB_BASE_URL = "http://127.0.0.1:9"
    kept = demo.post(PAGE, given).content.decode()
    assert "Your email was not taken; send it again." in words(kept)
    assert "What I wrote" in kept
    settings.MAIL_WEBHOOK_SECRETS = []
    assert "Emails are switched off" in words(demo.post(PAGE, given).content.decode())
    assert not PostboxMessage.objects.exists()
    settings.HUB_DEMO = False
    assert demo.get(PAGE).status_code == 404
    assert demo.post(PAGE, given).status_code == 404
