"""What an officer does to a referral in place: once, with every word kept when it is refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, Team
from enquiries.inbound import Sender
from enquiries.models import Enquiry, EnquiryEvent, Referral
from notifications.models import Notification
from tests import forms_of
from tests.desk.steps import act, new_key, text
from tests.desk.test_partner_list import colleague as colleague
from tests.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(world) -> Referral:
    sender = Sender(name="Jo Bloggs", email="jo@example.com", phone="07700 900123")
    ask(sender=sender, at=timezone.now())
    return Referral.objects.get()


def address(referral: Referral) -> str:
    return f"/desk/referrals/{referral.public_id}/"


def acts(page: str) -> set[str]:
    """What the page offers to do, by the addresses of its forms."""
    return set(re.findall(r'action="/desk/referrals/[0-9a-f-]{36}/([a-z-]+)/"', page))


@pytest.fixture
def mine(world, referral, client_for):
    """The officer's client, with the referral accepted by them."""
    client = client_for(world.officer)
    act(client, address(referral), "accept")
    return client


def test_a_page_offers_exactly_what_may_be_done_now(world, referral, client_for):
    client, page = client_for(world.officer), address(referral)
    passing = {"reject", "give-back", "hand-over", "move-team"}
    assert acts(text(client.get(page))) == {"accept", "note", "attach"} | passing
    act(client, page, "accept")
    working = {"complete", "ask", "note", "attach", "put-back", "new-date"}
    assert acts(text(client.get(page))) == working | passing
    act(client, page, "put-back")
    assert acts(text(client.get(page))) == working - {"put-back"} | passing | {"take"}
    act(client, page, "take")
    act(client, page, "complete", outcome="completed", words="Done")
    assert acts(text(client.get(page))) == set()


def test_facts_come_first_with_answers_in_words_and_how_long_there_is(world, referral, client_for):
    bins = {"green": "The green one", "black": "The black one"}
    forms_of.add("missed-bin", forms_of.choice("colour", "Which bin was it?", **bins))
    Enquiry.objects.filter(pk=referral.enquiry_id).update(
        answers={"colour": "green", "old-key": "kept"}, address="1 High Street"
    )
    page = text(client_for(world.officer).get(address(referral)))
    assert "Which bin was it?" in page
    assert "The green one" in page
    assert "Old key" in page
    assert "1 High Street" in page
    assert "working hours left" in page
    assert "Nobody yet, Front desk" in page
    assert page.index("What was asked") < page.index("Pass it on")


def test_a_no_names_reason_and_suggestion_and_keeps_all_of_them_when_refused(
    world, referral, client_for
):
    client, page = client_for(world.officer), address(referral)
    bare = text(act(client, page, "reject", words="Beyond the brook", suggested="worcester-city"))
    assert "Choose why it is not yours" in bare
    assert "Beyond the brook" in bare
    assert re.search(r'<option value="worcester-city" selected', bare)
    assert 'value="wychavon"' not in bare
    odd = text(act(client, page, "reject", words="x", reason="because", suggested="nobody"))
    assert odd.count("Choose from the list") >= 2
    act(
        client,
        page,
        "reject",
        words="Beyond the brook",
        reason="other_area",
        suggested="worcester-city",
    )
    referral.refresh_from_db()
    assert (referral.status, referral.reject_reason) == ("rejected", "other_area")
    assert referral.suggested == Organisation.objects.get(slug="worcester-city")


def test_a_return_says_which_question_is_missing(world, referral, client_for):
    client, page = client_for(world.officer), address(referral)
    assert "Write the question that the hub should ask" in text(act(client, page, "give-back"))
    act(client, page, "give-back", question="Which colour?", words="We have three lorries")
    referral.refresh_from_db()
    assert (referral.status, referral.answer_reason) == ("returned", "Which colour?")


def test_nobody_is_chosen_to_read_a_note(mine, referral):
    page = text(mine.get(address(referral)))
    assert not re.search(r'name="seen_by"[^>]*checked', page)
    refused = text(act(mine, address(referral), "note", words="The lorry was stuck"))
    assert "Choose who reads it" in refused
    assert "The lorry was stuck" in refused
    assert not EnquiryEvent.objects.filter(type="enquiry.noted").exists()


