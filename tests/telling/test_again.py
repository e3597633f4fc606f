"""What is said once more: no old news, none to who stopped texts, and it holds up nothing else."""

from __future__ import annotations

import pytest

import customers.actions
import notifications.actions
from core.audit import SYSTEM
from enquiries.actions import telling
from notifications import outcomes, repeating
from notifications.backends import memory
from notifications.backends.base import Unclear
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.telling.conftest import MAIL, PHONE, Clock, asked, troubles
from tests.telling.test_another_way import gone, refused

pytestmark = pytest.mark.django_db


def test_old_news_is_not_tried_again_after_newer_news(clock: Clock) -> None:
    enquiry = asked(clock)
    run_outbox()
    first = Notification.objects.get(event="received")
    telling.accepted(enquiry, enquiry.referrals.get(), now=clock.now)
    run_outbox()
    outcomes.failed(first, refused(again_minutes=15), now=clock.now)
    assert gone() == [("sms", PHONE, "failed")]


def test_newer_news_ends_what_waits_to_be_tried_again_and_does_not_wait_for_it(
    clock: Clock,
) -> None:
    enquiry = asked(clock)
    run_outbox()
    first = Notification.objects.get(event="received")
    outcomes.failed(first, refused(again_minutes=240), now=clock.now)
    telling.replied(enquiry, "The crew comes at nine.", sequence=3, now=clock.now)
    run_outbox()
    assert gone("replied") == [("sms", PHONE, "sent")]
    assert gone()[-1] == ("sms", PHONE, "queued")
    telling.accepted(enquiry, enquiry.referrals.get(), now=clock.now)
    assert gone()[-1] == ("sms", PHONE, "overtaken")


def test_what_was_of_unknown_fate_at_stop_is_sent_no_second_time_as_a_text(clock: Clock) -> None:
    troubles["sms"] = Unclear("The answer was lost", code="lost")
    asked(clock)
    run_outbox()
    assert gone() == [("sms", PHONE, "unknown")]
    troubles.clear()
    customers.actions.opt_out(phone=PHONE, now=clock.now)
    clock.later(minutes=2)
    run_outbox()
    assert gone() == [("sms", PHONE, "failed"), ("email", MAIL, "sent")]
    assert [one.medium for one in memory.outbox if one.event == "received"] == ["email"]


def test_a_press_for_all_leaves_out_who_stopped_texts_and_what_is_old_news(clock: Clock) -> None:
    enquiry = asked(clock)
    run_outbox()
    first = Notification.objects.get(event="received")
    outcomes.failed(first, refused(), now=clock.now)

    def press() -> repeating.Repeated:
        return repeating.send_all_again(
            medium="sms", carrier=first.provider, code="30005", state="failed", actor=SYSTEM,
            now=clock.now,
        )  # fmt: skip

    customers.actions.opt_out(phone=PHONE, now=clock.now)
    assert press() == repeating.Repeated(again=0, left=0, stopped=1)
    with pytest.raises(notifications.actions.TextsStopped):
        notifications.actions.send_again(public_id=first.public_id, actor=SYSTEM, now=clock.now)
    customers.actions.opt_in(phone=PHONE, now=clock.now)
    telling.accepted(enquiry, enquiry.referrals.get(), now=clock.now)
    assert press() == repeating.Repeated(again=0, left=0, stale=1)
    Notification.objects.filter(event="accepted").delete()
    assert press() == repeating.Repeated(again=1, left=0)
