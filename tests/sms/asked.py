"""What services ask in the conversations of these tests, and what is looked at in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.sms import silences
from enquiries.models import Enquiry, SmsDialog
from tests import forms_of

BIN = "My bin was not emptied on Monday. WR11 3DA"
HOLE = "There is a pothole outside the Spar, Bridge Street. WR1 3EZ"
BINS = {
    "key": "bins", "type": "several", "words": "Which bins were missed?",
    "choices": [{"value": "rubbish", "words": "Rubbish"}, {"value": "food", "words": "Food waste"},
                {"value": "garden", "words": "Garden waste"}],
}  # fmt: skip
OUT = {"key": "out", "type": "yes_no", "words": "Was the bin out by 7am?"}
DAY = {"key": "day", "type": "date", "words": "When should it have been emptied?", "most": 0}
LATE = {
    "key": "late", "kind": "answered", "when": {"question": "out", "is": "no"},
    "title": "Next time",
    "words": "Bins have to be out by 7am.", "next_step": "Leave it out by 7am on your next day.",
}  # fmt: skip
DEEP = {
    "key": "deep", "type": "choice", "words": "How deep is it?",
    "choices": [{"value": "shallow", "words": "Less than a golf ball"},
                {"value": "deep", "words": "Deeper than that"}],
}  # fmt: skip
NOTE = {"key": "note", "type": "text", "words": "What does the note say?", "required": False}


@pytest.fixture
def bins(clock) -> None:
    """A missed bin asks which bins, and whether they were out; it needs the house."""
    forms_of.publish("missed-bin", BINS, OUT, ends=[LATE], describe=False)


@pytest.fixture
def holes(clock) -> None:
    forms_of.publish("pothole", DEEP, describe=False)


def only() -> Enquiry:
    return Enquiry.objects.get()


def row() -> SmsDialog:
    return SmsDialog.objects.get()


def silent(clock, minutes: int = 61) -> int:
    clock.shift(timedelta(minutes=minutes))
    return silences.open_due(now=timezone.now())
