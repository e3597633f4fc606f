"""Staff text the citizen of a case: both ways on one page, counted, once, never to who said no."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import customers.actions
import notifications.actions
from core.audit import SYSTEM
from enquiries.inbound import Sender
from enquiries.models import ContactItem, Enquiry, EnquiryEvent
from enquiries.queries import text_out
from kb.models import CannedText
from notifications import outcomes, sweeps
from notifications.backends import memory
from notifications.backends.base import Refused
from notifications.lifecycle import State
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.stand_ins.phone import INBOUND, Phone, payload, post
from tests.world import ask

pytestmark = pytest.mark.django_db

NUMBER = "+447700900123"
GATE = "Which gate is it, the green one?"


@pytest.fixture
def desk(clock, client_for, world):
    return client_for(world.agent)


@pytest.fixture
def case(desk) -> Enquiry:
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"), tell_by="sms")
    run_outbox()
    memory.clear()
    return Enquiry.objects.get()


def path(case: Enquiry) -> str:
    return f"/desk/cases/{case.reference}/text/"


def page(desk: Client, case: Enquiry) -> str:
    answer = desk.get(path(case))
    assert answer.status_code == 200
    return answer.content.decode()


def send(desk: Client, case: Enquiry, words: str = GATE, **more: str) -> Any:
    given = {"key": str(uuid.uuid4()), "words": words, "do": "send", **more}
    return desk.post(path(case), given)


def sent() -> list[str]:
    run_outbox()
    return [one.body for one in memory.outbox if one.medium == "sms"]


def test_a_text_goes_with_who_writes_and_the_reference_and_stands_on_the_page(desk, case):
    assert send(desk, case).status_code == 303
    (body,) = sent()
    assert body.endswith(f"{case.reference}: {GATE}")
    shown = page(desk, case)
    assert GATE in shown
    assert "1 part" in shown
    event = EnquiryEvent.objects.get(type="enquiry.replied")
    assert event.data["words"] == GATE
    case.refresh_from_db()
    assert case.responded_at is not None


def test_what_they_answer_lands_on_the_case_whatever_it_says(desk, case, clock):
    send(desk, case)
    sent()
    clock.shift(timedelta(minutes=20))
    answer = Phone(NUMBER).text("The black one by the church")
    assert case.reference in answer
    assert Enquiry.objects.count() == 1
    item = ContactItem.objects.order_by("-pk").first()
    assert item is not None
    assert (item.enquiry_id, item.kind) == (case.pk, "reply_to_us")
    shown = page(desk, case)
    assert "The black one by the church" in shown
    assert shown.index(GATE) < shown.index("The black one by the church")


def test_the_same_form_twice_is_one_text(desk, case):
    key = str(uuid.uuid4())
    for _ in range(3):
        send(desk, case, key=key)
    assert len(sent()) == 1
    assert EnquiryEvent.objects.filter(type="enquiry.replied").count() == 1


def test_who_sent_stop_is_not_texted_and_staff_read_why(desk, case):
    customers.actions.opt_out(phone=NUMBER, now=timezone.now())
    shown = page(desk, case)
    assert "They sent STOP from their number" in shown
    assert "Send this text" not in shown
    refused = send(desk, case)
    assert refused.status_code == 200
    assert "They sent STOP" in refused.content.decode()
    assert sent() == []


def test_a_number_that_takes_no_texts_is_not_texted(desk, case):
    customers.actions.mark_unusable(kind="phone", value=NUMBER, now=timezone.now())
    assert "Texts to their number did not arrive" in page(desk, case)


def test_without_a_number_it_is_said(desk, clock):
    ask(sender=Sender(name="Jo Bloggs", email="jo@example.com"), tell_by="email")
    assert "We have no mobile number of theirs" in page(desk, Enquiry.objects.get())


def test_an_anonymous_case_has_nobody_to_text(desk, clock):
    ask(sender=Sender())
    assert "there is nobody to text" in page(desk, Enquiry.objects.get())


def test_check_shows_how_it_arrives_in_how_many_parts_and_for_how_much(desk, case, settings):
    answer = send(desk, case, f"{GATE} ł", do="check").content.decode()
    assert "As it arrives" in answer
    assert re.search(r"\d+ characters, 2 parts, 8p\.", answer), answer
    assert "make it dearer" in answer
    plain = send(desk, case, "“Yes” – it’s done", do="check").content.decode()
    assert "1 part, 4p." in plain
    assert "dearer" not in plain
    assert sent() == []


def test_at_night_staff_read_when_it_goes(desk, case, settings):
    settings.HUB_QUIET_HOURS = "00:00-23:59"
    assert "We send no texts at night" in page(desk, case)
    assert "It goes" in send(desk, case, do="check").content.decode()
    send(desk, case)
    assert sent() == []
    assert "Goes " in page(desk, case)
    assert Notification.objects.get(event="texted").hold_until is not None


def test_a_text_begins_with_what_is_kept_or_with_what_an_answer_says(desk, case, world):
    kept = CannedText.objects.create(
        organisation=world.organisations["hub"], name="Photo", words="Can you send us a photo?",
        changed_at=timezone.now(), changed_by="Ed",
    )  # fmt: skip
    assert "Photo: Can you send us a photo?" in page(desk, case)
    begun = send(desk, case, "It is urgent", do="begin", canned=f"kept:{kept.public_id}")
    assert "Can you send us a photo? It is urgent" in begun.content.decode()
    other = CannedText.objects.create(
        organisation=world.organisations["wychavon"], name="Theirs", words="Not ours",
        changed_at=timezone.now(), changed_by="Ed",
    )  # fmt: skip
    assert "Not ours" not in page(desk, case)
    begun = send(desk, case, "Mine", do="begin", canned=f"kept:{other.public_id}")
    assert "Not ours" not in begun.content.decode()


def test_their_own_link_goes_in_the_message_alone(desk, case):
    checked = send(desk, case, do="check", link="own").content.decode()
    assert case.secret not in checked
    send(desk, case, link="own")
    (body,) = sent()
    assert body.endswith(f"/track/{case.reference}/{case.secret}/")
    assert case.secret not in page(desk, case)
    assert case.secret not in Notification.objects.get(event="texted").body


def test_nothing_that_opens_their_page_is_shown_to_staff(desk, clock):
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"), tell_by="sms")
    run_outbox()
    case = Enquiry.objects.get()
    assert Notification.objects.filter(about=case.reference, body__contains=case.secret).exists()
    assert case.secret not in page(desk, case)


def test_words_that_are_missing_or_too_long_are_refused(desk, case):
    for words in ("", "   ", "\x00", "x" * 801):
        assert send(desk, case, words).status_code == 200
    assert sent() == []


def test_an_enquiry_that_has_ended_is_not_texted_about(desk, case):
    now = timezone.now()
    Enquiry.objects.update(
        status="resolved", outcome="completed", resolved_at=now, public_words="Done"
    )
    assert "This enquiry has ended" in send(desk, case).content.decode()
    assert sent() == []


def test_who_may_not_write_to_citizens_finds_no_page(clock, client_for, world, desk):
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"))
    case = Enquiry.objects.get()
    assert client_for(world.manager).get(path(case)).status_code in {403, 404}
    assert desk.get("/desk/cases/WH2-2222-22/text/").status_code == 404


def test_words_of_both_sides_are_data(desk, case, clock):
    send(desk, case, "<script>alert(1)</script> ((reference)) {{ x }}")
    assert "((reference)) {{ x }}" in sent()[0]
    fields = payload("sms_inbound", Body="<img src=x onerror=alert(1)>", From=NUMBER)
    post(INBOUND, fields)
    shown = page(desk, case)
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


# -- Texts that are kept -------------------------------------------------------------------------


@pytest.fixture
def editor(client_for, world, clock):
    from accounts.permissions import Role
    from tests.desk.staff import somebody

    return client_for(somebody(world, role=Role.EDITOR))


def kept(client: Client, name: str = "Photo", words: str = "Send a photo", **more: str) -> Any:
    return client.post(
        "/desk/texts/", {"key": str(uuid.uuid4()), "name": name, "words": words, **more}
    )


def test_editors_keep_change_and_remove_texts(editor):
    assert kept(editor).status_code == 303
    text = CannedText.objects.get()
    one = f"/desk/texts/{text.public_id}/"
    changed = {"key": str(uuid.uuid4()), "name": "Photo", "words": "A photo helps", "seen": "1"}
    assert editor.post(one, changed).status_code == 303
    assert "A photo helps" in editor.get("/desk/texts/").content.decode()
    stale = editor.post(one, {**changed, "key": str(uuid.uuid4()), "words": "Other"})
    assert "Somebody changed this meanwhile" in stale.content.decode()
    assert editor.post(f"{one}end/").status_code == 303
    assert editor.get(one).status_code == 404
    assert kept(editor).status_code == 303


def test_two_texts_with_one_name_are_refused(editor):
    kept(editor)
    assert "There is a text with this name" in kept(editor).content.decode()
    for name, words in (("", "x"), ("x", ""), ("x" * 81, "x"), ("x", "y" * 251)):
        assert kept(editor, name, words).status_code == 200
    assert CannedText.objects.count() == 1


def test_nobody_else_opens_them(editor, client_for, world, desk):
    kept(editor)
    text = CannedText.objects.get()
    for client in (client_for(world.officer), desk):
        for address in ("/desk/texts/", f"/desk/texts/{text.public_id}/"):
            assert client.get(address).status_code in {403, 404}


# -- Before there is a case ----------------------------------------------------------------------


def test_an_answer_to_a_first_text_opens_an_enquiry_for_who_wrote_with_the_text_in_it(
    desk, clock, world
):
    from customers.models import Person

    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"), tell_by="sms")
    old = Enquiry.objects.get()
    clock.shift(timedelta(minutes=5))
    person = Person.objects.get()
    address = f"/desk/people/{person.public_id}/text/"
    assert "what they answer opens an enquiry" in desk.get(address).content.decode()
    key = str(uuid.uuid4())
    for _ in range(2):
        given = {"key": key, "words": "Do you still need the ramp?"}
        assert desk.post(address, given).status_code == 303
    (body,) = [one for one in sent() if "ramp" in one]
    assert body.startswith("Worcestershire Hub: Do you still need the ramp?")
    clock.shift(timedelta(minutes=20))
    answer = Phone(NUMBER).text("Yes I do, at the back door")
    new = Enquiry.objects.exclude(pk=old.pk).get()
    assert new.reference in answer
    run_outbox()
    new.refresh_from_db()
    assert new.owner == world.organisations["hub"]
    shown = page(desk, new)
    assert "Do you still need the ramp?" in shown
    assert "Yes I do, at the back door" in shown


def test_who_may_not_be_texted_is_not_texted_first_either(desk, clock):
    from customers.models import Person

    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"), tell_by="sms")
    customers.actions.opt_out(phone=NUMBER, now=timezone.now())
    address = f"/desk/people/{Person.objects.get().public_id}/text/"
    assert "They sent STOP" in desk.get(address).content.decode()
    refused = desk.post(address, {"key": str(uuid.uuid4()), "words": "Hello"})
    assert "They sent STOP" in refused.content.decode()
    assert not Notification.objects.filter(event="texted_first").exists()


def test_the_case_calls_what_was_texted_by_its_name(desk, phone):
    phone.text("Missed bin, WR11 3DA")
    run_outbox()
    case = desk.get(f"/desk/cases/{Enquiry.objects.get().reference}/").content.decode()
    assert "We have it" in case
    assert "Sms_" not in case


def test_a_text_that_is_sent_again_still_has_its_link_and_forgets_it_when_it_arrived(
    desk, case, clock
):
    send(desk, case, link="own")
    link = text_out.own_link(case)
    assert link in sent()[0]
    memory.clear()
    first = Notification.objects.get(event="texted")
    outcomes.failed(first, Refused("Off", code="30003", again_minutes=15), now=timezone.now())
    assert link not in first.body + first.sealed
    clock.shift(timedelta(minutes=20))
    assert link in sent()[0]
    again = Notification.objects.get(key=f"{first.key}:again")
    outcomes.move(again, State.DELIVERED, now=timezone.now())
    assert again.sealed == ""
    # What did not arrive is kept for a week; then nobody can send it without its link.
    now = timezone.now() + timedelta(days=8)
    sweeps.forget_sealed(since=now - timedelta(days=30), before=now - timedelta(days=7))
    Notification.objects.filter(pk=again.pk).delete()
    with pytest.raises(notifications.actions.NotToBeRepeated, match="link is no longer kept"):
        notifications.actions.send_again(public_id=first.public_id, actor=SYSTEM, now=now)


def test_who_stopped_texts_is_promised_none_when_they_write(clock, phone, world):
    phone.text("STOP")
    said = phone.text("AGENT")
    assert "text you" not in said
    assert "You stopped our texts, so we send no news. Text START to get it." in said
