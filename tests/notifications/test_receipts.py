from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

import customers.actions
import notifications.actions
from customers import queries_telling
from customers.ways import Wish
from notifications import callbacks
from notifications.backends import memory
from notifications.lifecycle import State
from notifications.models import DeliveryReceipt, Notification
from tests.notifications import helpers
from tests.notifications.helpers import promise_of, tell
from tests.outbox import run_outbox

pytestmark = pytest.mark.django_db


def receipt(
    message: Notification, status: str, *, error: str = "", proof: str | None = None
) -> bool:
    reference = str(message.public_id)
    known = notifications.actions.record_receipt(
        reference=reference,
        proof=callbacks.token(reference) if proof is None else proof,
        sid=f"SM{message.public_id.hex}",
        status=status,
        error_code=error,
        now=timezone.now(),
    )
    message.refresh_from_db()
    return known


def deliver(message: Notification, *, after: timedelta = timedelta()) -> Notification:
    """Delivers a message as if Twilio had taken it."""
    helpers.deliver(message, after=after)
    Notification.objects.filter(pk=message.pk, provider="memory").update(
        provider="twilio", provider_id=f"SM{message.public_id.hex}"
    )
    message.refresh_from_db()
    return message


def medium_for(person: int) -> str:
    way = queries_telling.decide(person, Wish(prefer="sms")).after([])
    return way.medium if way else ""


@pytest.mark.parametrize("order", list(itertools.permutations(["sending", "sent", "delivered"])))
def test_late_news_never_moves_a_message_back(order):
    message = deliver(tell())
    for status in order:
        receipt(message, status)
        receipt(message, status)
    assert message.state == State.DELIVERED
    assert message.settled_at is not None
    assert DeliveryReceipt.objects.count() == 3


def test_a_receipt_may_come_before_our_own_note():
    message = tell()
    Notification.objects.filter(pk=message.pk).update(state=State.SENDING)
    receipt(message, "delivered")
    assert message.state == State.DELIVERED
    deliver(message)
    assert message.state == State.DELIVERED
    assert promise_of(message).settled_at is not None


def test_the_first_end_counts():
    message = deliver(tell())
    receipt(message, "undelivered", error="30006")
    receipt(message, "delivered")
    assert message.state == State.FAILED
    assert message.error == "This is a landline, or its network cannot be reached"


def test_an_unknown_word_is_kept_and_changes_nothing():
    message = deliver(tell())
    assert receipt(message, "teleported")
    assert message.state == State.SENT
    assert DeliveryReceipt.objects.get().status == "teleported"


def test_an_address_that_is_not_ours_is_refused():
    message = deliver(tell())
    assert not receipt(message, "delivered", proof="0" * 32)
    assert not receipt(message, "delivered", proof="")
    assert not receipt(message, "delivered", proof="é")
    assert message.state == State.SENT


def test_a_proof_made_with_a_key_that_is_being_rotated_out_is_still_ours(settings):
    message = deliver(tell())
    proof = callbacks.token(str(message.public_id))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    assert receipt(message, "delivered", proof=proof)


def test_a_phone_that_was_off_gets_one_more_try():
    message = deliver(tell())
    receipt(message, "undelivered", error="30003")
    again = Notification.objects.get(key="late:1:again")
    assert message.state == State.FAILED
    assert again.body == message.body
    due = promise_of(again).next_at - timezone.now()
    assert timedelta(minutes=14) < due < timedelta(minutes=16)
    deliver(again, after=timedelta(minutes=16))
    receipt(again, "undelivered", error="30003")
    assert Notification.objects.count() == 2


def test_a_number_that_sent_stop_is_not_texted_any_more():
    person = customers.actions.identify(
        name="Jo", phone="+447700900123", email="jo@example.com", now=timezone.now()
    )
    assert person is not None
    assert medium_for(person) == "sms"
    message = deliver(tell())
    receipt(message, "failed", error="21610")
    run_outbox()
    assert medium_for(person) == "email"


