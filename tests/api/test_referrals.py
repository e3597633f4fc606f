"""Referrals: read and answered by the organisation they were offered to, and by nobody else."""

from __future__ import annotations

import uuid

import pytest

from core.models import AuditEvent
from enquiries.models import EnquiryEvent, Referral
from notifications.models import Notification
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db
ACTIONS = {
    "accept": None,
    "ask": {"question": "Which bin?"},
    "reject": {"words": "Not our lane"},
    "return": {"words": "Which lane?"},
    "note": {"words": "The crew is out on Thursday", "seen_by": "hub"},
    "complete": {"outcome": "completed", "words": "Emptied this morning"},
}


@pytest.fixture
def offered(world) -> str:
    return str(Referral.objects.get(enquiry=enquiry_of(ask())).public_id)


@pytest.fixture
def partner(system, offered):
    return system("wychavon")


def test_the_list_holds_own_referrals_with_what_was_said_and_where(partner, offered, system):
    body = partner.get("referrals/", status="offered").json()
    assert [row["id"] for row in body["results"]] == [offered]
    row = body["results"][0]
    assert row["enquiry"]["description"] == "My bin was not emptied on Monday"
    assert row["enquiry"]["place"]["postcode"] == "WR11 3DA"
    assert "person" not in row
    assert body["next"] is None
    assert partner.get("referrals/", status="completed").json()["results"] == []
    assert system("worcester-city").get("referrals/").json()["results"] == []


def test_one_referral_says_who_asked_and_that_it_was_read_is_audited(partner, offered):
    assert partner.get(f"referrals/{offered}/").json()["person"] is None
    assert not AuditEvent.objects.filter(action="referral.read").exists()

    body = partner.post(f"referrals/{offered}/accept/").json()
    assert body["person"]["name"] == "Jo Bloggs"
    assert body["person"]["emails"] == ["jo@example.com"]
    line = AuditEvent.objects.get(action="referral.read")
    assert line.target == f"referral:{offered}"
    assert line.actor_kind == "api"


def test_pages_follow_one_another_without_gap_or_repeat(partner, world):
    for _ in range(4):
        ask()
    everything = [row["id"] for row in partner.get("referrals/").json()["results"]]
    seen: list[str] = []
    address: str | None = "/api/v1/referrals/?limit=2"
    while address:
        page = partner.client.get(address.removeprefix("http://localhost:8000")).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"] and "/api/" + page["next"].partition("/api/")[2]
    assert seen == everything
    assert len(seen) == 5


def test_accepting_then_completing_tells_the_citizen_once_each(partner, offered):
    for _ in range(2):
        assert partner.post(f"referrals/{offered}/accept/").json()["status"] == "accepted"
    for _ in range(2):
        answer = partner.post(f"referrals/{offered}/complete/", ACTIONS["complete"])
        assert answer.status_code == 200
        assert answer.json()["status"] == "completed"
        assert answer.json()["enquiry"]["status"] == "resolved"
    told = list(Notification.objects.values_list("event", flat=True))
    assert told.count("accepted") == 1
    assert told.count("resolved") == 1


def test_the_same_question_is_asked_once(partner, offered):
    partner.post(f"referrals/{offered}/accept/")
    for _ in range(2):
        answer = partner.post(f"referrals/{offered}/ask/", ACTIONS["ask"])
        assert answer.json()["enquiry"]["status"] == "waiting"
    assert EnquiryEvent.objects.filter(type="enquiry.info_requested").count() == 1
    partner.post(f"referrals/{offered}/ask/", {"question": "And which day?"})
    assert EnquiryEvent.objects.filter(type="enquiry.info_requested").count() == 2


@pytest.mark.parametrize(("action", "becomes"), [("reject", "rejected"), ("return", "returned")])
def test_giving_it_back_twice_alike_changes_nothing_and_otherwise_is_refused(
    partner, offered, action, becomes
):
    for _ in range(2):
        answer = partner.post(f"referrals/{offered}/{action}/", ACTIONS[action])
        assert answer.status_code == 200
        assert answer.json()["status"] == becomes
        assert answer.json()["enquiry"]["status"] == "open"
    other = partner.post(f"referrals/{offered}/{action}/", {"words": "For another reason"})
    assert other.status_code == 409
    assert other.json()["code"] == "referral_already_answered"


