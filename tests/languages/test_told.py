"""What is said of an enquiry outside of pages is in the language of who reads it, too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from enquiries.actions import telling
from enquiries.events import EventType
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import texting, tracking_steps
from notifications.models import Notification
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)
PHONE = "+447700900123"


def asked() -> Enquiry:
    sender = Sender(name="Jo Bloggs", phone="07700 900123")
    enquiry = enquiry_of(ask(sender=sender, tell_by="sms"))
    enquiry.language, enquiry.promised_on = "pl", TUESDAY
    enquiry.save(update_fields=["language", "promised_on"])
    return enquiry


def test_a_message_says_its_day_as_that_language_writes_it(world):
    enquiry = asked()
    telling.citizen(enquiry, "late", key="late:pl", now=timezone.now())
    assert "wtorek 24 listopada" in Notification.objects.get(key="late:pl").body
    assert telling.day_words(TUESDAY) == "Tuesday 24 November"
    evening = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert telling.moment_words(evening) == "Tuesday 24 November, 5pm"
    with translation.override("pl"):
        assert telling.moment_words(evening) == "wtorek 24 listopada, 17:00"


@pytest.mark.parametrize(("status", "says"), [("in_progress", "W toku"), ("resolved", "Gotowe")])
def test_how_it_stands_by_text_is_said_in_their_language(world, status, says):
    enquiry = asked()
    ended = (
        {"outcome": Outcome.COMPLETED.value, "resolved_at": timezone.now()}
        if status == "resolved"
        else {}
    )
    Enquiry.objects.filter(pk=enquiry.pk).update(status=status, **ended)
    with translation.override("pl"):
        case = texting.latest(PHONE, now=timezone.now() + timedelta(minutes=1))
    assert case is not None
    assert case.status_words.startswith(says)


def test_how_it_ended_stands_in_the_history_in_its_readers_language(world):
    ended = EnquiryEvent(
        type=EventType.RESOLVED, at=timezone.now(), data={"outcome_words": "Done", "words": "Ok"}
    )
    with translation.override("pl"):
        [step] = tracking_steps.steps([ended])
    assert (step.brief, step.words) == ("Gotowe", "Gotowe: Ok")
