"""The page of an enquiry asks what we asked, and takes the answer once."""

from __future__ import annotations

import pytest
from django.test import Client

from enquiries.actions import referrals
from enquiries.models import ContactItem, Enquiry, Referral
from tests.journeys.steps import hidden_fields, words
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world: World) -> Enquiry:
    enquiry = enquiry_of(ask())
    officer = world.viewer(world.officer)
    referral = Referral.objects.get()
    referrals.accept(public_id=referral.public_id, viewer=officer, now=NOW)
    referrals.ask(public_id=referral.public_id, viewer=officer, question="Which side?", now=NOW)
    return enquiry


def page_of(enquiry: Enquiry) -> str:
    return f"/track/{enquiry.reference}/{enquiry.secret}/"


def test_an_answer_wakes_the_case_and_sending_it_twice_changes_nothing(
    waiting: Enquiry, client: Client
) -> None:
    page = client.get(page_of(waiting)).content.decode()
    assert "Which side?" in words(page)
    data = {**hidden_fields(page, "/track/"), "answer": "The left side"}
    for _twice in range(2):
        answer = client.post(page_of(waiting), data, follow=True)
        assert "We have your answer" in words(answer.content.decode())
    waiting.refresh_from_db()
    assert waiting.status == "in_progress"
    assert ContactItem.objects.filter(kind="reply_to_us").count() == 1
    told = words(client.get(page_of(waiting)).content.decode())
    assert "You answered our question" in told
    assert "You were in touch with us" not in told
    assert "taken on" not in told


@pytest.mark.parametrize(("said", "refusal"), [("", "Write your answer"), ("x" * 4001, "4,000")])
def test_no_answer_and_too_long_an_answer_say_what_to_do(
    waiting: Enquiry, client: Client, said: str, refusal: str
) -> None:
    page = client.get(page_of(waiting)).content.decode()
    answer = client.post(
        page_of(waiting), {**hidden_fields(page, "/track/"), "answer": said}
    ).content.decode()
    assert refusal in words(answer)
    assert said in answer
    assert "Error:" in answer


def test_a_wrong_secret_cannot_answer(waiting: Enquiry, client: Client) -> None:
    refused = client.post(f"/track/{waiting.reference}/wrong/", {"answer": "x"})
    assert refused.status_code == 404
    assert not ContactItem.objects.filter(kind="reply_to_us").exists()


def test_other_words_from_the_same_form_are_one_more_answer(
    waiting: Enquiry, client: Client
) -> None:
    page = client.get(page_of(waiting)).content.decode()
    data = hidden_fields(page, "/track/")
    for words_said in ("The left side", "Sorry, the right side", "Sorry, the right side"):
        answer = client.post(page_of(waiting), {**data, "answer": words_said}, follow=True)
        assert answer.status_code == 200
    said = ContactItem.objects.filter(kind="reply_to_us").order_by("pk")
    assert [item.words for item in said] == ["The left side", "Sorry, the right side"]


def test_an_answer_of_control_characters_is_refused_in_words(
    waiting: Enquiry, client: Client
) -> None:
    page = client.get(page_of(waiting)).content.decode()
    data = {**hidden_fields(page, "/track/"), "answer": "\x01\x02"}
    answer = client.post(page_of(waiting), data)
    assert answer.status_code == 200
    assert "Tell us what happened" in words(answer.content.decode())


def test_a_key_that_we_never_made_is_no_fault_of_ours(waiting: Enquiry, client: Client) -> None:
    for key in ("", "\x00", "1"):
        assert client.post(page_of(waiting), {"key": key, "answer": "So"}).status_code == 200
    assert not ContactItem.objects.filter(kind="reply_to_us").exists()
