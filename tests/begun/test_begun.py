"""Forms that were begun: kept by the server, opened elsewhere with a code, sent once, counted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enquiries import leaving
from enquiries.actions import begun as acts
from enquiries.models import BegunForm, Contact, Enquiry, EnquiryEvent
from enquiries.queries import begun as reading
from tests import forms_of, not_ours
from tests.begun.steps import (
    START,
    Clock,
    begin,
    clock,
    code_of,
    judged,
)
from tests.kiosk.conftest import enrolled, site
from tests.web.conftest import EVESHAM, Visitor, _loaded, partnership, visitor

__all__ = ["_loaded", "clock", "enrolled", "partnership", "site", "visitor"]


# -- kept ----------------------------------------------------------------------------------------


def test_answers_are_kept_sealed_and_nobody_reads_them_in_the_database(visitor: Visitor) -> None:
    begin(visitor)
    row = BegunForm.objects.get()
    assert (row.last_question, row.channel, row.sent_at) == ("description", "web", None)
    assert "mattress" not in row.sealed
    found = reading.by_key(row.key)
    assert isinstance(found, reading.Begun)
    assert found.need["description"] == "A mattress"


def test_a_browser_that_lost_its_session_goes_on_with_what_the_server_has(
    visitor: Visitor,
) -> None:
    visitor.start("fly-tipping")
    old = visitor.carry
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    visitor.client, visitor.carry = Client(), old  # an old page, and no cookie
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert visitor.at.endswith("/check/")
    assert "A mattress" in visitor.text


def test_the_id_of_a_form_alone_opens_nothing(visitor: Visitor) -> None:
    begin(visitor)
    assert Client().get(visitor.at).status_code == 404


def test_a_step_of_a_form_is_eight_statements_at_most(visitor: Visitor) -> None:
    visitor.start("pothole")
    with CaptureQueriesContext(connection) as context:
        answer = visitor.client.post(visitor.at, {"carry": visitor.carry, "answer": "local"})
    assert answer["Location"].endswith("/q/place/")
    # A savepoint stands for what is a transaction outside of tests.
    said = [one["sql"] for one in context.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(said) <= 8, said


def test_what_was_sent_leaves_no_answers_behind(visitor: Visitor) -> None:
    visitor.to_check()
    visitor.answer()
    row = BegunForm.objects.get()
    assert (row.sealed, row.code_hash, row.enquiry) == ("", "", Enquiry.objects.get())
    assert acts.sweep(now=row.expires_at) == 1


# -- opened elsewhere ----------------------------------------------------------------------------


def test_a_code_opens_the_form_in_another_browser_at_the_first_open_question(
    visitor: Visitor,
) -> None:
    begin(visitor)
    code = code_of(visitor)
    other = Visitor()
    other.go(other.client.post("/ask/return/", {"code": f" {code.lower().replace('-', ' ')} "}))
    assert other.at.endswith("/q/you/")
    other.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert "A mattress" in other.text
    other.answer()
    assert other.at.endswith("/sent/")
    # The first browser learns of it, and sends nothing a second time.
    visitor.answer(tell_by="email", email="else@example.com", name="Jo Else")
    assert visitor.at.endswith("/sent/?again=1")
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize("typed", ["K3MPX-7WD4R", "x", "\x00", "🏠", "K3MPX7WD4R" * 9, ""])
def test_a_code_that_opens_nothing_gets_one_answer(visitor: Visitor, typed: str) -> None:
    begin(visitor)
    page = visitor.client.post("/ask/return/", {"code": typed})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


def test_a_code_is_over_after_seven_days_when_it_was_sent_and_when_another_was_given(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    first, second = code_of(visitor), code_of(visitor)
    assert reading.by_code(first, now=clock.now) is None
    assert reading.by_code(second, now=clock.now) is not None
    assert reading.by_code(second, now=clock.now + timedelta(days=7)) is None
    assert acts.sweep(now=clock.now + timedelta(days=7)) == 1


def test_codes_cannot_be_guessed_one_after_another(visitor: Visitor) -> None:
    begin(visitor)
    for _ in range(10):
        visitor.client.post("/ask/return/", {"code": "K3MPX-7WD4R"})
    assert visitor.client.post("/ask/return/", {"code": "K3MPX-7WD4R"}).status_code == 429


def test_two_who_answer_one_question_both_read_what_the_other_said(visitor: Visitor) -> None:
    begin(visitor)
    code = code_of(visitor)
    other = Visitor()
    other.go(other.client.post("/ask/return/", {"code": code}))
    other.at = re.sub(r"q/you/$", "q/description/", other.at)
    other.answer(description="A mattress and a chair")
    page = re.sub(r"q/you/$", "q/description/", visitor.at)
    shown = visitor.client.post(page, {"description": "Only a mattress"}).content.decode()
    assert "Someone has answered this at another place meanwhile" in shown
    assert "A mattress and a chair" in shown
    assert "Only a mattress" in shown
    again = visitor.client.post(page, {"description": "Only a mattress"})
    assert again.status_code == 302
    found = reading.by_code(code, now=START)
    assert found is not None
    assert found.need["description"] == "Only a mattress"


def test_who_is_refused_first_still_reads_what_the_other_said(visitor: Visitor) -> None:
    begin(visitor)
    code = code_of(visitor)
    other = Visitor()
    other.go(other.client.post("/ask/return/", {"code": code}))
    other.at = re.sub(r"q/you/$", "q/description/", other.at)
    other.answer(description="A mattress and a chair")
    page = re.sub(r"q/you/$", "q/description/", visitor.at)
    shown = visitor.client.post(page, {"description": ""}).content.decode()
    assert "There is a problem" in shown
    assert "A mattress and a chair" in shown
    assert visitor.client.post(page, {"description": "Only a mattress"}).status_code == 302


def test_an_answer_whose_page_was_lost_on_its_way_is_sent_again_and_goes_on(
    visitor: Visitor,
) -> None:
    visitor.start("fly-tipping")
    page, before = visitor.at, dict(visitor.client.session)
    said = {"postcode": EVESHAM, "address": "By the bridge"}
    first = visitor.client.post(page, said)
    # The server kept it, and the browser never heard: its session is as it was.
    session = visitor.client.session
    session.clear()
    session.update(before)
    session.save()
    again = visitor.client.post(page, said)
    assert (again.status_code, again["Location"]) == (302, first["Location"])


# -- the figures ---------------------------------------------------------------------------------


def test_what_is_left_for_a_day_is_one_enquiry_that_failed_and_nobodys_work(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert leaving.count_due(now=clock.on(hours=23)) == 0
    assert leaving.count_due(now=clock.on(hours=2)) == 1
    assert leaving.count_due(now=clock.now) == 0  # killed and run again
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.outcome) == ("resolved", "unanswered")
    assert (enquiry.person, enquiry.postcode, enquiry.address) == (None, "", "")
    assert "mattress" not in enquiry.description
    event = EnquiryEvent.objects.get(enquiry=enquiry, type="enquiry.abandoned")
    assert (event.data["stage"], event.data["last_question"]) == ("online", "you")
    contact = Contact.objects.get()
    assert contact.address_hash
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason, one.verdict.owner) == (
        "failure",
        "abandoned_online",
        "system",
    )


@pytest.mark.parametrize("gets", ["place", "check"])
def test_who_reads_whose_it_is_and_leaves_was_not_failed_by_us(
    visitor: Visitor, clock: Clock, gets: str
) -> None:
    forms_of.publish("fly-tipping")
    not_ours.give_away("fly-tipping")
    visitor.start("fly-tipping")
    visitor.answer(answer="motorway")
    assert not_ours.HAND_OFF in visitor.text
    if gets == "check":
        visitor.answer(postcode=EVESHAM, address="By the bridge")
        visitor.answer(description="A mattress")
        visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
        assert visitor.at.endswith("/check/")
        assert not_ours.HAND_OFF in visitor.text
    assert leaving.count_due(now=clock.on(hours=23)) == 0
    assert leaving.count_due(now=clock.on(hours=2)) == 1
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.person, enquiry.address) == ("signposted", None, "")
    assert not_ours.PHONE in enquiry.public_words
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason) == ("excluded", "out_of_partnership")


def test_an_answer_that_is_ours_is_still_ours_to_lose(visitor: Visitor, clock: Clock) -> None:
    forms_of.publish("fly-tipping")
    not_ours.give_away("fly-tipping")
    visitor.start("fly-tipping")
    visitor.answer(answer="local")
    assert leaving.count_due(now=clock.on(hours=25)) == 1
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason) == ("failure", "abandoned_online")


def test_resumed_on_the_web_within_a_day_it_is_one_contact_that_can_succeed(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    clock.on(hours=20)
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert visitor.at.endswith("/sent/")
    contact = Contact.objects.get()
    assert (contact.started_at, contact.ended_at) == (START, clock.now)
    assert leaving.count_due(now=clock.on(days=2)) == 0
    assert Enquiry.objects.count() == 1


def test_sent_after_it_was_counted_it_is_the_same_need_come_back(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    leaving.count_due(now=clock.on(hours=25))
    clock.on(hours=1)
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert visitor.at.endswith("/sent/")
    left, sent = Enquiry.objects.order_by("pk")
    found = judged()
    assert found[sent.reference].verdict.reason == "same_need"
    assert found[left.reference].verdict.reason == "abandoned_online"
