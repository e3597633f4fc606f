"""The demo's post box: reads what went out, and texts the hub over real HTTP."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import notifications.actions
from enquiries.models import Enquiry
from notifications.backends import registry
from notifications.models import PostboxMessage
from tests import world
from tests.journeys.steps import words
from tests.outbox import run_outbox

BOX = "/demo/post-box/"


@pytest.fixture
def demo(settings: Any, live_server: Any) -> Client:
    """A demo that listens on a real port."""
    world.build()
    settings.HUB_DEMO = True
    settings.HUB_BASE_URL = live_server.url
    settings.NOTIFICATION_BACKENDS = dict.fromkeys(
        ("sms", "email"), "notifications.backends.postbox.PostboxBackend"
    )
    registry.forget()
    return Client()


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{BOX}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_visitor_texts_the_hub_and_reads_the_answer(demo: Client) -> None:
    sent = demo.post(BOX, {"number": "07700 900123", "words": "Bin missed at WR11 3DA"})
    assert sent.status_code == 302
    assert sent["Location"] == f"{BOX}?with=%2B447700900123#conversation"
    run_outbox()

    reference = Enquiry.objects.get().reference
    shown = words(page(demo, "?with=%2B447700900123"))
    assert "Texts with 07700 900123" in shown
    assert "Bin missed at WR11 3DA" in shown
    assert f"Your reference is {reference}." in shown
    assert shown.index("Bin missed at WR11 3DA") < shown.index(f"Your reference is {reference}.")
    assert 'value="07700 900123"' in page(demo, "?with=%2B447700900123")


@pytest.mark.django_db(transaction=True)
def test_messages_can_be_narrowed_to_one_medium_newest_first(demo: Client) -> None:
    demo.post(BOX, {"number": "07700 900123", "words": "Bin missed at WR11 3DA"})
    run_outbox()
    mails = words(page(demo, "?medium=email"))
    assert "For you: Missed bin" in mails
    assert "Email to team@wychavon.demo" in mails
    assert "Bin missed at WR11 3DA" not in mails
    texts = words(page(demo, "?medium=sms"))
    assert "For you: Missed bin" not in texts
    assert texts.index("We have your message") < texts.index("Text from 07700 900123")


@pytest.mark.django_db(transaction=True)
def test_what_visitors_write_is_shown_and_never_run(demo: Client) -> None:
    trick = "<script>alert(1)</script> & 'quotes' {{ 7|add:7 }}"
    demo.post(BOX, {"number": "07700 900123", "words": trick})
    shown = page(demo)
    assert "<script>alert" not in shown
    assert trick in unescape(shown)


@pytest.mark.django_db(transaction=True)
def test_a_hub_that_does_not_answer_is_said_and_the_text_can_be_sent_again(
    demo: Client, settings: Any
) -> None:
    settings.HUB_BASE_URL = "http://127.0.0.1:9"
    answer = demo.post(BOX, {"number": "07700 900123", "words": "Hello"}, follow=True)
    assert "Your text was not taken; send it again." in words(answer.content.decode())


@pytest.mark.django_db
def test_a_wrong_number_is_said_beside_the_field(settings: Any, client: Client) -> None:
    settings.HUB_DEMO = True
    answer = client.post(BOX, {"number": "banana", "words": "Hello"})
    shown = answer.content.decode()
    assert "<title>Error: " in shown
    assert "Enter a phone number, like 07700 900123" in words(shown)
    assert not PostboxMessage.objects.exists()


@pytest.mark.django_db
def test_an_empty_box_says_what_to_do(settings: Any, client: Client) -> None:
    settings.HUB_DEMO = True
    assert "Nothing here yet" in words(page(client))


@pytest.mark.django_db
def test_the_page_asks_the_database_the_same_few_questions_however_full_it_is(
    settings: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    settings.HUB_DEMO = True
    for number in range(60):
        notifications.actions.keep_conversation(
            reference=str(number), phone="+447700900123", body=f"Text {number}",
            is_inbound=bool(number % 2), now=timezone.now(),
        )  # fmt: skip
    with django_assert_max_num_queries(4):
        shown = words(page(client, "?with=%2B447700900123"))
    assert "These are the newest 50." in shown


@pytest.mark.django_db
def test_without_the_demo_there_is_no_post_box(settings: Any, client: Client) -> None:
    settings.HUB_DEMO = False
    assert client.get(BOX).status_code == 404
    assert client.post(BOX, {"number": "07700 900123", "words": "x"}).status_code == 404
