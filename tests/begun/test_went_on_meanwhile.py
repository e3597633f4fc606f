"""Two go on with one form at once: nobody's newer answer is written over by who read an older."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from enquiries.models import Enquiry
from tests import forms_of, kiosk_device
from tests.begun.steps import (
    Clock,
    agent_of_the_hub,
    begin,
    clock,
    code_of,
    desk_contact,
    fields_of,
)
from tests.kiosk.conftest import Visitor as KioskVisitor
from tests.kiosk.conftest import enrolled, site
from tests.web.conftest import Visitor, _loaded, partnership, visitor

__all__ = ["_loaded", "clock", "enrolled", "partnership", "site", "visitor"]


class AtTheDesk:
    """An agent with somebody's form in front of them: what the page has is what is sent."""

    def __init__(self, desk: Client, code: str, channel: str = "phone") -> None:
        self.desk, self.page = desk, desk_contact(desk, channel)
        self.code = code
        self.post(code=code)

    def post(self, **fields: str) -> None:
        self.answer = self.desk.post(self.page, fields)
        self.text = re.sub(r"\s+", " ", html.unescape(self.answer.content.decode()))
        self.fields = fields_of(self.answer.content.decode())

    def press(self, name: str, **changes: str) -> None:
        self.post(**{**self.fields, **changes, name: "1"})


@pytest.fixture
def at_the_desk(visitor: Visitor, clock: Clock, client_for: Callable[[User], Client]) -> AtTheDesk:
    """A form with two answers, and an agent who has opened it."""
    begin(visitor)
    code = code_of(visitor)
    clock.on(minutes=5)
    return AtTheDesk(client_for(agent_of_the_hub()), code)


def change(visitor: Visitor, key: str, **answers: str) -> None:
    """The citizen goes back to a question and answers it anew."""
    visitor.at = re.sub(r"q/[a-z]+/$", f"q/{key}/", visitor.at)
    visitor.page = visitor.client.get(visitor.at)
    visitor.answer(**answers)


def test_what_they_changed_meanwhile_is_shown_and_not_written_over(
    at_the_desk: AtTheDesk, visitor: Visitor
) -> None:
    change(visitor, "description", description="A mattress and a fridge")
    at_the_desk.press("send", tell_by="")
    assert "They have answered meanwhile" in at_the_desk.text
    assert "A mattress and a fridge" in at_the_desk.text
    assert Enquiry.objects.count() == 0
    # Nobody changed it here: theirs is marked.
    assert at_the_desk.fields["pick-description"] == "newest"
    at_the_desk.press("choose")
    assert at_the_desk.fields["description"] == "A mattress and a fridge"
    assert Enquiry.objects.count() == 0
    at_the_desk.press("send")
    assert at_the_desk.answer.status_code == 303
    assert Enquiry.objects.get().description == "A mattress and a fridge"


def test_what_both_changed_is_chosen_by_a_person(at_the_desk: AtTheDesk, visitor: Visitor) -> None:
    change(visitor, "description", description="A fridge")
    at_the_desk.press("send", tell_by="", description="A sofa", address="By the lock")
    assert "A fridge" in at_the_desk.text
    assert "A sofa" in at_the_desk.text
    assert "pick-description" not in at_the_desk.fields
    assert "By the lock" not in re.sub(r"<[^>]*hidden[^>]*>", "", at_the_desk.text)
    at_the_desk.press("choose")
    assert "Choose which answer to keep: What happened" in at_the_desk.text
    at_the_desk.press("choose", **{"pick-description": "mine"})
    at_the_desk.press("send")
    enquiry = Enquiry.objects.get()
    assert (enquiry.description, enquiry.address) == ("A sofa", "By the lock")


