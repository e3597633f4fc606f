"""The same answer to several referrals of one cause: chosen, looked at again, done, told."""

from __future__ import annotations

import re
import uuid

import pytest
from django.utils import timezone

from enquiries.actions import referral_bulk, referrals
from enquiries.lifecycle import Outcome
from enquiries.models import EnquiryEvent, Referral
from notifications.models import Notification
from tests.desk.steps import act, new_key, text
from tests.desk.test_partner_list import colleague as colleague
from tests.world import ask, build

# Each is answered in a transaction of its own, as in life.
pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = "/desk/referrals/together/"


@pytest.fixture
def world(transactional_db):
    return build()


@pytest.fixture
def three(world) -> list[Referral]:
    for number in range(3):
        ask(words=f"Flooded road, number {number}", at=timezone.now())
    return list(Referral.objects.order_by("pk"))


def ids(rows: list[Referral]) -> list[str]:
    return [str(row.public_id) for row in rows]


def do(client, name: str, rows: list[Referral], key: str = "", **data: object):
    chosen = {"key": key or new_key(), "chosen": ids(rows), "listed": ids(rows)}
    return client.post(f"{TOGETHER}{name}/", {**chosen, **data})


def statuses() -> list[str]:
    return list(Referral.objects.order_by("pk").values_list("status", flat=True))


def test_those_chosen_are_shown_once_more_before_anything_happens(world, three, client_for):
    client = client_for(world.officer)
    page = text(client.post(TOGETHER, {"do": "accept", "chosen": ids(three[:2])}))
    assert "Accept 2 referrals" in page
    assert "Flooded road, number 0" in page
    assert "Flooded road, number 2" not in page
    assert page.count("checked>") == 2
    assert statuses() == ["offered"] * 3


def test_three_are_accepted_together_and_the_page_says_so(world, three, client_for):
    client = client_for(world.officer)
    answer = do(client, "accept", three)
    assert answer.status_code == 303
    page = text(client.get(answer["Location"]))
    assert "3 referrals accepted" in page
    assert all(row.enquiry.reference in page for row in three)
    assert statuses() == ["accepted"] * 3
    told = Notification.objects.filter(event="accepted").count()
    assert told == 3


def test_one_that_a_colleague_had_is_named_with_why_and_the_others_are_done(
    world, colleague, three, client_for
):
    now = timezone.now()
    referrals.accept(public_id=three[1].public_id, viewer=world.viewer(colleague), now=now)
    client = client_for(world.officer)
    page = text(client.get(do(client, "accept", three)["Location"]))
    assert "2 of 3 referrals accepted" in page
    assert "1 not accepted" in page
    assert "Cara Colleague has accepted this already" in page
    mine = [row.assignee_id for row in Referral.objects.order_by("pk")]
    assert mine == [world.officer.pk, colleague.pk, world.officer.pk]


def test_one_answer_completes_all_and_each_citizen_reads_it(world, three, client_for):
    client = client_for(world.officer)
    do(client, "accept", three)
    bare = text(do(client, "complete", three, outcome="completed", words=""))
    assert "Write what the citizen will read" in bare
    assert bare.count("checked>") == 3
    assert 'value="completed" checked' in bare
    do(client, "complete", three, outcome="completed", words="The road is dry again")
    assert statuses() == ["completed"] * 3
    told = Notification.objects.filter(event="resolved", body__contains="dry again")
    assert told.count() == 3


def test_a_no_to_all_has_its_next_step(world, three, client_for):
    client = client_for(world.officer)
    do(client, "accept", three)
    data = {"outcome": "decided_no", "words": "It is a private road"}
    assert "Write what they can do next" in text(do(client, "complete", three, **data))
    do(client, "complete", three, **data, next_step="Ask the owner")
    words = set(Referral.objects.values_list("public_words", flat=True))
    assert words == {"It is a private road\n\nWhat you can do next: Ask the owner"}


def test_a_note_to_all_is_never_for_citizens_and_a_reply_is(world, three, client_for):
    client = client_for(world.officer)
    do(client, "accept", three)
    page = text(client.post(TOGETHER, {"do": "note", "chosen": ids(three)}))
    assert 'value="public"' not in page
    assert ">Time left<" in page  # some wait for an answer, some for the work
    assert "There is a problem" in text(do(client, "note", three, seen_by="public", words="x"))
    do(client, "note", three, seen_by="us", words="Two pumps")
    do(client, "reply", three, words="We pump until tonight")
    assert EnquiryEvent.objects.filter(type="enquiry.noted").count() == 3
    replies = Notification.objects.filter(event="replied")
    assert [("pump until" in row.body, "Two pumps" in row.body) for row in replies] == [
        (True, False)
    ] * 3


