"""Who writes to us by text, what they say about texts themselves, and what became of ours."""

from __future__ import annotations

import pytest

from core.models import AuditEvent
from customers import queries_telling
from customers.ways import Wish
from enquiries.models import Contact, Enquiry
from notifications import callbacks
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.sms.test_conversation import BIN, only
from tests.stand_ins.phone import INBOUND, payload, post, sid, words

pytestmark = pytest.mark.django_db


def number_of_the_case() -> str | None:
    person = only().person_id
    assert person is not None
    way = queries_telling.decide(person, Wish()).after([])
    return way.to if way else None


# -- Who writes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sms_from_withheld_number", "sms_from_a_name"])
def test_who_cannot_be_answered_is_still_heard(clock, name):
    request = payload(name)
    assert words(post(INBOUND, request)) == ""
    assert only().person is None
    assert words(post(INBOUND, request)) == ""
    assert Enquiry.objects.count() == 1


def test_two_withheld_numbers_are_not_one_conversation(clock):
    for n in range(2):
        fields = payload("sms_from_withheld_number", MessageSid=sid(), Body=f"Need {n}, still")
        post(INBOUND, fields)
    assert Contact.objects.count() == 2


# -- STOP, START, HELP --------------------------------------------------------------------------


def test_stop_is_recorded_and_not_answered(clock, phone):
    phone.text(BIN)
    assert phone.text("STOP") == ""
    assert number_of_the_case() is None
    assert phone.text("START") == ""
    assert number_of_the_case() == phone.number
    assert list(AuditEvent.objects.filter(action__startswith="sms.").order_by("pk").values_list(
        "action", flat=True)) == ["sms.stop", "sms.start"]  # fmt: skip
    assert Enquiry.objects.count() == 1


def test_a_late_repeat_of_stop_does_not_undo_start(clock, phone):
    phone.text(BIN)
    message = sid()
    phone.text("STOP", message_sid=message)
    phone.text("START")
    assert phone.text("STOP", message_sid=message) == ""
    assert number_of_the_case() == phone.number


def test_what_twilio_took_for_stop_is_not_answered(clock):
    assert words(post(INBOUND, payload("sms_stop_by_advanced_opt_out"))) == ""
    help_ = payload(
        "sms_stop_by_advanced_opt_out", Body="INFO", OptOutType="HELP", MessageSid=sid()
    )
    assert words(post(INBOUND, help_)) == ""


def test_help_says_what_can_be_done(clock, phone):
    assert phone.text("HELP").startswith("Worcestershire Hub. Text us what you need")


# -- What became of our texts --------------------------------------------------------------------


def test_a_receipt_through_the_webhook_counts_once(clock, phone):
    phone.text(BIN)
    message = Notification.objects.get(event="sms_received")
    address = callbacks.address(str(message.public_id)).removeprefix("https://hub.example")
    path = address.partition("#")[0]  # the rest is for Twilio, which does not send it
    for _ in range(2):
        assert post(path, payload("sms_delivered")).status_code == 204
    message.refresh_from_db()
    assert message.state == "delivered"
    assert message.receipts.count() == 1
    forged = path[:-1] + ("0" if path[-1] != "0" else "1")
    assert post(forged, payload("sms_delivered")).status_code == 403
    assert post("/channels/sms/status", payload("sms_delivered")).status_code == 403


def test_no_telephone_number_reaches_the_log(clock, phone, caplog):
    caplog.set_level("DEBUG")
    phone.text(BIN)
    run_outbox()
    phone.text("STOP")
    assert "900123" not in caplog.text
    assert "emptied on Monday" not in caplog.text
