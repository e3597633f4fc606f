"""What others told us already is asked by text, once the place is known, as the website asks it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from channels.sms import wording
from enquiries.lifecycle import LinkKind
from enquiries.models import Enquiry, EnquiryLink
from enquiries.queries import links as standing
from notifications import gsm
from notifications.models import Notification
from tests.nearby.steps import SECRET_WORDS, report
from tests.outbox import run_outbox
from tests.sms.asked import HOLE, only, row, silent
from tests.sms.test_pages import path_in

pytestmark = pytest.mark.django_db
PLACE = "WR11 3DA"
MINE = f"There is a pothole outside the Spar, Bridge Street. {PLACE}"


def mine() -> Enquiry:
    return Enquiry.objects.order_by("pk").last() or only()


def test_one_that_others_told_us_of_is_followed_by_1(holes, phone):
    target = report(answers={"deep": "deep"})
    asked = phone.text(MINE)
    assert "Others told us of this near there:" in asked
    assert "Deeper than that" in asked
    assert "1 it is the same: follow it\n2 mine is another" in asked
    assert gsm.outside(asked) == ""
    assert gsm.measure(asked).segments <= 2
    for private in (SECRET_WORDS, "Marlow", "Canary", target.reference, target.secret):
        assert private not in asked
    said = phone.text("1", message_sid="SM" + "9" * 32)
    assert "Somebody told us about this already" in said
    followed = mine()
    assert followed.pk != target.pk
    assert followed.reference in said
    assert standing.ending(followed.pk) is not None
    assert EnquiryLink.objects.get().kind == LinkKind.DUPLICATE
    # Said once, in the answer; the same text again has the same answer, and opens nothing.
    assert phone.text("1", message_sid="SM" + "9" * 32) == said
    run_outbox()
    assert not Notification.objects.filter(about=followed.reference).exclude(provider="answer")
    assert Enquiry.objects.count() == 2
    assert not row().is_open


def test_another_one_is_asked_about_as_ever_and_not_twice(holes, phone):
    report(answers={"deep": "deep"})
    phone.text(MINE)
    asked = phone.text("2")
    assert "How deep is it?" in asked
    assert "We have:" in phone.text("1")
    phone.text("1")
    assert mine().answers == {"deep": "shallow"}
    assert not EnquiryLink.objects.exists()


@pytest.mark.parametrize(
    ("words", "then"),
    [("yes", "Somebody told us"), ("No", "How deep"), ("other", "How deep"),
     ("Q2", "Where is it?"), ("maybe", "Others told us"), ("LINK", "Others told us")],
)  # fmt: skip
def test_what_may_be_answered_to_it(holes, phone, words, then):
    report(answers={"deep": "deep"})
    phone.text(MINE)
    assert then in phone.text(words)


def test_nothing_is_asked_where_nothing_is_near_or_it_has_not_been_looked_at(holes, phone):
    report(answers={"deep": "deep"}, routed=False)
    assert "Others told us" not in phone.text(MINE)
    report(answers={"deep": "deep"})
    phone.number = "+447700900777"
    assert "Others told us" not in phone.text(HOLE)


def test_one_that_ends_meanwhile_is_asked_about_no_more_and_loses_nothing(holes, phone):
    target = report(answers={"deep": "deep"})
    phone.text(MINE)
    Enquiry.objects.filter(pk=target.pk).update(status="resolved", outcome="completed",
                                                resolved_at=target.received_at)  # fmt: skip
    said = phone.text("1")
    assert "We have your message" in said
    assert mine().reference in said
    assert not EnquiryLink.objects.exists()


def test_silence_at_it_opens_an_enquiry_of_its_own(holes, phone, clock):
    report(answers={"deep": "deep"})
    phone.text(MINE)
    assert silent(clock) == 1
    assert "Spar" in mine().description
    assert not EnquiryLink.objects.exists()


def test_it_comes_after_the_page_too_and_once(holes, phone, client: Any):
    report(answers={"deep": "deep"})
    phone.text("pothole outside the Spar")
    phone.text("2")
    path = path_in(phone.text("link"))
    for _ in range(2):
        client.post(path, {"postcode": PLACE})
    sent = Notification.objects.get(event="sms_turn", provider="")
    assert "Others told us of this near there:" in sent.body


def test_in_polish_it_stands_in_two_texts(holes, phone):
    report(answers={"deep": "deep"})
    with translation.override("pl"):
        asked = phone.text(f"Polski. {MINE}")
    assert "2 moja jest inna" in asked
    assert gsm.measure(gsm.plain(asked)).segments <= wording.PARTS
