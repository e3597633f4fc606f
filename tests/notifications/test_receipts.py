from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

import customers.actions
import customers.queries
import notifications.actions
from notifications import callbacks
from notifications.lifecycle import State
from notifications.models import DeliveryReceipt, Notification
from tests.notifications.helpers import deliver, promise_of, tell
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


def medium_for(person: int) -> str:
    way = customers.queries.reach(person, prefer="sms")
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
    assert customers.queries.reach(person) is None
