"""Which call is mine, and whether it is who the number says; calls that nobody ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

import customers.actions
from core.models import AuditEvent
from enquiries.actions import calls as acts
from enquiries.models import Contact, Enquiry
from enquiries.queries import ledger
from inbox import actions_calls
from inbox.models import Call as Row
from inbox.models import Callback
from tests.desk.steps import looked_up
from tests.stand_ins.caller import Call
from tests.voice.steps import PAGE, answered, keyed, missed
from tests.world import NOW

pytestmark = pytest.mark.django_db


# -- which call is mine ------------------------------------------------------------------------


def test_an_agent_takes_the_call_on_their_line_and_its_contact_has_its_times(clock, desk, agent):
    call = answered()
    clock.shift(45)
    page = desk.get("/desk/contact/").content.decode()
    row = Row.objects.get()
    assert "•••••••••0123" in page
    assert f"/desk/contact/on-the-line/{row.public_id}/" in page
    answer = desk.post(f"/desk/contact/on-the-line/{row.public_id}/")
    contact = Contact.objects.get()
    assert answer["Location"] == f"/desk/contact/{contact.public_id}/"
    assert (contact.agent, contact.started_at) == (agent, NOW)
    again = desk.post(f"/desk/contact/on-the-line/{row.public_id}/")
    assert again["Location"] == answer["Location"]
    assert "On the line" not in desk.get("/desk/contact/").content.decode()
    # They hang up; the agent writes it down after that, and wraps up much later.
    clock.shift(60)
    call.says("completed")
    contact.refresh_from_db()
    assert contact.ended_at is None
    clock.shift(30)
    raised = desk.post(
        f"{answer['Location']}raise/",
        keyed(service="missed-bin", description="Not emptied", postcode="WR11 3DA", how="rules"),
    )
    assert raised.status_code == 303, raised.content.decode()
    enquiry = Enquiry.objects.get()
    assert enquiry.first_contact == contact
    clock.shift(1_800)
    desk.post(f"{answer['Location']}wrap-up/", {"note": ""})
    contact.refresh_from_db()
    assert contact.ended_at == NOW + timedelta(seconds=135)


def test_a_call_about_which_nothing_is_written_ends_when_it_was_hung_up(clock, desk):
    call = answered()
    desk.post(f"/desk/contact/on-the-line/{Row.objects.get().public_id}/")
    clock.shift(60)
    call.says("completed")
    clock.shift(600)
    contact = Contact.objects.get()
    desk.post(f"/desk/contact/{contact.public_id}/wrap-up/", {"note": "Silence"})
    contact.refresh_from_db()
    assert contact.ended_at == NOW + timedelta(seconds=60)


def test_a_call_can_be_taken_for_half_an_hour_after_it_ended_and_by_one_agent(clock, desk, other):
    call = answered()
    clock.shift(60)
    call.says("completed")
    row = Row.objects.get()
    assert "hung up" in desk.get("/desk/contact/").content.decode()
    clock.shift(1_801)
    assert "On the line" not in desk.get("/desk/contact/").content.decode()
    clock.shift(-60)
    desk.post(f"/desk/contact/on-the-line/{row.public_id}/")
    assert Contact.objects.get().ended_at is None
    refused = other.post(f"/desk/contact/on-the-line/{row.public_id}/", follow=True)
    assert "Somebody else has this call" in refused.content.decode()


def test_a_call_that_nobody_answered_is_nobodys_contact(clock, desk):
    missed()
    assert desk.post(f"/desk/contact/on-the-line/{Row.objects.get().public_id}/").status_code == 404
    assert "On the line" not in desk.get("/desk/contact/").content.decode()


def test_who_gives_up_and_rings_again_has_been_in_touch_since_the_first_time(clock):
    missed(status="canceled")
    clock.shift(5_400)
    answered()
    assert Contact.objects.get().started_at == NOW
    clock.shift(10_800)
    answered()
    assert Contact.objects.latest("pk").started_at == NOW + timedelta(seconds=16_200)


def test_the_number_that_they_rang_from_need_not_be_typed_again(clock, desk, other):
    answered()
    where = desk.post(f"/desk/contact/on-the-line/{Row.objects.get().public_id}/")["Location"]
    assert 'value="07700 900123"' in desk.get(where).content.decode()
    assert 'value="07700 900999"' in looked_up(desk, where, "07700 900999").content.decode()
    # Whose call it is not sees no number.
    assert "900123" not in other.get(where).content.decode()


# -- whose number it is ------------------------------------------------------------------------


@pytest.fixture
def on_the_phone(clock, desk, world):
    """A call of a number that two people share, taken by the agent; its page."""
    for name, postcode in (("Ann Brown", "WR11 3DA"), ("Zoë O’Hara-Smith", "WR1 3EZ")):
        customers.actions.identify(name=name, phone="07700 900123", postcode=postcode, now=NOW)
    answered()
    answer = desk.post(f"/desk/contact/on-the-line/{Row.objects.get().public_id}/")
    return answer["Location"]


def test_a_number_is_a_hint_and_names_stay_masked_until_they_have_said_them(
    on_the_phone, desk, clock
):
    page = desk.get(on_the_phone).content.decode()
    assert "A•• B••" in page
    assert "Z•• O••" in page
    assert "WR11" in page
    assert "Brown" not in page
    assert "Hara" not in page
    assert "WR11 3DA" not in page
    clock.shift(60)
    missed()
    listed = desk.get(PAGE).content.decode()
    assert "A•• B••" in listed
    assert "Brown" not in listed


@pytest.mark.parametrize(
    ("name", "postcode"), [("ann  BROWN", "wr113da"), ("Zoe O'Hara Smith", "WR1 3EZ")]
)
def test_who_says_the_right_name_and_postcode_is_them(on_the_phone, desk, name, postcode):
    desk.post(f"{on_the_phone}caller/", {"name": name, "postcode": postcode})
    contact = Contact.objects.get()
    assert contact.person is not None
    assert contact.person.full_name[:3] in ("Ann", "Zoë")
    assert contact.person.full_name in desk.get(on_the_phone).content.decode().replace(
        "&#x27;", "'"
    )
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"caller.known", "person.viewed"} <= actions


@pytest.mark.parametrize(
    ("name", "postcode", "says"),
    [
        ("Ann Brown", "WR1 3EZ", "not what we have"),
        ("Ann", "WR11 3DA", "not what we have"),
        ("Bo Brown", "WR11 3DA", "not what we have"),
        ("Ann Brown", "", "Enter the postcode"),
        ("", "WR11 3DA", "Enter the name"),
        ("\x00", "\x00", "a character of it cannot be kept"),
        ("x" * 300, "WR11 3DA", "must be 200 characters or fewer"),
        ("•", "-", "not what we have"),
    ],
)
def test_who_says_something_else_stays_unknown(on_the_phone, desk, name, postcode, says):
    answer = desk.post(f"{on_the_phone}caller/", {"name": name, "postcode": postcode})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert says in page
    assert "WR11 3DA" not in page.replace(f'value="{postcode}"', "")
    assert Contact.objects.get().person is None


def test_somebody_without_a_name_or_postcode_cannot_be_said_to_be_them(clock, desk, world):
    customers.actions.identify(phone="07700 900123", now=NOW)
    answered()
    where = desk.post(f"/desk/contact/on-the-line/{Row.objects.get().public_id}/")["Location"]
    assert "No name" in desk.get(where).content.decode()
    answer = desk.post(f"{where}caller/", {"name": "Anybody", "postcode": "WR11 3DA"})
    assert "not what we have" in answer.content.decode()


def test_a_contact_that_no_telephone_told_of_has_no_such_question(clock, desk):
    desk.post("/desk/contact/", keyed(channel="phone", site=""))
    contact = Contact.objects.get()
    where = f"/desk/contact/{contact.public_id}/"
    assert "They rang from" not in desk.get(where).content.decode()
    body = {"name": "Ann Brown", "postcode": "WR11 3DA"}
    assert desk.post(f"{where}caller/", body).status_code == 404


# -- sweeps ------------------------------------------------------------------------------------


def test_calls_whose_end_was_never_told_end_after_four_hours(clock):
    talked, rang = answered(), Call(number="+447700900222")
    rang.rings()
    clock.shift(4 * 3600)
    assert acts.end_overdue(now=NOW + timedelta(hours=4)) == 0
    clock.shift(1)
    assert acts.end_overdue(now=NOW + timedelta(hours=4, seconds=1)) == 2
    rows = {row.sid: row for row in Row.objects.all()}
    assert (rows[talked.sid].state, rows[talked.sid].ended_at) == ("ended", NOW)
    assert rows[rang.sid].state == "missed"
    assert Contact.objects.get().ended_at == NOW
    assert Callback.objects.get().calls.get() == rows[rang.sid]
    assert acts.end_overdue(now=NOW + timedelta(hours=5)) == 0


def test_one_call_that_cannot_be_ended_holds_up_no_other(clock, monkeypatch):
    answered()
    answered("+447700900222")
    broken = Row.objects.earliest("pk")
    hear = actions_calls.hear

    def fails(news, *, now):
        if news.sid == broken.sid:
            raise RuntimeError
        return hear(news, now=now)

    monkeypatch.setattr(actions_calls, "hear", fails)
    assert acts.end_overdue(now=NOW + timedelta(hours=5)) == 1


def test_numbers_are_forgotten_after_ninety_days_or_when_their_owner_asks(clock):
    old = missed()
    clock.shift(24 * 3600)
    missed("+447700900222")
    assert actions_calls.forget(now=NOW + timedelta(days=90)) == 0
    assert actions_calls.forget(now=NOW + timedelta(days=90, seconds=1)) == 2
    assert not Callback.objects.filter(pk=old.pk).exists()
    line = Callback.objects.get()
    assert actions_calls.forget_callers([""]) == 0
    assert actions_calls.forget_callers([line.caller_hash, ""]) == 2
    assert not Row.objects.exists()


# -- figures -----------------------------------------------------------------------------------


def test_the_ledger_has_the_call_as_it_was_and_none_that_nobody_wrote_about(clock, desk):
    silent, first = answered("+447700900222"), missed(status="canceled")
    clock.shift(600)
    call = answered()
    row = Row.objects.get(sid=call.sid)
    where = desk.post(f"/desk/contact/on-the-line/{row.public_id}/")["Location"]
    clock.shift(120)
    call.says("completed")
    silent.says("completed")
    clock.shift(20)
    answer = {"how": "answer", "answer": "On Tuesday.", "outcome": "answered"}
    desk.post(f"{where}raise/", keyed(service="council-tax-bill", description="When?", **answer))
    clock.shift(900)
    desk.post(f"{where}wrap-up/", {"note": ""})
    enquiry = Enquiry.objects.get()
    [line] = [one for one in ledger.ledger([enquiry.pk]) if one["type"] == "contact"]
    # They have been in touch since they first rang, and until the last of it was written down.
    assert (line["channel"], line["start"]) == ("phone", NOW)
    assert line["end"] == NOW + timedelta(seconds=740)
    assert line["address"] == first.caller_hash
    assert (line["abandoned"], line["person"]) == (False, None)
    # Answered within the contact, though it was typed after they had hung up.
    assert enquiry.resolved_at is not None
    assert line["start"] <= enquiry.resolved_at <= line["end"]
    assert Contact.objects.filter(items=None).count() == 1
