"""What is said where something is known already is kept, counted and sent as any answer is."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.permissions import SYSTEM_VIEWER
from enquiries.channels import Channel
from enquiries.inbound import Place
from enquiries.models import BegunForm, Contact, Enquiry
from enquiries.queries import begun
from kb import actions_notices
from kb.models import Search
from tests import forms_of, kiosk_device
from tests.kiosk.conftest import Visitor as KioskVisitor
from tests.nearby.conftest import Neighbour
from tests.nearby.steps import report
from tests.nearby.test_notices import published
from tests.world import World

pytestmark = pytest.mark.django_db
ANSWER = "/answers/when-is-my-bin-emptied/"
TOLD = {"tell_by": "email", "email": "sam@example.com", "name": ""}
CODE = re.compile(r"\b([2-9CDFGHJKMNPRTWXY]{5}-[2-9CDFGHJKMNPRTWXY]{5})\b")


def lately(**said: Any) -> Enquiry:
    return report(now=timezone.now() - timedelta(days=1), **said)


def other_place(code: str) -> Neighbour:
    """Somebody with the code, in another browser."""
    other = Neighbour()
    other.go(other.client.post("/ask/return/", {"code": code}))
    return other


def kept(key: str) -> begun.Begun:
    found = begun.by_key(key)
    assert isinstance(found, begun.Begun)
    return found


def code_of(neighbour: Neighbour) -> tuple[str, str]:
    journey = neighbour.at.split("/")[2]
    page = neighbour.client.post(f"/ask/{journey}/save/", {"carry": neighbour.carry})
    found = CODE.search(page.content.decode())
    assert found
    return journey, found[1]


def test_a_no_to_an_answer_and_then_it_is_this_one_is_one_contact(neighbour: Neighbour) -> None:
    other = lately()
    page = neighbour.client.get(ANSWER, headers={"User-Agent": "Mozilla/5.0"}).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    neighbour.client.post(f"{ANSWER}said/", {"key": key[1], "answered": "no"})
    neighbour.says()
    neighbour.answer(this=neighbour.tokens[0])
    neighbour.answer(**TOLD)
    assert neighbour.at.endswith("/sent/")
    assert Enquiry.objects.get(outcome="duplicate")
    contact = Contact.objects.exclude(pk=other.first_contact_id).get()
    assert contact.items.count() == 2


def test_what_was_found_by_a_search_is_settled_when_it_is_this_one(neighbour: Neighbour) -> None:
    lately()
    one = Search.objects.create(
        public_id=uuid.uuid4(), at=timezone.now(), words="hole", chosen="service/pothole"
    )
    neighbour.go(neighbour.client.post(f"/ask/?found={one.public_id}", {"service": "pothole"}))
    neighbour.answer(latitude="52.093400", longitude="-1.950300")
    neighbour.answer(this=neighbour.tokens[0])
    neighbour.answer(**TOLD)
    assert neighbour.at.endswith("/sent/")
    one.refresh_from_db()
    assert one.is_settled


@pytest.mark.parametrize("says", ["go_on", "this"])
def test_what_was_answered_elsewhere_stays_whatever_is_pressed(
    neighbour: Neighbour, says: str
) -> None:
    lately()
    neighbour.says(words="A hole")
    token = neighbour.tokens[0]
    journey, code = code_of(neighbour)
    other = other_place(code)
    other.at = re.sub(r"nearby/$", "q/description/", other.at)
    other.answer(description="A hole, and a child fell into it")
    neighbour.answer(**{says: token})
    if says == "go_on":
        assert neighbour.at.endswith("/q/you/")
        neighbour.answer(tell_by="email", email="sam@example.com", name="Sam")
        assert neighbour.at.endswith("/check/")
        assert "a child fell into it" in neighbour.text
        neighbour.answer()
    else:
        neighbour.answer(**TOLD)
    assert neighbour.at.endswith("/sent/")
    assert BegunForm.objects.get(key=journey).sent_at is not None
    assert Enquiry.objects.filter(description__contains="a child fell into it").count() == 1


def test_what_is_none_of_these_is_known_where_the_form_is_taken_up(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    _, code = code_of(neighbour)
    neighbour.goes_on()
    assert other_place(code).at.endswith("/q/you/")


def test_who_has_sent_it_elsewhere_sends_nothing_here(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    token = neighbour.tokens[0]
    _, code = code_of(neighbour)
    other = other_place(code)
    other.goes_on()
    other.answer(tell_by="email", email="sam@example.com", name="Sam")
    other.answer()
    assert other.at.endswith("/sent/")
    neighbour.answer(this=token)
    assert neighbour.at.endswith("/sent/?again=1")
    assert Enquiry.objects.count() == 2


def test_the_kiosk_keeps_it_and_leaves_what_was_answered_elsewhere(world: World) -> None:
    lately(place=Place(postcode="WR11 3DA"))
    client = Client()
    kiosk_device.enrolled("evesham-kiosk", client)
    kiosk = KioskVisitor(client)
    kiosk.open("start/")
    kiosk.post("about/", service="pothole")
    kiosk.post(postcode="WR11 3DA")
    kiosk.post(description="A hole")
    assert kiosk.at == "/kiosk/nearby/"
    row = BegunForm.objects.get()
    kiosk.post("nearby/", go_on="1")
    assert kiosk.at == "/kiosk/tell/"
    assert kept(row.key).revision == row.revision + 1
    assert row.channel == Channel.KIOSK.value
    # At home they add to it; here nobody has read that when the next answer is touched.
    kiosk.post("save/")
    found = CODE.search(kiosk.text)
    assert found
    other = other_place(found[1])
    other.at = re.sub(r"q/you/$", "q/description/", other.at)
    other.answer(description="A hole, and a child fell into it")
    kiosk.post("nearby/", go_on="1")
    assert kept(row.key).need["description"] == "A hole, and a child fell into it"


def test_a_person_asked_under_another_key_is_asked_there_when_a_notice_is_over(
    neighbour: Neighbour,
) -> None:
    forms_of.publish("pothole", {"key": "who", "type": "person", "words": "Who are you?"})
    now = timezone.now()
    neighbour.says()
    # What happened is written already; what is known comes up when they go back to the place.
    notice = published(now=now - timedelta(hours=1), starts_at=now - timedelta(hours=1))
    neighbour.at = neighbour.at.replace("/q/who/", "/q/place/")
    neighbour.answer(latitude="52.093400", longitude="-1.950300")
    assert neighbour.at.endswith("/nearby/")
    neighbour.answer(notice=str(notice.public_id))
    assert neighbour.at.endswith("/told/")
    actions_notices.end(public_id=notice.public_id, words="", viewer=SYSTEM_VIEWER, now=now)
    neighbour.answer(**TOLD)
    on = re.search(r'href="([^"]+)">Go on with what you wrote', neighbour.text)
    assert on
    neighbour.go(neighbour.client.get(on[1]))
    assert on[1].endswith("/q/who/")
    assert neighbour.page.status_code == 200
    assert "Who are you?" in neighbour.text
