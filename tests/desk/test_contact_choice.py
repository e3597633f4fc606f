"""A service that is chosen from the list asks and says what it has, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core.audit import SYSTEM
from enquiries.models import Enquiry
from kb.actions_forms import publish
from tests.desk.steps import new_key, open_contact, text
from tests.world import NOW, World

pytestmark = pytest.mark.django_db

FORM = {
    "questions": [
        {"key": "hurt", "type": "yes_no", "words": "Could it hurt somebody now?"},
        {"key": "deep", "type": "text", "words": "How deep is it?", "required": False},
    ],
    "ends": [
        {
            "key": "ring",
            "kind": "emergency",
            "when": {"question": "hurt", "is": "yes"},
            "title": "Ring us now",
            "words": "Somebody goes out at any hour.",
            "phone": "01632 960000",
        }
    ],
}
WORDS = "A deep hole outside number 9"


@pytest.fixture
def desk(world: World, client_for: Callable[[User], Client]) -> Client:
    publish(service_slug="pothole", data=FORM, actor=SYSTEM, now=NOW)
    return client_for(world.agent)


def sent(contact: str, desk: Client, **more: str) -> str:
    data = {"key": new_key(), "service": "pothole", "description": WORDS, "postcode": "WR1 3EZ"}
    more = {"how": "rules", "outcome": "answered", "shown": "", **more}
    response = desk.post(f"{contact}raise/", data | more)
    return text(response) if response.status_code in (200, 422) else str(response["Location"])


def test_raising_leads_to_the_questions_first_and_loses_no_word(desk: Client) -> None:
    contact = open_contact(desk)
    page = sent(contact, desk)
    assert not Enquiry.objects.exists()
    assert "Nothing is sent yet" in page
    assert "Could it hurt somebody now?" in page
    assert "Ring us now" in page
    assert WORDS in page
    assert 'value="WR1 3EZ"' in page
    assert 'name="shown" value="pothole"' in page


def test_the_second_time_it_goes_also_with_questions_left_open(desk: Client) -> None:
    contact = open_contact(desk)
    assert sent(contact, desk, shown="pothole") == contact
    assert Enquiry.objects.get().answers == {}


def test_questions_of_another_service_are_not_those_of_this_one(desk: Client) -> None:
    contact = open_contact(desk)
    assert "Nothing is sent yet" in sent(contact, desk, shown="missed-bin")
    assert not Enquiry.objects.exists()


def test_a_service_that_asks_and_says_nothing_goes_at_once(desk: Client) -> None:
    contact = open_contact(desk)
    assert sent(contact, desk, service="council-tax-bill") == contact
    assert Enquiry.objects.filter(service__slug="council-tax-bill").count() == 1


def test_a_button_shows_what_the_chosen_service_asks(desk: Client) -> None:
    contact = open_contact(desk)
    page = sent(contact, desk, look="1")
    assert "Nothing is sent yet" not in page
    assert 'name="own-hurt"' in page
    assert WORDS in page
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("service", ["pothole\x00", "no-such", "<b>", ""])
def test_what_is_no_service_asks_nothing_and_breaks_nothing(desk: Client, service: str) -> None:
    contact = open_contact(desk)
    sent(contact, desk, service=service, shown="\x00")