@pytest.mark.parametrize(
    ("readers", "said", "hub_reads", "citizen_hears"),
    [
        ("us", "Only your organisation reads it", False, False),
        ("hub", "Your organisation and the hub read it", True, False),
        ("public", "The citizen is being told", True, True),
    ],
)
def test_a_note_is_read_by_those_chosen_and_says_so(
    world, mine, referral, client_for, readers, said, hub_reads, citizen_hears
):
    page = address(referral)
    answer = mine.post(
        f"{page}note/", {"key": new_key(), "seen_by": readers, "words": "Axle broken"}, follow=True
    )
    shown = text(answer)
    assert said in shown
    labels = {"us": "Only us", "hub": "Us and the hub", "public": "The citizen too"}
    assert f">{labels[readers]}</strong>" in shown
    hub = text(client_for(world.agent).get(f"/desk/cases/{referral.enquiry.reference}/"))
    assert ("Axle broken" in hub) is hub_reads
    told = Notification.objects.filter(event="replied", body__contains="Axle broken").exists()
    assert told is citizen_hears


def test_a_preview_shows_the_real_message_and_sends_nothing(mine, referral):
    page, words = address(referral), "Emptied this morning"
    data = {"outcome": "completed", "words": words, "preview": "1"}
    shown = text(act(mine, page, "complete", **data))
    assert "What they get by email. Nothing is sent yet" in shown
    assert "Wychavon District Council has dealt with your enquiry about Missed bin." in shown
    assert shown.count(words) == 2
    assert referral.enquiry.secret not in shown
    referral.refresh_from_db()
    assert referral.status == "accepted"
    assert not Notification.objects.filter(event="resolved").exists()


def test_a_preview_of_a_no_has_its_next_step(mine, referral):
    data = {"outcome": "decided_no", "words": "Too heavy", "next_step": "Ask for a second bin"}
    shown = text(act(mine, address(referral), "complete", preview="1", **data))
    assert "What you can do next: Ask for a second bin" in shown


def test_a_preview_says_when_nobody_can_be_told(world, client_for):
    ask(sender=Sender(), at=timezone.now())
    row = Referral.objects.get()
    client = client_for(world.officer)
    act(client, address(row), "accept")
    shown = text(act(client, address(row), "ask", words="Which bin?", preview="1"))
    assert "Nobody can be told. Nothing is sent yet" in shown


def test_a_preview_of_a_note_among_us_says_that_the_citizen_gets_nothing(mine, referral):
    shown = text(act(mine, address(referral), "note", words="x", seen_by="us", preview="1"))
    assert "The citizen gets nothing of this" in shown
    assert not EnquiryEvent.objects.filter(type="enquiry.noted").exists()


def test_a_long_text_says_that_its_end_stands_on_the_page(world, client_for):
    ask(sender=Sender(name="Jo", phone="07700 900123"), at=timezone.now())
    row, client = Referral.objects.get(), client_for(world.officer)
    act(client, address(row), "accept")
    data = {"outcome": "completed", "words": "Emptied. " * 60, "preview": "1"}
    assert "A text holds about 280 characters" in text(
        act(client, address(row), "complete", **data)
    )


def test_work_goes_to_a_colleague_and_they_have_it(world, colleague, mine, referral, client_for):
    page = text(mine.get(address(referral)))
    assert f'<option value="{colleague.pk}">Cara Colleague</option>' in page
    assert f'value="{world.outsider.pk}">' not in page
    assert f'<option value="{world.officer.pk}">' not in page
    act(mine, address(referral), "hand-over", colleague=str(colleague.pk), words="I am away")
    referral.refresh_from_db()
    assert referral.assignee == colleague
    theirs = text(client_for(colleague).get("/desk/referrals/?tab=mine"))
    assert referral.enquiry.reference in theirs
    for nobody in (world.outsider.pk, world.agent.pk, 987654, "x"):
        refused = act(mine, address(referral), "hand-over", colleague=str(nobody), words="y")
        assert "There is a problem" in text(refused)
    referral.refresh_from_db()
    assert referral.assignee == colleague