@pytest.mark.parametrize("action", ["accept", "ask", "complete", "note", "return"])
def test_what_was_rejected_cannot_be_answered_in_another_way(partner, offered, action):
    partner.post(f"referrals/{offered}/reject/", ACTIONS["reject"])
    answer = partner.post(f"referrals/{offered}/{action}/", ACTIONS[action])
    assert answer.status_code == 409
    assert answer.json()["code"] == "referral_already_answered"


def test_work_is_accepted_before_it_is_completed(partner, offered):
    answer = partner.post(f"referrals/{offered}/complete/", ACTIONS["complete"])
    assert answer.status_code == 409
    assert answer.json()["code"] == "not_in_this_state"


@pytest.mark.parametrize("action", ["", *(f"{name}/" for name in ACTIONS)])
def test_a_foreign_referral_is_answered_exactly_like_one_that_does_not_exist(
    system, offered, action
):
    stranger = system("worcester-city")
    call = stranger.post if action else stranger.get
    sent = ACTIONS.get(action.rstrip("/"))
    args = (sent,) if action else ()
    foreign = call(f"referrals/{offered}/{action}", *args)
    unknown = call(f"referrals/{uuid.uuid4()}/{action}", *args)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    assert Referral.objects.get().status == "offered"


def test_an_action_answers_to_post_alone(partner, offered):
    answer = partner.get(f"referrals/{offered}/accept/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert answer.json()["code"] == "method_not_allowed"


def test_a_rejection_says_why_and_whose_it_is(partner, offered):
    sent = {"reason": "other_area", "words": "Over the border", "suggested": "worcester-city"}
    for _ in range(2):
        body = partner.post(f"referrals/{offered}/reject/", sent).json()
        assert (body["rejected_because"], body["answer"]) == ("other_area", "Over the border")
        assert body["suggested"] == {"slug": "worcester-city", "name": "Worcester City Council"}
    assert EnquiryEvent.objects.filter(type="enquiry.rejected").count() == 1


def test_words_alone_are_a_rejection_for_another_reason_as_they_always_were(partner, offered):
    body = partner.post(f"referrals/{offered}/reject/", {"words": "Not our lane"}).json()
    assert (body["rejected_because"], body["suggested"]) == ("other", None)


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"words": "No", "reason": "no_fun"}, "invalid", "reason"),
        ({"words": "No", "suggested": "nobody"}, "suggested_unknown", "suggested"),
        ({"words": "No", "suggested": "wychavon"}, "suggested_unknown", "suggested"),
        ({"words": "No", "suggested": "hub"}, "suggested_unknown", "suggested"),
        ({"reason": "other_body"}, "invalid", "words"),
    ],
)
def test_a_rejection_that_cannot_be_used_names_the_field(partner, offered, sent, code, field):
    answer = partner.post(f"referrals/{offered}/reject/", sent)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert list(answer.json()["errors"]) == [field]
    assert Referral.objects.get().status == "offered"


@pytest.mark.parametrize(
    "sent",
    [
        {"question": "Which lane?"},
        {"words": "Which lane?"},
        {"question": "Which lane?", "words": "There are two"},
    ],
)
def test_a_return_names_the_question(partner, offered, sent):
    body = partner.post(f"referrals/{offered}/return/", sent).json()
    assert (body["status"], body["answer"]) == ("returned", "Which lane?")
    line = EnquiryEvent.objects.get(type="enquiry.returned")
    assert line.data["question"] == "Which lane?"


def test_a_return_without_any_question_is_refused(partner, offered):
    answer = partner.post(f"referrals/{offered}/return/", {"words": " "})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["question"]


def test_a_note_is_kept_once_for_its_readers(partner, offered):
    for _ in range(2):
        assert partner.post(f"referrals/{offered}/note/", ACTIONS["note"]).status_code == 200
    line = EnquiryEvent.objects.get(type="enquiry.noted")
    assert line.data["seen_by"] == "hub"
    refused = partner.post(f"referrals/{offered}/note/", {"words": "x", "seen_by": "all"})
    assert refused.status_code == 422


def test_a_no_has_a_next_step_of_its_own(partner, offered):
    partner.post(f"referrals/{offered}/accept/")
    sent = {"outcome": "decided_no", "words": "Private land", "next_step": "Ask the owner"}
    body = partner.post(f"referrals/{offered}/complete/", sent).json()
    assert body["words"] == "Private land\n\nWhat you can do next: Ask the owner"
    line = EnquiryEvent.objects.get(type="enquiry.resolved")
    assert line.data["next_step"] == "Ask the owner"
