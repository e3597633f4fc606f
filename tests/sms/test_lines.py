"""A body's own account with Twilio speaks for that body: not in conversations that the hub holds
with the same telephone, not of its cases with others, not of others' messages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from enquiries.inbound import Sender
from enquiries.models import ContactItem, Enquiry, SmsDialog
from notifications import callbacks
from notifications.backends import registry
from notifications.lifecycle import State
from notifications.models import Carrier, Notification, Route
from tests.notifications.helpers import deliver, tell
from tests.sms.asked import BIN, silent
from tests.stand_ins import phone as phones
from tests.stand_ins.phone import Phone
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db

ACCOUNT, NUMBER, SERVICE = "AC" + "5" * 32, "+447700900009", "MG" + "7" * 32
INBOUND = "/channels/sms/inbound"


@pytest.fixture
def theirs(settings, world, clock) -> Carrier:
    """Wychavon has an account of its own, which carries its texts."""
    settings.TWILIO_ACCOUNT_SID = "AC" + "0" * 32
    body = world.organisations["wychavon"]
    row = Carrier.objects.create(
        slug="theirs", name="Theirs", kind="twilio", organisation=body,
        settings={"account_sid": ACCOUNT, "number": NUMBER, "messaging_service_sid": SERVICE},
        sealed=registry.seal({"auth_token": "their-token"}), changed_at=timezone.now(),
    )  # fmt: skip
    Route.objects.create(medium="sms", carrier="theirs", organisation=body)
    return row


def signed(path: str, fields: dict[str, str], token: str = "their-token") -> Any:
    headers = {"X-Twilio-Signature": phones.signature(f"https://hub.example{path}", fields, token)}
    return Client().post(path, urlencode(fields), content_type=phones.FORM, headers=headers)


def text(body: str, token: str = "their-token", **fields: str) -> Any:
    """A text as their account tells of it, or whoever has its key."""
    sid = phones.sid()
    told = {"AccountSid": ACCOUNT, "To": NUMBER, "MessageSid": sid, "SmsSid": sid, **fields}
    return signed(INBOUND, phones.payload("sms_inbound", Body=body, **told), token)


def test_a_key_vouches_for_its_own_account_and_numbers_alone(theirs):
    assert text(BIN).status_code == 200
    assert text(BIN, To="+447700900000").status_code == 403
    assert text(BIN, To="+447700900000", MessagingServiceSid=SERVICE).status_code == 200
    assert text(BIN, To="+447700900000", MessagingServiceSid="MG" + "8" * 32).status_code == 403
    assert text(BIN, AccountSid="AC" + "0" * 32).status_code == 403
    assert text(BIN, "the-new-token").status_code == 403


def test_its_words_are_no_answer_in_a_conversation_that_the_hub_holds(theirs, bins):
    phone = Phone()
    phone.text(BIN)
    before = SmsDialog.objects.get()
    text("1", From=phone.number)
    after = SmsDialog.objects.get(pk=before.pk)
    assert (after.revision, after.sealed) == (before.revision, before.sealed)


def test_it_hears_nothing_of_cases_that_are_another_bodys(theirs, world):
    phone = Phone()
    case = enquiry_of(ask(sender=Sender(phone=phone.number), tell_by="sms"))
    asked = ("STATUS", f"STATUS {case.reference}")
    for words in asked:
        assert f"{case.reference}:" in phones.words(text(words, From=phone.number))
    Enquiry.objects.filter(pk=case.pk).update(owner=world.organisations["hub"])
    for words in asked:
        assert f"{case.reference}:" in phone.text(words)
        assert "We have no enquiry" in phones.words(text(words, From=phone.number))
    text("any news? still waiting", From=phone.number)
    assert ContactItem.objects.filter(enquiry=case).count() == 1


def test_a_conversation_by_its_number_goes_on_there_and_its_case_is_known_there(
    theirs, bins, clock
):
    number = "+447700900555"
    assert "Q1" in phones.words(text(BIN, From=number))
    assert "Q2" in phones.words(text("1", From=number))
    assert silent(clock) == 1
    case = Enquiry.objects.get()
    assert case.reference in phones.words(text("STATUS", From=number))
    assert case.reference not in Phone(number="+447700900556").text("STATUS")


def test_it_settles_nobody_elses_messages(theirs):
    told = deliver(tell())
    path = f"/channels/sms/status?message={told.public_id}&proof="
    path += callbacks.token(str(told.public_id))
    fields = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered", "AccountSid": ACCOUNT}
    assert signed(path, fields).status_code == 403
    told.refresh_from_db()
    assert told.state == State.SENT
    Notification.objects.filter(pk=told.pk).update(provider="theirs")
    assert signed(path, fields).status_code == 204


def test_calls_are_the_partnerships_to_tell_of(theirs, settings):
    settings.HUB_VOICE_TO = "+441632960999"
    fields = {"CallSid": "CA" + "1" * 32, "AccountSid": ACCOUNT, "From": "+447700900123",
              "To": NUMBER, "Direction": "inbound", "CallStatus": "ringing"}  # fmt: skip
    for door in ("incoming", "dialled", "status"):
        assert signed(f"/channels/voice/{door}", fields).status_code == 403