def test_the_same_press_twice_is_one(world, three, client_for):
    client, key = client_for(world.officer), new_key()
    do(client, "accept", three)
    pages = [
        text(client.get(do(client, "reply", three, key=key, words="Soon")["Location"]))
        for _ in range(2)
    ]
    assert EnquiryEvent.objects.filter(type="enquiry.replied").count() == 3
    assert all("3 referrals replied to" in page for page in pages)


def test_nothing_chosen_says_so_and_nothing_happens(world, three, client_for):
    client = client_for(world.officer)
    page = text(client.post(f"{TOGETHER}?tab=offered", {"do": "accept"}))
    assert "Choose at least one referral" in page
    assert "Referrals to Wychavon" in page
    later = text(do(client, "accept", [], listed=ids(three)))
    assert "Choose at least one referral" in later
    assert "Flooded road, number 1" in later
    assert statuses() == ["offered"] * 3


def test_those_of_others_are_as_if_they_were_not_there(world, three, client_for):
    ask(words="A secret of the city", postcode="WR1 3EZ", at=timezone.now())
    theirs = Referral.objects.exclude(pk__in=[row.pk for row in three]).get()
    client = client_for(world.officer)
    listed = [*ids(three), str(theirs.public_id), str(uuid.uuid4()), "nonsense"]
    page = text(client.post(TOGETHER, {"do": "accept", "chosen": listed}))
    assert "Accept 3 referrals" in page
    assert str(theirs.public_id) not in page
    answer = client.post(
        f"{TOGETHER}accept/", {"key": new_key(), "chosen": listed, "listed": listed}
    )
    after = text(client.get(answer["Location"]))
    assert "3 referrals accepted" in after
    assert "secret of the city" not in after
    assert theirs.enquiry.reference not in after
    theirs.refresh_from_db()
    assert theirs.status == "offered"


def test_too_many_at_once_is_said_with_the_limit(world, three, client_for, monkeypatch):
    monkeypatch.setattr(referral_bulk, "MOST", 2)
    page = text(do(client_for(world.officer), "accept", three))
    assert "Choose 2 or fewer at once" in page
    assert statuses() == ["offered"] * 3


def test_more_than_a_hundred_wait_for_another_time(world, three, client_for):
    listed = [*ids(three), *(str(uuid.uuid4()) for _ in range(98))]
    page = text(client_for(world.officer).post(TOGETHER, {"do": "accept", "chosen": listed}))
    assert "No more than 100 at once" in page


def test_what_came_of_it_is_shown_to_nobody_else(world, colleague, three, client_for):
    client = client_for(world.officer)
    where = do(client, "accept", three)["Location"]
    assert client.get(where).status_code == 200
    for user in (colleague, world.outsider, world.agent):
        assert client_for(user).get(where).status_code == 404


def test_unknown_acts_and_reloads(world, three, client_for):
    client = client_for(world.officer)
    assert client.post(TOGETHER, {"do": "burn", "chosen": ids(three)}).status_code == 404
    assert do(client, "burn", three).status_code == 404
    assert client.get(TOGETHER)["Location"] == "/desk/referrals/"
    assert client.get(f"{TOGETHER}accept/")["Location"] == TOGETHER


def test_the_suggestion_of_one_cause_leads_here(world, three, client_for):
    client = client_for(world.officer)
    page = text(client.get(f"/desk/referrals/{three[0].public_id}/"))
    sent = re.findall(r'name="chosen"[^>]*value="([0-9a-f-]{36})"', page)
    assert set(sent) == set(ids(three))
    act(client, f"/desk/referrals/{three[2].public_id}/", "accept")
    done = Outcome.COMPLETED
    referrals.complete(
        public_id=three[2].public_id,
        viewer=world.viewer(world.officer),
        outcome=done,
        words="Dry",
        now=timezone.now(),
    )
    page = text(client.get(f"/desk/referrals/{three[0].public_id}/"))
    assert str(three[2].public_id) not in page
