"""Who rang in vain: one line for each number, oldest first, until somebody has spoken to them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core import sealing
from core.models import AuditEvent
from enquiries.clocks import LONDON
from enquiries.models import Contact
from inbox import actions_calls, actions_wanted
from inbox.models import Call as Row
from inbox.models import Callback
from tests.desk.steps import new_key
from tests.stand_ins.caller import Call
from tests.voice.steps import PAGE, act, answered, missed
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_all_calls_of_a_number_are_one_line_and_the_longest_wait_stands_first(clock, desk):
    first = missed("+447700900111")
    clock.shift(600)
    missed("+447700900222")
    clock.shift(600)
    call = Call(number="+447700900111")
    call.rings()
    clock.shift(95)
    call.says("canceled")
    assert Callback.objects.count() == 2
    assert first.calls.count() == 2
    page = desk.get(PAGE).content.decode()
    assert page.index("•••••••••0111") < page.index("•••••••••0222")
    assert "<strong>2 times</strong>" in page
    assert "Waited 1 min 35 s at most" in page
    assert "7700900" not in page
    queue = desk.get("/desk/").content.decode()
    assert re.search(r'href="/desk/callbacks/"[^>]*>Callbacks<span class="hub-count">2<', queue)
    assert "2 wait to be rung back" in desk.get("/desk/contact/").content.decode()


def test_who_rings_again_and_is_answered_leaves_the_list(clock, desk):
    line = missed()
    other_line = missed("+447700900222")
    clock.shift(3600)
    answered()
    line.refresh_from_db()
    assert (line.closed_how, line.closed_at) == ("rang_again", NOW + timedelta(hours=1))
    assert Callback.objects.get(closed_at=None) == other_line
    # In vain once more: a line of its own, for what came after.
    clock.shift(60)
    assert missed() != line


def test_news_of_an_answer_that_come_late_take_the_line_back(clock):
    call = Call()
    call.rings()
    clock.shift(90)
    call.says("completed")
    assert Callback.objects.count() == 1
    call.leg("in-progress", NOW + timedelta(seconds=15))
    row = Row.objects.get()
    assert (row.state, row.callback) == ("ended", None)
    assert not Callback.objects.exists()
    assert Contact.objects.get().ended_at == NOW + timedelta(seconds=90)


def test_news_of_a_missed_call_that_come_after_they_were_answered_change_nothing(clock):
    late = Call()
    late.rings()
    clock.shift(60)
    answered()
    clock.shift(60)
    late.says("no-answer", NOW + timedelta(seconds=30))
    assert Row.objects.get(sid=late.sid).state == "missed"
    assert not Callback.objects.exists()


def test_whoever_takes_a_line_sees_the_number_and_that_is_written_down(clock, desk, other, agent):
    line = missed()
    page = act(desk, line, "take")
    assert 'href="tel:+447700900123"' in page
    assert "07700 900123" in page
    elsewhere = other.get(PAGE).content.decode()
    assert f"{agent.full_name} is ringing them" in elsewhere
    assert "900123" not in elsewhere
    found = AuditEvent.objects.get(action="callback.taken")
    assert (found.target, found.actor_id) == (f"callback:{line.public_id}", agent.pk)
    assert "Somebody else is ringing them now" in act(other, line, "take")
    # Half an hour later it is anybody's.
    clock.shift(1_800)
    assert "900123" not in desk.get(PAGE).content.decode()
    assert "07700 900123" in act(other, line, "take")


def test_spoken_to_it_is_a_phone_contact_since_they_rang(clock, desk, agent):
    line = missed()
    clock.shift(1_200)
    missed()
    clock.shift(1_200)
    act(desk, line, "take")
    answer = desk.post(f"{PAGE}{line.public_id}/spoke/")
    contact = Contact.objects.get()
    assert answer["Location"] == f"/desk/contact/{contact.public_id}/"
    assert (contact.channel, contact.started_at, contact.ended_at) == ("phone", NOW, None)
    assert (contact.agent, contact.address_hash) == (agent, line.caller_hash)
    line.refresh_from_db()
    assert (line.closed_how, line.contact) == ("spoke", contact.public_id)
    page = desk.get(answer["Location"]).content.decode()
    assert "Rung back" in page
    assert "Nobody waits to be rung back" in desk.get(PAGE).content.decode()
    # Late news of the second call put nobody back on the list.
    Call(number="+447700900123").says("completed", NOW + timedelta(seconds=1_300))
    assert not Callback.objects.filter(closed_at=None).exists()


def test_who_does_not_answer_stays_and_after_three_tries_is_left_alone(clock, desk):
    line = missed()
    for left in (2, 1, 0):
        act(desk, line, "take")
        clock.shift(60)
        page = act(desk, line, "no-answer")
        line.refresh_from_db()
        assert line.tries == 3 - left
        assert (line.closed_how == "unreachable") is (left == 0)
        assert ("The next try is the last" in page) is (left == 1)
    assert "Nobody waits to be rung back" in page
    clock.shift(60)
    assert missed() != line


def test_a_wrong_number_is_not_rung_again_for_that_call(clock, desk):
    line = missed()
    act(desk, line, "take")
    page = act(desk, line, "wrong-number")
    assert "Nobody rings it again" in page
    line.refresh_from_db()
    assert line.closed_how == "wrong_number"


@pytest.mark.parametrize("what", ["spoke", "no-answer", "wrong-number", "put-back"])
def test_only_who_has_taken_a_line_says_how_it_went(clock, desk, other, what):
    line = missed()
    assert "Take the call before you say how it went" in act(desk, line, what)
    act(other, line, "take")
    act(desk, line, what)
    line.refresh_from_db()
    assert (line.closed_at, line.tries, line.taken_at) == (None, 0, NOW)
    assert not Contact.objects.exists()


def test_a_second_click_and_a_settled_line_are_said_and_change_nothing(clock, desk):
    line = missed()
    act(desk, line, "take")
    act(desk, line, "no-answer")
    assert "Take the call before" in act(desk, line, "no-answer")
    act(desk, line, "take")
    answered()
    assert "They rang again and were answered" in act(desk, line, "spoke")
    line.refresh_from_db()
    assert line.tries == 1
    assert Contact.objects.count() == 1


def test_what_is_not_there_or_not_theirs_is_not_found(clock, desk, client_for, world):
    line = missed()
    assert desk.post(f"{PAGE}{line.public_id}/dance/").status_code == 404
    assert desk.post(f"{PAGE}{Row.objects.get().public_id}/take/").status_code == 404
    assert desk.get(f"{PAGE}{line.public_id}/take/").status_code == 302
    for user in (world.officer, world.manager):
        stranger = client_for(user)
        assert stranger.get(PAGE).status_code == 404
        assert stranger.post(f"{PAGE}{line.public_id}/take/").status_code == 404
    line.refresh_from_db()
    assert line.taken_at is None


def test_withheld_numbers_and_calls_while_closed_are_counted_and_no_more(clock, desk):
    call = Call(number="anonymous")
    call.rings()
    call.says("no-answer")
    page = desk.get(PAGE).content.decode()
    assert "Nobody waits to be rung back" in page
    assert "1 call that nobody answered, from withheld numbers" in page
    clock.shift(12 * 3600)
    for _ in range(2):
        night = Call()
        night.rings()
        night.says("completed")
    clock.shift(-12 * 3600)
    assert "2 calls while we were closed" in desk.get(PAGE).content.decode()


def wanted(desk, number="+447700900111", *, after=timedelta(days=1)) -> Callback:
    """Somebody who is to be rung at a time that they chose."""
    line = Callback.objects.create(
        caller_hash=actions_wanted.caller(number),
        sealed=sealing.seal(number, purpose=actions_calls.PURPOSE),
        since=NOW,
        wanted_at=NOW + after,
    )
    assert "Another time, or none" in desk.get(PAGE).content.decode()
    return line


def test_a_chosen_time_is_moved_on_the_list_and_that_is_written_down(clock, desk, agent):
    line = wanted(desk)
    day = re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', desk.get(PAGE).content.decode())[2]
    sent = {"key": new_key(), "day": day, "at": "3.15"}
    refused = desk.post(f"{PAGE}{line.public_id}/move/", sent)
    assert refused.status_code == 422
    assert "Nobody is there then" in refused.content.decode()
    assert 'value="3.15"' in refused.content.decode()
    said = desk.post(f"{PAGE}{line.public_id}/move/", {**sent, "at": "2:30pm"}, follow=True)
    assert "They are rung at that time" in said.content.decode()
    line.refresh_from_db()
    assert line.wanted_at is not None
    assert f"{line.wanted_at.astimezone(LONDON):%Y-%m-%d %H:%M}" == f"{day} 14:30"
    told = AuditEvent.objects.get(action="callback.moved")
    assert told.target == f"callback:{line.public_id}"
    assert "900111" not in str(told.data)


def test_a_chosen_time_is_called_off_on_the_list_and_what_rang_in_vain_stays(clock, desk):
    line, rang = wanted(desk), missed("+447700900222")
    rang.wanted_at = NOW + timedelta(days=1)
    rang.save()
    for one in (line, rang):
        assert desk.post(f"{PAGE}{one.public_id}/call-off/").status_code == 303
    assert list(Callback.objects.values_list("public_id", "wanted_at")) == [(rang.public_id, None)]
    assert AuditEvent.objects.filter(action="callback.not_wanted").count() == 2
    # What is gone, or has no time, is not called off again.
    assert desk.post(f"{PAGE}{line.public_id}/call-off/").status_code == 404
    again = desk.post(f"{PAGE}{rang.public_id}/call-off/", follow=True)
    assert "They chose no time" in again.content.decode()


def test_nobody_moves_a_time_of_somebody_who_is_being_rung(clock, desk, other):
    line = wanted(desk, after=timedelta(minutes=2))
    other.post(f"{PAGE}{line.public_id}/take/")
    assert "Another time, or none" not in desk.get(PAGE).content.decode()
    told = desk.post(f"{PAGE}{line.public_id}/call-off/", follow=True).content.decode()
    assert "Somebody else is ringing them now" in told
    assert "Another time, or none" in other.get(PAGE).content.decode()