def test_what_a_colleague_has_is_taken_from_them_only_with_a_reason(
    world, colleague, mine, referral, client_for
):
    data = {"colleague": str(colleague.pk)}
    refused = text(act(client_for(colleague), address(referral), "hand-over", **data))
    assert "Owen Officer has this one. Say why somebody else gets it" in refused


def test_work_moves_to_another_team_of_ours_and_to_no_other(world, mine, referral):
    body, other = world.organisations["wychavon"], world.organisations["worcester-city"]
    streets = Team.objects.create(organisation=body, slug="streets", name="Streets")
    foreign = Team.objects.create(organisation=other, slug="trees", name="Trees of others")
    page = text(mine.get(address(referral)))
    assert "Streets" in page
    assert "Trees of others" not in page
    refused = act(mine, address(referral), "move-team", team=str(foreign.pk))
    assert "There is a problem" in text(refused)
    act(mine, address(referral), "move-team", team=str(streets.pk))
    referral.refresh_from_db()
    assert (referral.team, referral.assignee) == (streets, None)


def test_two_press_accept_and_the_second_is_told_who_was_quicker(
    world, colleague, referral, client_for
):
    act(client_for(colleague), address(referral), "accept")
    late = text(act(client_for(world.officer), address(referral), "accept"))
    assert "Cara Colleague has accepted this already" in late
    act(client_for(colleague), address(referral), "complete", outcome="completed", words="Done")
    slow = text(
        act(client_for(world.officer), address(referral), "ask", words="Which bin was it then?")
    )
    assert "This referral is completed already, by Cara Colleague" in slow
    assert "Which bin was it then?" in slow


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("note", {"seen_by": "us", "words": "Twice"}, "enquiry.noted"),
        ("ask", {"words": "Twice?"}, "enquiry.info_requested"),
        ("complete", {"outcome": "completed", "words": "Twice"}, "enquiry.resolved"),
        ("reject", {"reason": "other", "words": "Twice"}, "enquiry.rejected"),
        ("give-back", {"question": "Twice?"}, "enquiry.returned"),
        ("put-back", {}, "enquiry.handed"),
    ],
)
def test_the_same_press_twice_is_one(mine, referral, name, data, kind):
    key, page = new_key(), address(referral)
    for _ in range(2):
        assert mine.post(f"{page}{name}/", {"key": key, **data}).status_code == 303
    assert EnquiryEvent.objects.filter(enquiry=referral.enquiry, type=kind).count() == 1


def test_an_unknown_act_is_not_there_and_a_reload_leads_to_the_page(world, referral, client_for):
    client, page = client_for(world.officer), address(referral)
    assert client.post(f"{page}burn/", {"key": new_key()}).status_code == 404
    answer = client.get(f"{page}complete/")
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_words_of_scripts_are_words(mine, referral):
    script = "<script>alert(1)</script>"
    act(mine, address(referral), "note", words=script, seen_by="us")
    page = mine.get(address(referral)).content.decode()
    assert script not in page
    assert "&lt;script&gt;" in page


def test_the_same_cause_nearby_is_suggested_and_what_is_far_is_not(world, client_for):
    now = timezone.now()
    for number in range(3):
        ask(words=f"Flood {number}", at=now - timedelta(hours=number))
    ask(words="Another street", postcode="WR1 3EZ", at=now)
    ask(words="My bill", service="council-tax-bill", at=now)
    first = Referral.objects.get(enquiry__description="Flood 0")
    page = text(client_for(world.officer).get(address(first)))
    assert "2 more may have the same cause" in page
    assert "Flood 1" in page
    assert "Flood 2" in page
    for not_alike in ("Another street", "My bill"):
        assert not_alike not in page


def test_the_keyboard_page_lists_every_key_that_the_pages_know(world, referral, client_for):
    client = client_for(world.officer)
    keys = set(re.findall(r"<kbd>([^<])</kbd>", text(client.get("/desk/keyboard/"))))
    act(client, address(referral), "accept")
    pages = [text(client.get(address(referral))), text(client.get("/desk/referrals/?tab=mine"))]
    known = {key for page in pages for key in re.findall(r'data-key="(.)"', page)}
    assert known <= keys
    assert {"c", "q", "n", "f", "h", "r", "m", "u"} <= known
