"""The code of a saved form by e-mail or text: to who asks, once, and forgotten with the form."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from core import limits
from core.models import AuditEvent
from customers.models import ContactPoint, Person
from enquiries.actions import begun as acts
from enquiries.models import BegunForm
from enquiries.queries import begun as reading
from notifications import hiding
from notifications.models import Notification
from tests.begun.steps import (
    CODE,
    START,
    Clock,
    agent_of_the_hub,
    begin,
    clock,
    code_of,
    desk_contact,
    fields_of,
)
from tests.web.conftest import EVESHAM, Visitor, _loaded, partnership, visitor

__all__ = ["_loaded", "clock", "partnership", "visitor"]


class Saved:
    """Somebody on the page that shows them their code."""

    def __init__(self, visitor: Visitor) -> None:
        self.client = visitor.client
        self.at = f"/ask/{visitor.at.split('/')[2]}/save/"
        self.post(carry=visitor.carry)
        found = CODE.search(self.text)
        assert found
        self.code = found[1]

    def post(self, **fields: str) -> None:
        self.answer = self.client.post(self.at, fields)
        self.page = self.answer.content.decode()
        self.text = re.sub(r"\s+", " ", html.unescape(self.page))
        if 'name="kept"' in self.page:
            self.fields = fields_of(self.page)

    def send(self, address: str) -> None:
        self.post(**{**self.fields, "address": address})


@pytest.fixture
def saved(visitor: Visitor) -> Saved:
    begin(visitor)
    return Saved(visitor)


def words(message: Notification) -> str:
    return hiding.shown(message.body, message.sealed)


@pytest.mark.parametrize(
    ("typed", "medium", "to"),
    [
        (" Jo@Example.com ", "email", "jo@example.com"),
        ("07700 900123", "sms", "+447700900123"),
    ],
)
def test_the_code_goes_where_they_say_and_opens_the_form(
    saved: Saved, typed: str, medium: str, to: str
) -> None:
    saved.send(typed)
    assert saved.code in saved.text
    assert "We are sending the code to" in saved.text
    message = Notification.objects.get()
    assert (message.event, message.medium, message.to) == ("form_code", medium, to)
    assert saved.code in words(message)
    assert "/ask/return/" in words(message)
    # Only the message has it, and it says nothing of what was answered.
    assert saved.code not in message.body + message.subject
    assert "mattress" not in words(message)
    assert "fly" not in words(message).lower()
    opened = Client().post("/ask/return/", {"code": saved.code})
    assert opened.status_code == 302


def test_nobody_is_made_an_account_or_known_by_it(saved: Saved) -> None:
    before = Person.objects.count(), ContactPoint.objects.count()
    saved.send("jo@example.com")
    assert (Person.objects.count(), ContactPoint.objects.count()) == before
    assert BegunForm.objects.get().address_hash == ""
    assert "jo@example.com" not in BegunForm.objects.get().sealed


def test_each_address_is_told_once_however_often_it_is_pressed(saved: Saved) -> None:
    for address in ("jo@example.com", "JO@example.com", "sam@example.com"):
        saved.send(address)
        assert saved.code in saved.text
    assert set(Notification.objects.values_list("to", flat=True)) == {
        "jo@example.com",
        "sam@example.com",
    }
    assert Notification.objects.count() == 2


def test_known_and_unknown_addresses_get_the_same_answer(saved: Saved, visitor: Visitor) -> None:
    other = Visitor()
    other.to_check(email="known@example.com")
    other.answer()
    assert ContactPoint.objects.filter(value="known@example.com").exists()

    def answer(address: str) -> str:
        saved.send(address)
        text = saved.text.replace(address, "…")
        for name in ("kept", "carry", "csrfmiddlewaretoken"):
            text = re.sub(rf'name="{name}" value="[^"]*"', "", text)
        return re.sub(r'name="begun" value="[^"]*"', "", text)

    assert answer("known@example.com") == answer("unknwn@example.com")


@pytest.mark.parametrize(
    "typed", ["", "jo", "jo@", "01905 123456", "\x00", "x" * 300, "jo@example.com\nBcc: a@b.org"]
)
def test_what_is_no_address_is_said_and_the_code_stays(saved: Saved, typed: str) -> None:
    saved.send(typed)
    assert saved.answer.status_code == 200
    assert "There is a problem" in saved.text
    assert saved.code in saved.text
    assert not Notification.objects.exists()


def test_too_many_messages_are_refused_in_words_and_the_code_stays(
    saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    tight = {**limits.DOORS, "form_code": {"session": limits.Bound(2, 60)}}
    monkeypatch.setattr(limits, "DOORS", tight)
    for number in range(3):
        saved.send(f"jo{number}@example.com")
    assert saved.answer.status_code == 429
    assert int(saved.answer["Retry-After"]) > 0
    assert saved.code in saved.text
    assert "We have sent several messages already" in saved.text
    assert Notification.objects.count() == 2


def test_a_limit_that_cannot_be_counted_stops_nobody(
    saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_ask", lambda *_, **__: {})
    for number in range(9):
        saved.send(f"jo{number}@example.com")
    assert Notification.objects.count() == 9


@pytest.mark.parametrize("kept", ["x", "\x00", "K3MPX-7WD4R"])
def test_a_code_that_we_did_not_show_is_sent_to_nobody(saved: Saved, kept: str) -> None:
    saved.post(**{**saved.fields, "kept": kept, "address": "jo@example.com"})
    assert saved.answer.status_code == 200
    assert not Notification.objects.exists()


def test_the_code_of_one_form_is_not_sent_from_the_page_of_another(saved: Saved) -> None:
    other = Visitor()
    begin(other)
    there = Saved(other)
    there.post(**{**there.fields, "kept": saved.fields["kept"], "address": "eve@example.com"})
    assert not Notification.objects.exists()


def test_a_code_that_opens_nothing_any_more_is_not_sent(saved: Saved, visitor: Visitor) -> None:
    shown = dict(saved.fields)
    code_of(visitor)  # another one: the first is over
    saved.post(**{**shown, "address": "jo@example.com"})
    assert "Save and show my code" in saved.text
    assert not Notification.objects.exists()


def test_the_address_is_forgotten_with_the_form(saved: Saved, clock: Clock) -> None:
    saved.send("jo@example.com")
    acts.sweep(now=clock.on(days=6))
    assert Notification.objects.count() == 1
    row = BegunForm.objects.get()
    assert acts.sweep(now=row.expires_at + timedelta(seconds=1)) == 1
    assert not Notification.objects.exists()


def test_it_is_written_in_the_language_of_the_page(visitor: Visitor) -> None:
    visitor.client.get("/language/pl/")
    begin(visitor)
    Saved(visitor).send("jo@example.com")
    message = Notification.objects.get()
    assert message.language == "pl"
    assert "Kod" in message.subject


def test_an_agent_sends_it_to_who_would_rather_go_on_alone(
    visitor: Visitor, clock: Clock, client_for: Callable[[User], Client]
) -> None:
    begin(visitor)
    code = code_of(visitor)
    desk = client_for(agent_of_the_hub())
    page = desk_contact(desk, "phone")
    fields = fields_of(desk.post(page, {"code": code}).content.decode())
    typed = {**fields, "description": "A mattress and a sofa", "tell_by": "", "send_code": "1"}
    refused = desk.post(page, {**typed, "code_to": "nobody"}).content.decode()
    assert "Enter an email address, like name@example.com" in refused
    assert "A mattress and a sofa" in refused
    shown = desk.post(page, {**typed, "code_to": "jo@example.com"}).content.decode()
    assert "We are sending the code to jo@example.com" in shown
    assert "A mattress and a sofa" in shown
    message = Notification.objects.get()
    assert code in words(message)
    assert AuditEvent.objects.filter(action="form.code_sent").count() == 1
    # And what was opened is still what is sent.
    sent = {**fields_of(shown), "postcode": EVESHAM, "send": "1"}
    assert desk.post(page, sent).status_code == 303
    assert reading.by_code(code, now=START) is None
