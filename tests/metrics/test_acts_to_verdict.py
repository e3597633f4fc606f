"""What staff say by a tick or a button on a page, up to the verdict that it makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from enquiries.inbound import Sender
from enquiries.models import Enquiry, EnquiryEvent, Referral
from metrics import projection
from metrics.models import EnquiryFact
from teamwork import macro_run
from teamwork.models import Macro
from tests.desk.steps import act, new_key, open_contact, raise_one
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)

Asks = Callable[[World, Callable[..., Client], Enquiry, bool], None]
Verdict = tuple[str, str]
LIKE_THAT = {"words": "Which of the two bins was it?"}
TICKED = {"unforeseeable": "on"}


def verdict(case: Enquiry) -> Verdict:
    """The verdict when its window has closed, and the reason of a failure."""
    projection.refresh(now=timezone.now() + timedelta(days=40))
    fact = EnquiryFact.objects.get(pk=case.pk)
    return fact.verdict, fact.reason


def completed(client: Client, case: Enquiry) -> None:
    page = f"/desk/referrals/{Referral.objects.get(enquiry=case).public_id}/"
    act(client, page, "accept")
    act(client, page, "complete", outcome="completed", words="Emptied this morning")
    case.refresh_from_db()
    assert case.status == "resolved"


def by_partner(
    world: World, client_for: Callable[..., Client], case: Enquiry, ticked: bool
) -> None:
    client = client_for(world.officer)
    page = f"/desk/referrals/{Referral.objects.get(enquiry=case).public_id}/"
    act(client, page, "accept")
    assert "We could not have asked this at the start" in client.get(page).content.decode()
    act(client, page, "ask", **LIKE_THAT, **(TICKED if ticked else {}))


def by_hub(world: World, client_for: Callable[..., Client], case: Enquiry, ticked: bool) -> None:
    client = client_for(world.agent)
    page = f"/desk/cases/{case.reference}/"
    assert "We could not have asked this" in client.get(f"{page}?act=ask").content.decode()
    act(client, page, "ask", **LIKE_THAT, **(TICKED if ticked else {}))


def by_macro(world: World, client_for: Callable[..., Client], case: Enquiry, ticked: bool) -> None:
    client = client_for(world.administrator)
    said = {"key": new_key(), "ask_words": LIKE_THAT["words"], "name": "Which bin?", "seen": "0"}
    said |= {"ask_unforeseeable": "on"} if ticked else {}
    assert client.post("/desk/macros/new/", said).status_code == 303
    macro = Macro.objects.get()
    who = world.viewer(world.agent)
    macro_run.run(viewer=who, reference=case.reference, macro=macro, now=timezone.now())


@pytest.mark.parametrize(
    ("asks", "ticked", "becomes"),
    [
        (by_partner, True, ("success", "")),
        (by_partner, False, ("failure", "insufficient_capture")),
        (by_hub, True, ("success", "")),
        (by_macro, True, ("success", "")),
    ],
)
def test_a_question_that_nobody_could_have_asked_before_leaves_once_enough(
    world: World, client_for: Callable[..., Client], asks: Asks, ticked: bool, becomes: Verdict
) -> None:
    case = enquiry_of(ask(at=timezone.now()))
    asks(world, client_for, case, ticked)
    line = EnquiryEvent.objects.get(enquiry=case, type="enquiry.info_requested")
    assert line.data.get("unforeseeable", False) is ticked
    completed(client_for(world.officer), case)
    assert verdict(case) == becomes


@pytest.mark.parametrize(
    ("outcome", "becomes"),
    [
        ("answered", ("success", "")),
        ("sent_away", ("failure", "signposting_or_transfer")),
    ],
)
def test_who_was_told_to_ring_somewhere_else_made_a_second_stop(
    world: World, client_for: Callable[..., Client], outcome: str, becomes: Verdict
) -> None:
    client = client_for(world.agent)
    contact = open_contact(client)
    assert "Told to ring, visit or fill in something else" in client.get(contact).content.decode()
    raise_one(client, contact, how="answer", service="council-tax-bill", answer="By direct debit")
    case = Enquiry.objects.get()
    assert case.status == "resolved"
    assert client.post(f"{contact}wrap-up/", {"outcome": outcome}).status_code == 303
    assert verdict(case) == becomes


@pytest.mark.parametrize("way", ["email", "sms"])
@pytest.mark.parametrize(("ticked", "reason"), [(True, "signposting_or_transfer"), (False, "")])
def test_words_that_send_to_another_door_are_a_second_stop(
    world: World, client_for: Callable[..., Client], *, way: str, ticked: bool, reason: str
) -> None:
    sender = Sender(name="Sam", email="sam@example.com", phone="+447700900123")
    case = enquiry_of(ask(at=timezone.now(), sender=sender))
    client, page = client_for(world.agent), f"/desk/cases/{case.reference}/"
    assert "send them to another door" in client.get(f"{page}?act=reply").content.decode()
    words = {"words": "Ring the tip on 01905 000000", "way": way}
    told = {**words, **({"sends_away": "on"} if ticked else {})}
    assert act(client, page, "reply", **told).status_code == 303
    lines = EnquiryEvent.objects.filter(enquiry=case, type="enquiry.told_to_contact")
    assert lines.exists() is ticked
    completed(client_for(world.officer), case)
    assert verdict(case)[1] == reason


def test_a_partner_who_tells_the_citizen_to_go_elsewhere_says_so_once(
    world: World, client_for: Callable[..., Client]
) -> None:
    case = enquiry_of(ask(at=timezone.now()))
    client = client_for(world.officer)
    page = f"/desk/referrals/{Referral.objects.get(enquiry=case).public_id}/"
    assert "send them to another door" in client.get(page).content.decode()
    lines = EnquiryEvent.objects.filter(enquiry=case, type="enquiry.told_to_contact")
    told = {"words": "Fill in the tip’s own form", "sends_away": "on"}
    act(client, page, "note", seen_by="hub", **told)
    assert not lines.exists()  # who reads it is a colleague
    for _ in range(2):
        act(client, page, "note", seen_by="public", **told)
    assert lines.count() == 1
    completed(client, case)
    assert verdict(case) == ("failure", "signposting_or_transfer")


def test_of_a_call_in_which_nobody_spoke_nothing_is_counted(
    world: World, client_for: Callable[..., Client]
) -> None:
    client = client_for(world.agent)
    contact = open_contact(client)
    raise_one(client, contact, service="", postcode="")
    case = Enquiry.objects.get()
    client.post(f"{contact}wrap-up/", {"outcome": "nothing"})
    assert verdict(case) == ("excluded", "abandoned")


def test_a_test_of_ours_counts_nowhere_until_it_is_none_after_all(
    world: World, client_for: Callable[..., Client]
) -> None:
    client, case = client_for(world.agent), enquiry_of(ask(at=timezone.now()))
    page = f"/desk/cases/{case.reference}/"
    assert "A test of ours" in client.get(f"{page}?act=test").content.decode()
    assert act(client, page, "test", so="test").status_code == 422  # without a reason
    for _ in range(2):
        act(client, page, "test", so="test", words="To try the new form")
    assert EnquiryEvent.objects.filter(enquiry=case, type="enquiry.test").count() == 1
    assert "To try the new form" in client.get(page).content.decode()
    assert verdict(case) == ("excluded", "test")

    act(client, page, "test", so="citizen", words="Somebody means it")
    completed(client_for(world.officer), case)
    assert verdict(case) == ("success", "")
