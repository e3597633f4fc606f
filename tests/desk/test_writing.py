"""One box for words to the citizen: by the way that they want, filled, shown as it arrives."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.adjusting import Need
from customers.models import Person
from enquiries.inbound import Sender
from enquiries.models import CallDue, EnquiryEvent
from enquiries.queries import story
from kb.models import CannedText
from notifications.models import Notification
from tests.desk.steps import act, text
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "preview"}


@pytest.fixture
def case(world):
    both = Sender(name="Jo Bloggs", email="jo@example.com", phone="07700 900123")
    return enquiry_of(ask(service="pothole", words="A hole", postcode="WR1 3EZ", sender=both))


@pytest.fixture
def desk(world, client_for):
    return client_for(world.agent)


def page_of(case) -> str:
    return f"/desk/cases/{case.reference}/"


def sent() -> list[Notification]:
    return list(Notification.objects.filter(event__in=["replied", "texted"]).order_by("pk"))


def test_words_go_by_the_way_that_was_chosen_and_are_shown_as_they_arrive(case, desk) -> None:
    box = text(desk.get(f"{page_of(case)}?act=reply"))
    assert "Email to jo@example.com" in box
    assert "Text message to 07700 900123" in box
    assert "Telephone call to" in box
    words = {"words": "We come on Monday about {reference}"}
    seen = text(
        desk.post(f"{page_of(case)}reply/", {**words, "do": "preview", "way": "sms"}, headers=PART)
    )
    assert f"{case.reference}: We come on Monday about {case.reference}" in seen
    assert "1 part" in seen
    assert "<html" not in seen
    mail = text(
        desk.post(
            f"{page_of(case)}reply/", {**words, "do": "preview", "way": "email"}, headers=PART
        )
    )
    assert f"News about your enquiry {case.reference}" in mail.replace("(", "").replace(")", "")
    assert not sent()

    for way in ("sms", "email", "call"):
        assert act(desk, page_of(case), "reply", do="send", way=way, **words).status_code == 303
    assert [(one.event, one.medium) for one in sent()] == [("texted", "sms"), ("replied", "email")]
    assert all(f"Monday about {case.reference}" in one.body for one in sent())
    assert f"Monday about {case.reference}" in CallDue.objects.get(enquiry=case).words
    assert EnquiryEvent.objects.filter(enquiry=case, type="enquiry.replied").count() == 3


def test_what_somebody_needs_is_obeyed_whoever_chooses(case, desk) -> None:
    Person.objects.update(adjustments=[Need.CALLS_ONLY.value])
    box = text(desk.get(f"{page_of(case)}?act=reply"))
    assert "They only want to be rung" in box
    assert "Email to" not in box
    refused = act(desk, page_of(case), "reply", words="We come", way="email")
    assert refused.status_code == 422
    assert "Choose one of the ways that there are now" in text(refused)
    assert "Begin with" not in text(refused)
    assert act(desk, page_of(case), "reply", words="We come", way="call").status_code == 303
    assert CallDue.objects.filter(enquiry=case).exists()
    assert not sent()


def test_kept_words_are_filled_and_what_the_case_has_not_is_said(world, case, desk) -> None:
    kept = CannedText.objects.create(
        organisation=world.organisations["hub"], name="Which lane?", changed_at=NOW,
        words="Dear {name}, which lane of {service}? It is due {expected}.", changed_by="A",
    )  # fmt: skip
    begun = {"do": "begin", "canned": f"kept:{kept.public_id}", "words": "Thanks"}
    box = text(desk.post(f"{page_of(case)}reply/", begun))
    assert "Dear Jo Bloggs, which lane of Pothole" in box
    assert "It is due {expected}. Thanks" in box
    refused = act(desk, page_of(case), "reply", words="It is due {expected}")
    assert refused.status_code == 422
    assert "This case has nothing for {expected}" in text(refused)
    assert "Which lane?" in text(refused)
    assert not sent()


def test_who_sends_plain_words_does_not_wait_for_what_the_box_alone_shows(case, desk) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert act(desk, page_of(case), "reply", words="We come", way="email").status_code == 303
    read = " ".join(one["sql"] for one in asked.captured_queries)
    assert "enquiries_enquiryevent" in read
    assert "kb_article" not in read
    assert "kb_cannedtext" not in read


def test_a_note_is_for_exactly_its_readers(world, case, desk, officer) -> None:
    for seen_by in ("us", "shared", "public"):
        words = f"Said to {seen_by}"
        assert act(desk, page_of(case), "note", words=words, seen_by=seen_by).status_code == 303
    events = EnquiryEvent.objects.filter(enquiry=case).order_by("sequence")
    theirs = " ".join(line.words for line in story.lines(events, officer))
    assert "Said to shared" in theirs
    assert "Said to public" in theirs
    assert "Said to us" not in theirs
    assert [one.body.count("Said to public") for one in sent()] == [1]
    ours = text(desk.get(page_of(case)))
    assert "Partners too" in ours
    odd = act(desk, page_of(case), "note", words="x", seen_by="nobody")
    assert odd.status_code == 422
