"""A case's referrals as the hub reads them: how each stands, taken back, sent on as suggested."""

from __future__ import annotations

import pytest
from django.utils import timezone

from enquiries.actions import referrals
from enquiries.lifecycle import RejectReason
from enquiries.models import Enquiry, EnquiryEvent, Referral
from tests.desk.steps import new_key, text
from tests.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(world) -> Referral:
    ask(at=timezone.now())
    return Referral.objects.get()


def _case(referral: Referral) -> str:
    return f"/desk/cases/{referral.enquiry.reference}/"


def _send(client, referral: Referral, act: str, **data: str):
    address = f"{_case(referral)}referrals/{referral.public_id}/{act}/"
    return client.post(address, {"key": new_key(), **data})


def _rejected(world, referral: Referral, suggested: str = "worcester-city") -> None:
    referrals.reject(
        public_id=referral.public_id,
        viewer=world.viewer(world.officer),
        reason=RejectReason.OTHER_AREA,
        words="The house lies beyond the brook",
        suggested=suggested,
        now=timezone.now(),
    )


def test_an_offer_shows_its_clock_and_who_may_answer_it(world, referral, client_for):
    page = text(client_for(world.agent).get(_case(referral)))
    assert "To answer:" in page
    assert "working hours left" in page
    assert "Withdraw the offer" in page


def test_what_they_accepted_is_no_offer_any_more(world, referral, client_for):
    mine = world.viewer(world.officer)
    referrals.accept(public_id=referral.public_id, viewer=mine, now=timezone.now())
    page = text(client_for(world.agent).get(_case(referral)))
    assert "Withdraw the offer" not in page
    assert "Take it back<" in page


def test_an_offer_is_withdrawn_with_the_reason_that_they_read(world, referral, client_for):
    client = client_for(world.agent)
    bare = _send(client, referral, "withdraw", words="")
    assert "Write why it is taken back" in text(bare)
    answer = _send(client, referral, "withdraw", words="The citizen found the bin emptied")
    assert answer.status_code == 303
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    theirs = text(client_for(world.officer).get(f"/desk/referrals/{referral.public_id}/"))
    assert "The citizen found the bin emptied" in theirs


def test_a_withdrawal_that_came_too_late_keeps_its_words(world, referral, client_for):
    _rejected(world, referral)
    page = text(_send(client_for(world.agent), referral, "withdraw", words="Sent by mistake"))
    assert "This referral is rejected already, by Owen Officer" in page
    assert "Sent by mistake" in page


def test_a_case_goes_where_they_suggest_with_their_words(world, referral, client_for):
    client = client_for(world.agent)
    _rejected(world, referral)
    page = text(client.get(_case(referral)))
    assert "It is outside our area" in page
    assert "Names Worcester City Council" in page
    assert "Send to Worcester City Council as Wychavon suggests" in page
    assert _send(client, referral, "send").status_code == 303
    newest = Referral.objects.get(organisation__slug="worcester-city")
    assert newest.status == "offered"
    assert "The house lies beyond the brook" in newest.reason
    assert "Send to Worcester City Council" not in text(client.get(_case(referral)))


def test_the_same_press_sends_once(world, referral, client_for):
    _rejected(world, referral)
    client, key = client_for(world.agent), new_key()
    address = f"{_case(referral)}referrals/{referral.public_id}/send/"
    for _ in range(2):
        assert client.post(address, {"key": key}).status_code == 303
    assert Referral.objects.filter(organisation__slug="worcester-city").count() == 1
    assert EnquiryEvent.objects.filter(type="enquiry.referred").count() == 2


def test_nobody_sends_where_nobody_was_suggested(world, referral, client_for):
    client = client_for(world.agent)
    _rejected(world, referral, suggested="")
    assert "as Wychavon suggests" not in text(client.get(_case(referral)))
    assert "They suggest nobody" in text(_send(client, referral, "send"))


def test_a_referral_of_another_case_and_other_eyes_read_as_not_there(world, referral, client_for):
    ask(at=timezone.now())
    other = Referral.objects.exclude(pk=referral.pk).get()
    wrong = f"{_case(referral)}referrals/{other.public_id}/withdraw/"
    agent = client_for(world.agent)
    assert agent.post(wrong, {"key": new_key(), "words": "x"}).status_code == 404
    assert agent.post(f"{_case(referral)}referrals/{referral.public_id}/burn/").status_code == 404
    for user in (world.officer, world.outsider):
        assert _send(client_for(user), referral, "withdraw", words="x").status_code == 404
    referral.refresh_from_db()
    assert referral.status == "offered"
    assert Enquiry.objects.filter(status="referred").count() == 2


def test_who_reloads_the_address_of_the_form_comes_to_the_case(world, referral, client_for):
    address = f"{_case(referral)}referrals/{referral.public_id}/withdraw/"
    answer = client_for(world.agent).get(address)
    assert (answer.status_code, answer["Location"]) == (302, _case(referral))