def test_what_moves_again_while_it_is_chosen_is_chosen_again(
    at_the_desk: AtTheDesk, visitor: Visitor
) -> None:
    change(visitor, "description", description="A fridge")
    at_the_desk.press("send", tell_by="", description="A sofa")
    change(visitor, "description", description="A fridge and a pram")
    at_the_desk.press("choose", **{"pick-description": "mine"})
    assert "A fridge and a pram" in at_the_desk.text
    assert "pick-description" not in at_the_desk.fields
    at_the_desk.press("choose", **{"pick-description": "newest"})
    at_the_desk.press("send")
    assert Enquiry.objects.get().description == "A fridge and a pram"


def test_what_was_answered_anew_in_the_same_words_stops_nobody(
    at_the_desk: AtTheDesk, visitor: Visitor
) -> None:
    change(visitor, "description", description="A mattress")
    at_the_desk.press("send", tell_by="")
    assert at_the_desk.answer.status_code == 303
    assert Enquiry.objects.get().description == "A mattress"


def test_another_service_that_they_chose_meanwhile_is_read_before_it_is_sent(
    at_the_desk: AtTheDesk, visitor: Visitor
) -> None:
    forms_of.publish("pothole", forms_of.choice("depth", low="Shallow", deep="Deep"))
    about = re.sub(r"q/[a-z]+/$", "", visitor.at)
    visitor.go(visitor.client.post(f"{about}about/", {"service": "pothole"}))
    visitor.answer(answer="deep")
    at_the_desk.press("send", tell_by="")
    assert Enquiry.objects.count() == 0
    assert at_the_desk.fields["own-depth"] == "deep"
    assert "read them once more" in at_the_desk.text
    at_the_desk.press("send")
    enquiry = Enquiry.objects.get()
    assert enquiry.service is not None
    assert (enquiry.service.slug, enquiry.answers) == ("pothole", {"depth": "deep"})


def test_a_page_that_does_not_say_what_it_showed_writes_nothing_over(
    at_the_desk: AtTheDesk,
) -> None:
    for seen in ("", "x", "\x00"):
        at_the_desk.press("send", tell_by="", description="Other words", seen=seen)
        assert Enquiry.objects.count() == 0
        at_the_desk.post(code=at_the_desk.code)


def test_the_second_of_two_clicks_is_told_that_it_is_on_its_way(at_the_desk: AtTheDesk) -> None:
    sent = dict(at_the_desk.fields)
    for _ in range(2):
        at_the_desk.post(**{**sent, "tell_by": "", "send": "1"})
        assert at_the_desk.answer.status_code == 303
    assert Enquiry.objects.count() == 1


def test_who_is_known_in_the_contact_is_not_asked_for_an_address_that_no_field_takes(
    at_the_desk: AtTheDesk,
) -> None:
    contact = at_the_desk.page.removesuffix("begun/")
    jo = {"name": "Jo Bloggs", "phone": "", "email": "jo@example.com"}
    at_the_desk.desk.post(f"{contact}add-person/", jo)
    at_the_desk.post(code=at_the_desk.code)
    assert "For Jo Bloggs" in at_the_desk.text
    at_the_desk.press("send", tell_by="email")
    assert at_the_desk.answer.status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.person is None, enquiry.tell_by) == (False, "email")


def test_a_kiosk_does_not_send_what_was_changed_at_home(
    visitor: Visitor, clock: Clock, enrolled: Client
) -> None:
    begin(visitor)
    code = code_of(visitor)
    clock.on(hours=1)
    kiosk_device.heard()
    kiosk = KioskVisitor(enrolled)
    kiosk.open("start/")
    kiosk.open("return/")
    kiosk.post(code=code)
    kiosk.post(tell_by="email")
    kiosk.post(email="jo@example.com", name="Jo Example")
    assert kiosk.at == "/kiosk/check/"
    change(visitor, "description", description="A fridge and a pram")
    kiosk.post()
    assert kiosk.at == "/kiosk/check/?moved=1"
    assert "Someone has answered this form at another place meanwhile" in kiosk.text
    assert "A fridge and a pram" in kiosk.text
    assert Enquiry.objects.count() == 0
    kiosk.post()
    assert kiosk.at == "/kiosk/sent/"
    assert Enquiry.objects.get().description == "A fridge and a pram"
