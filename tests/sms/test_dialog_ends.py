"""Conversations by text that stop, start again, or fall silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.sms import conversation
from core.models import AuditEvent
from core.privacy import address_hash
from enquiries.actions import dialogs
from enquiries.models import Contact, ContactItem, SmsDialog
from enquiries.queries.ways import way_of
from notifications.models import Notification
from tests import world
from tests.outbox import run_outbox
from tests.sms.asked import BIN, HOLE, only, silent
from tests.stand_ins.phone import Phone

pytestmark = pytest.mark.django_db

# -- Yes, stop and start -------------------------------------------------------------------------


def test_yes_that_a_provider_takes_for_start_is_an_answer(bins, phone):
    phone.text(BIN)
    phone.text("1")
    assert "Q3 Which house" in phone.text("Yes", OptOutType="START")
    assert not AuditEvent.objects.filter(action="sms.start").exists()


def test_stop_ends_it_without_a_word_and_start_takes_it_up(bins, phone):
    phone.text(BIN)
    phone.text("1")
    assert phone.text("STOP") == ""
    assert phone.text("START").startswith("Q2 Was the bin out")
    for said in ("yes", "12 High Street", "1"):
        phone.text(said)
    assert only().answers["out"] == "yes"


def test_who_stopped_is_not_written_to_and_what_they_told_is_not_lost(bins, clock, phone):
    phone.text(BIN)
    phone.text("STOP")
    assert silent(clock) == 1
    run_outbox()
    assert only().description == BIN
    assert way_of(only()) is None
    assert not Notification.objects.filter(event__in=["sms_opened", "received"]).exists()


# -- Silence -------------------------------------------------------------------------------------


def test_silence_opens_what_is_there_and_says_so_once(bins, clock, phone):
    phone.text(BIN)
    phone.text("1 2")
    assert silent(clock, 59) == 0
    assert silent(clock, 2) == 1
    assert silent(clock, 2) == 0
    run_outbox()
    enquiry = only()
    assert enquiry.received_at == world.NOW
    assert enquiry.answers == {"bins": ["rubbish", "food"]}
    sent = Notification.objects.get(event="sms_opened")
    assert f"Your reference is {enquiry.reference}. Our team will read it" in sent.body
    assert not Notification.objects.filter(event="received").exists()


def test_an_answer_that_comes_late_is_added(bins, clock, phone):
    phone.text(BIN)
    phone.text("1")
    silent(clock)
    clock.shift(timedelta(hours=5))
    assert f"We have added this to {only().reference}" in phone.text("no")
    item = ContactItem.objects.get(kind="new_information")
    assert item.words == "Was the bin out by 7am? No"
    assert Contact.objects.count() == 1


def test_an_answer_a_day_later_is_asked_about(bins, clock, phone):
    phone.text(BIN)
    silent(clock)
    clock.shift(timedelta(hours=25))
    assert "What is this about?" in phone.text("rubbish")


def test_at_night_the_reference_waits_for_the_morning(bins, clock, phone, settings):
    settings.HUB_QUIET_HOURS = "20:00-08:00"
    clock.shift(timedelta(hours=11))
    phone.text(BIN)
    silent(clock)
    run_outbox()
    held = Notification.objects.get(event="sms_opened")
    assert held.state == "queued"
    assert held.hold_until is not None


def test_one_conversation_that_fails_holds_up_no_other(bins, clock, phone, monkeypatch):
    phone.text(BIN)
    Phone("+447700900777").text(BIN)
    broken = address_hash("phone", phone.number)
    real = conversation.open_silent

    def open_silent(thread: str, **named: object) -> bool:
        if thread == broken:
            raise RuntimeError("broken")
        return real(thread, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("channels.sms.conversation.open_silent", open_silent)
    assert silent(clock) == 1
    monkeypatch.setattr("channels.sms.conversation.open_silent", real)
    assert silent(clock) == 1


def test_the_questions_of_yesterday_are_not_answered_today(bins, clock, phone):
    """Where no sweep ran, the day's end opens it; the new text is something of its own."""
    phone.text(BIN)
    clock.shift(timedelta(hours=24))
    phone.text("1")
    assert only().description == BIN


def test_conversations_that_are_over_are_forgotten(holes, clock, phone):
    for said in (HOLE, "1", "1"):
        phone.text(said)
    assert dialogs.sweep(now=timezone.now() + timedelta(days=6)) == 0
    assert dialogs.sweep(now=timezone.now() + timedelta(days=7)) == 1
    assert not SmsDialog.objects.exists()
