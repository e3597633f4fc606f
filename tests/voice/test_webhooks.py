"""What Twilio posts of calls, signed, over HTTP: in order, turned round, twice, and forged."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client

from channels.voice.checks import calls_can_be_taken
from core.privacy import address_hash
from enquiries.models import Contact
from inbox.models import Call as Row
from inbox.models import Callback
from tests.stand_ins.caller import DIALLED, INCOMING, STATUS, Call, heard, verbs
from tests.stand_ins.phone import FORM, post, signature
from tests.world import NOW

pytestmark = pytest.mark.django_db


def at(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


# -- who may speak -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [INCOMING, DIALLED, STATUS])
def test_only_twilio_is_believed_and_only_posts_are_read(world, path):
    fields = Call().fields(DialCallStatus="no-answer")
    body = urlencode(fields)
    right = signature(f"https://hub.example{path}", fields)
    old = signature(f"https://hub.example{path}", fields, "the-old-token")
    elsewhere = signature(f"https://hub.example{path}x", fields)
    for given in ("", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", elsewhere, signature("x", fields, "other")):
        answer = Client().post(path, body, content_type=FORM, headers={"X-Twilio-Signature": given})
        assert answer.status_code == 403
    changed = urlencode({**fields, "From": "+447700900999"})
    assert (
        Client()
        .post(path, changed, content_type=FORM, headers={"X-Twilio-Signature": right})
        .status_code
        == 403
    )
    assert not Row.objects.exists()
    for given in (right, old):
        answer = Client().post(path, body, content_type=FORM, headers={"X-Twilio-Signature": given})
        assert answer.status_code in (200, 204)
    assert Row.objects.count() == 1
    for method in ("get", "put", "patch", "delete"):
        assert getattr(Client(), method)(path).status_code == 405


@pytest.mark.parametrize("path", [INCOMING, DIALLED, STATUS])
@pytest.mark.parametrize("bad", ["", "CA12", "../etc", "CA" + "g" * 32, "SM" + "0" * 32, "\x00"])
def test_what_names_no_call_is_refused(world, path, bad):
    fields = Call().fields(CallSid=bad, DialCallStatus="busy")
    assert post(path, fields).status_code == 400
    assert not Row.objects.exists()


def test_what_says_nothing_of_a_call_is_refused_or_changes_nothing(world):
    fields = Call().fields()
    assert post(DIALLED, fields).status_code == 400
    assert post(STATUS, {**fields, "CallStatus": ""}).status_code == 400
    assert post(STATUS, {**fields, "CallStatus": "dancing"}).status_code == 204
    assert not Row.objects.exists()


# -- what a caller hears -----------------------------------------------------------------------


def test_a_caller_is_welcomed_and_put_through(clock):
    answer = Call().rings()
    assert heard(answer) == ["You have reached Worcestershire Hub."]
    assert verbs(answer) == ["Say", "Dial"]
    text = answer.content.decode()
    assert ">+441632960002</Number>" in text
    assert 'action="https://hub.example/channels/voice/dialled"' in text
    assert 'statusCallback="https://hub.example/channels/voice/status#rc=5&amp;rp=all"' in text


def test_the_notice_of_recordings_comes_before_anybody_answers(clock, settings):
    settings.HUB_VOICE_WELCOME = "Welcome to <the> hub & friends."
    settings.HUB_VOICE_NOTICE = "We record calls."
    settings.HUB_VOICE_TO = "queue:front desk"
    answer = Call().rings()
    assert heard(answer) == ["Welcome to <the> hub & friends.", "We record calls."]
    assert verbs(answer) == ["Say", "Say", "Enqueue"]
    assert ">front desk</Enqueue>" in answer.content.decode()


def test_when_we_are_closed_a_caller_hears_when_we_are_not_and_nobody_has_to_ring_back(clock):
    clock.move_to(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))  # a Saturday
    call = Call()
    answer = call.rings()
    assert heard(answer)[1] == "We are closed now. We answer calls Monday to Friday 9am to 5pm."
    assert heard(answer)[-1] == "If a life is at risk, hang up and ring 999."
    assert verbs(answer)[-1] == "Hangup"
    call.says("completed")
    assert Row.objects.get().state == "ended"
    assert not Callback.objects.exists()
    assert not Contact.objects.exists()


def test_a_bank_holiday_is_closed(clock):
    clock.move_to(datetime(2026, 12, 25, 12, 0, tzinfo=UTC))
    assert verbs(Call().rings())[-1] == "Hangup"


def test_a_number_that_leads_nowhere_says_which_one_does(clock, settings):
    settings.HUB_VOICE_TO = ""
    call = Call()
    assert heard(call.rings()) == [
        "Nobody answers calls at this number. Ring 0 1 6 3 2, 9 6 0 0 0 0."
    ]
    call.says("completed")
    assert not Callback.objects.exists()


def test_a_caller_is_put_through_though_the_database_is_away(clock, monkeypatch):
    def away(*_args: object, **_named: object) -> None:
        raise OperationalError

    call = Call()
    with monkeypatch.context() as patch:
        patch.setattr("inbox.actions_calls.hear", away)
        patch.setattr("accounts.queries.hub", away)
        assert verbs(call.rings()) == ["Say", "Dial"]
        refused = call.says("completed")
        assert (refused.status_code, refused["Retry-After"]) == (503, "5")
        # No call back is promised where nobody has written it down.
        assert "Ring again later" in heard(call.dialled("no-answer"))[0]
    assert not Row.objects.exists()
    call.dialled("no-answer")
    assert Row.objects.get().state == "missed"


def test_whom_nobody_answers_is_told_what_happens_now(clock):
    call, withheld = Call(), Call(number="anonymous")
    call.rings()
    withheld.rings()
    assert "will ring you back" in heard(call.dialled("no-answer"))[0]
    assert "Ring again later" in heard(withheld.dialled("busy"))[0]
    assert heard(Call().dialled("completed", DialCallDuration="9")) == []


# -- what becomes of calls ---------------------------------------------------------------------


def _told(call: Call) -> list[Callable[[], Any]]:
    return [
        call.rings,
        lambda: call.says("ringing", at(0)),
        lambda: call.leg("ringing", at(3)),
        lambda: call.leg("in-progress", at(20)),
        lambda: call.leg("completed", at(200)),
        lambda: call.says("completed", at(201)),
    ]


def _stands(call: Call) -> tuple[str, datetime, datetime | None, datetime | None]:
    row = Row.objects.get(sid=call.sid)
    return (row.state, row.rang_at, row.answered_at, row.ended_at)


def test_an_answered_call_is_one_phone_contact_with_its_times(clock):
    call = Call()
    call.rings()
    clock.shift(30)
    for piece in _told(call)[1:4]:
        piece()
    contact = Contact.objects.get()
    row = Row.objects.get()
    assert (row.state, row.contact) == ("answered", contact.public_id)
    assert (contact.channel, contact.started_at, contact.ended_at) == ("phone", NOW, None)
    assert contact.address_hash == address_hash("phone", call.number)
    assert (contact.person, contact.agent, contact.items.count()) == (None, None, 0)
    clock.shift(270)
    for piece in _told(call)[4:]:
        piece()
    contact.refresh_from_db()
    assert (contact.started_at, contact.ended_at) == (NOW, at(201))
    assert _stands(call) == ("ended", NOW, at(20), at(201))


def test_in_any_order_and_told_twice_it_comes_to_the_same(clock):
    clock.shift(300)
    orders = [order for n, order in enumerate(itertools.permutations(range(6))) if n % 31 == 0]
    for order in orders:
        call = Call(number="")
        pieces = _told(call)
        for place in order:
            pieces[place]()
            pieces[place]()
        assert _stands(call) == ("ended", at(0), at(20), at(201)), order
        contact = Row.objects.get(sid=call.sid).contact
        assert contact is not None
        assert Contact.objects.get(public_id=contact).ended_at == at(201)
    assert Contact.objects.count() == Row.objects.count() == len(orders)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("no-answer", "missed"),
        ("busy", "missed"),
        ("failed", "missed"),
        ("canceled", "hung_up"),
        ("completed", "hung_up"),
    ],
)
def test_a_call_that_came_to_nothing_waits_to_be_rung_back(clock, status, state):
    call = Call()
    call.rings()
    clock.shift(40)
    call.says(status)
    call.says(status)
    row = Row.objects.get()
    assert (row.state, row.answered_at, row.ended_at) == (state, None, at(40))
    assert row.callback == Callback.objects.get()
    assert not Contact.objects.exists()


def test_a_leg_that_nobody_takes_is_not_the_end_of_the_call(clock):
    call = Call()
    call.rings()
    for word in ("busy", "no-answer", "canceled", "failed", "completed"):
        call.leg(word)
    assert Row.objects.get().state == "ringing"
    call.leg("in-progress")
    assert Row.objects.get().state == "answered"


def test_the_end_of_the_talk_alone_says_when_it_began(clock):
    call = Call()
    call.rings()
    clock.shift(100)
    call.dialled("completed", DialCallDuration="70")
    assert _stands(call) == ("ended", NOW, at(30), at(100))
    assert Contact.objects.get().ended_at == at(100)


def test_somebody_who_hangs_up_while_it_rings_is_no_missed_call(clock):
    call = Call()
    call.rings()
    clock.shift(9)
    call.dialled("no-answer", CallStatus="completed")
    assert Row.objects.get().state == "hung_up"


def test_a_queue_tells_who_was_taken_who_hung_up_and_who_was_left(clock, settings):
    settings.HUB_VOICE_TO = "queue:hub"
    taken, gone, full, moved = (Call(number=f"+4477009001{n}0") for n in range(4))
    for call in (taken, gone, full, moved):
        call.rings()
    # The agent's side of the queue asks us what to say to the caller: nothing.
    answer = post(STATUS, taken.fields(CallStatus="in-progress", DequeingCallSid="CA" + "9" * 32))
    assert verbs(answer) == []
    assert Row.objects.get(sid=taken.sid).state == "answered"
    clock.shift(120)
    taken.left_queue("bridged", QueueTime="30")
    gone.left_queue("hangup", CallStatus="completed")
    full.left_queue("queue-full")
    moved.left_queue("redirected")
    assert _stands(taken) == ("ended", NOW, NOW, at(120))
    states = {row.sid: row.state for row in Row.objects.all()}
    assert [states[call.sid] for call in (gone, full, moved)] == ["hung_up", "missed", "ringing"]


def test_a_queue_that_tells_late_still_says_when_it_was_answered(clock, settings):
    settings.HUB_VOICE_TO = "queue:hub"
    call = Call()
    call.rings()
    clock.shift(120)
    call.left_queue("bridged", QueueTime="30")
    assert _stands(call) == ("ended", NOW, at(30), at(120))


@pytest.mark.parametrize(
    "number",
    [
        "anonymous",
        "Anonymous",
        "",
        "+266696687",
        "+7378742833",
        "restricted",
        "sip:a@b",
        "\x00",
        "99",
    ],
)
def test_a_withheld_number_is_nobodys(clock, number):
    call = Call(number=number)
    call.rings()
    call.says("no-answer")
    row = Row.objects.get()
    assert (row.caller_hash, row.sealed, row.state) == ("", "", "missed")
    assert not Callback.objects.exists()
    answered = Call(number=number)
    answered.rings()
    answered.leg("in-progress")
    assert Contact.objects.get().address_hash == ""


def test_a_number_is_nowhere_in_the_clear(clock):
    call = Call(number="+447700900456")
    call.rings()
    call.says("no-answer")
    row, line = Row.objects.get(), Callback.objects.get()
    kept = str([row.__dict__, line.__dict__])
    assert "900456" not in kept
    assert row.caller_hash == line.caller_hash == address_hash("phone", "+447700900456")


def test_a_call_of_ours_is_no_contact_and_nobody_rings_back(clock):
    call = Call()
    call.says("ringing", Direction="outbound-api")
    call.says("in-progress", Direction="outbound-api")
    call.says("completed", Direction="outbound-api")
    row = Row.objects.get()
    assert (row.direction, row.state, row.caller_hash) == ("outbound", "ended", "")
    missed = Call()
    missed.says("no-answer", Direction="outbound-api")
    assert not Contact.objects.exists()
    assert not Callback.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        "yesterday",
        "Wed, 99 Foo 2026",
        "Tue, 17 Nov 2099 10:00:00 +0000",
        "Tue, 17 Nov 1999 10:00:00 +0000",
        "Tue, 17 Nov 2026 09:59:00 -0000",
        "\x00",
    ],
)
def test_a_time_that_cannot_be_is_not_believed(clock, told):
    call = Call()
    call.rings()
    clock.shift(30)
    call.says("completed", Timestamp=told)
    assert Row.objects.get().ended_at == at(30)


def test_the_start_says_what_is_wrong_with_a_line(settings):
    def found() -> list[str | None]:
        return [error.id for error in calls_can_be_taken(None)]

    settings.HUB_DEMO = False
    assert found() == []
    settings.HUB_VOICE_TO = "queue:front desk"
    assert found() == []
    settings.HUB_VOICE_TO = "01632 960001"
    assert found() == ["channels.E003"]
    settings.TWILIO_AUTH_TOKENS = []
    assert found() == ["channels.E002", "channels.E003"]
    settings.HUB_VOICE_TO = ""
    assert found() == []