def test_a_number_that_is_not_in_use_is_not_texted_any_more():
    person = customers.actions.identify(name="Jo", phone="+447700900123", now=timezone.now())
    assert person is not None
    message = deliver(tell())
    receipt(message, "undelivered", error="30005")
    run_outbox()
    assert not queries_telling.decide(person, Wish()).ways


# -- From whom ---------------------------------------------------------------------------------


def test_a_late_bad_word_of_a_carrier_that_no_longer_has_it_ends_nothing():
    message = deliver(tell())
    Notification.objects.filter(pk=message.pk).update(provider="notify", provider_id="their-id")
    receipt(message, "undelivered", error="30005")
    assert message.state == State.SENT
    assert message.address_state == ""
    assert DeliveryReceipt.objects.get().status == "undelivered"


def test_a_bad_word_of_another_copy_at_the_same_carrier_ends_nothing():
    message = deliver(tell())
    Notification.objects.filter(pk=message.pk).update(provider_id="SM" + "9" * 32)
    receipt(message, "failed", error="30008")
    assert message.state == State.SENT
    assert not Notification.objects.filter(key="late:1:again").exists()


def test_a_good_word_counts_whoever_brings_it_and_stops_a_second_sending():
    message = tell()
    Notification.objects.filter(pk=message.pk).update(provider="notify")
    receipt(message, "sent")
    assert message.state == State.SENT
    assert message.provider_id == ""
    deliver(message)
    assert memory.outbox == []
    receipt(message, "delivered")
    assert message.state == State.DELIVERED


def notify_receipt(message: Notification, status: str, *, sid: str = "an-id") -> None:
    notifications.actions.record_notify_receipt(
        reference=str(message.public_id), sid=sid, status=status, now=timezone.now()
    )
    message.refresh_from_db()


@pytest.mark.parametrize(
    ("status", "state", "address"),
    [
        ("sending", State.SENT, ""),
        ("pending", State.SENT, ""),
        ("sent", State.SENT, ""),
        ("delivered", State.DELIVERED, ""),
        ("received", State.SENT, ""),
        ("permanent-failure", State.FAILED, "unusable"),
        ("temporary-failure", State.FAILED, ""),
        ("technical-failure", State.FAILED, ""),
        ("returned-letter", State.FAILED, "unusable"),
        ("a-new-word", State.SENDING, ""),
    ],
)
def test_words_of_notify_in_our_own(status, state, address):
    message = tell()
    Notification.objects.filter(pk=message.pk).update(state=State.SENDING, provider="notify")
    notify_receipt(message, status)
    notify_receipt(message, status)
    assert (message.state, message.address_state) == (state, address)
    assert DeliveryReceipt.objects.count() == 1


@pytest.mark.parametrize("order", list(itertools.permutations(["sending", "sent", "delivered"])))
def test_late_news_of_notify_never_moves_a_message_back(order):
    message = tell()
    Notification.objects.filter(pk=message.pk).update(state=State.SENDING, provider="notify")
    for status in order:
        notify_receipt(message, status)
    assert message.state == State.DELIVERED
    assert message.provider_id == "an-id"


@pytest.mark.parametrize("reference", ["", "no-uuid", "00000000-0000-4000-8000-000000000000"])
def test_a_receipt_of_what_nobody_knows_is_kept_and_changes_nothing(reference):
    notifications.actions.record_notify_receipt(
        reference=reference, sid="unknown", status="delivered", now=timezone.now()
    )
    assert DeliveryReceipt.objects.get().notification is None


def test_a_receipt_without_our_reference_is_found_by_their_id():
    message = deliver(tell())
    Notification.objects.filter(pk=message.pk).update(provider="notify", provider_id="their-id")
    notifications.actions.record_notify_receipt(
        reference="", sid="their-id", status="delivered", now=timezone.now()
    )
    message.refresh_from_db()
    assert message.state == State.DELIVERED
