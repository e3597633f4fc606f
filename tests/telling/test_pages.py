"""Pages: how somebody is told and what they need, on the desk; by what they are told, on theirs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import customers.actions
import customers.queries
from core.models import AuditEvent
from customers import actions_telling, queries_telling
from customers.models import Adjustment, ContactPoint, MarketingWord, Person, TextWord
from customers.ways import Wish, postal_lines
from enquiries.actions import referrals
from enquiries.models import CallDue, Enquiry, EnquiryEvent, Referral
from enquiries.queries import ways
from notifications import outcomes
from notifications.backends.base import Refused
from notifications.models import Notification
from tests.journeys.steps import words
from tests.telling.conftest import BOTH, HOME, MAIL, PHONE, Clock, asked, prove
from tests.world import World

pytestmark = pytest.mark.django_db

Desk = Callable[..., str]


@pytest.fixture
def enquiry(clock: Clock) -> Enquiry:
    return asked(clock, HOME)


@pytest.fixture
def person(enquiry: Enquiry) -> Person:
    return Person.objects.get(pk=enquiry.person_id or 0)


@pytest.fixture
def desk(world: World, client_for: Any, person: Person) -> Desk:
    """An agent does something on the page of how a person is told, and reads what comes back."""
    client = client_for(world.agent)

    def does(act: str = "", status: int = 200, **data: object) -> str:
        path = f"/desk/people/{person.public_id}/telling/"
        if not act:
            answer = client.get(path)
        else:
            sent = {"key": str(uuid.uuid4()), **data}
            answer = client.post(f"{path}{act}/", sent, follow=True)
        assert answer.status_code == status
        return words(answer.content.decode())

    return does


def point(value: str) -> ContactPoint:
    return ContactPoint.objects.get(value=value)


# -- What they need ---------------------------------------------------------------------------


def test_what_they_need_is_written_down_looked_at_again_and_ended(
    desk: Desk, person: Person, clock: Clock
) -> None:
    page = desk("need", kind="relay_uk", words="")
    assert "Ring through Relay UK: dial 18001 first" in page
    assert "To be asked again on" in page
    person.refresh_from_db()
    assert person.adjustments == ["relay_uk"]
    one = Adjustment.objects.get()
    assert one.recorded_by
    Adjustment.objects.update(review_on=clock.now.date())
    assert "Ask again" in desk()
    assert "Asked again by" in desk("still", need=one.public_id)
    assert "Nothing is written down" in desk("over", need=one.public_id)
    person.refresh_from_db()
    assert person.adjustments == []
    said = list(AuditEvent.objects.filter(action__startswith="person.need").values_list("action"))
    assert len(said) == 3


def test_an_interpreter_needs_the_language(desk: Desk, person: Person) -> None:
    assert "Write what they need" in desk("need", kind="interpreter", words=" ")
    assert "Choose what they need" in desk("need", kind="wings", words="")
    assert not Adjustment.objects.exists()
    assert "Polish" in desk("need", kind="interpreter", words="Polish")
    # The same again is one, with the newer words.
    desk("need", kind="interpreter", words="Romanian")
    assert [one.words for one in Adjustment.objects.all()] == ["Romanian"]


def test_every_agent_reads_it_on_the_case_and_a_partner_only_who_speaks_with_them(
    desk: Desk, enquiry: Enquiry, world: World, client_for: Any, clock: Clock
) -> None:
    desk("need", kind="sign", words="")
    need = "British Sign Language"
    case = f"/desk/cases/{enquiry.reference}/"
    assert need in client_for(world.agent).get(case).content.decode()
    assert need not in client_for(world.manager).get(case).content.decode()
    referral = Referral.objects.get(enquiry=enquiry)
    page = f"/desk/referrals/{referral.public_id}/"
    officer = client_for(world.officer)
    assert need not in officer.get(page).content.decode()
    referrals.accept(
        public_id=referral.public_id, viewer=world.viewer(world.officer), now=timezone.now()
    )
    assert need in officer.get(page).content.decode()


# -- By what ----------------------------------------------------------------------------------


def test_staff_keep_by_what_they_want_to_be_told(desk: Desk, person: Person) -> None:
    desk("prefer", tell_by="letter")
    person.refresh_from_db()
    assert person.tell_by == "letter"
    assert "Choose how they want to be told" in desk("prefer", tell_by="pigeon")
    desk("prefer", tell_by="")
    person.refresh_from_db()
    assert person.tell_by == ""


def test_texts_stopped_at_the_desk_are_started_there_and_those_by_text_are_not(
    desk: Desk, clock: Clock
) -> None:
    phone = point(PHONE)
    assert "No texts" in desk("stop", point=phone.pk)
    assert queries_telling.texts_stopped(PHONE)
    desk("start", point=phone.pk)
    assert not queries_telling.texts_stopped(PHONE)
    customers.actions.opt_out(phone=PHONE, now=clock.now)
    page = desk("start", point=phone.pk)
    assert "They have to text START themselves" in page
    assert "Only they can start them again" in page
    assert queries_telling.texts_stopped(PHONE)
    assert customers.actions.opt_in(phone=PHONE, now=clock.now)
    assert not queries_telling.texts_stopped(PHONE)
    words_said = TextWord.objects.order_by("pk").values_list("is_stop", "source")
    assert list(words_said) == [
        (True, "desk"), (False, "desk"), (True, "text"), (False, "text"),
    ]  # fmt: skip


def test_a_stop_by_text_outweighs_one_of_the_desk(desk: Desk, clock: Clock) -> None:
    desk("stop", point=point(PHONE).pk)
    customers.actions.opt_out(phone=PHONE, now=clock.now)
    customers.actions.opt_out(phone=PHONE, source="provider", now=clock.now)
    assert "They have to text START themselves" in desk("start", point=point(PHONE).pk)
    assert TextWord.objects.count() == 2


def test_a_stop_of_a_number_that_nobody_has_is_kept(clock: Clock) -> None:
    assert not queries_telling.texts_stopped("+447700900999")
    assert customers.actions.opt_out(phone="+447700900999", now=clock.now)
    assert not customers.actions.opt_out(phone="+447700900999", now=clock.now)
    assert queries_telling.texts_stopped("+447700900999")


def test_an_address_that_did_not_work_is_tried_again(desk: Desk, person: Person) -> None:
    customers.actions.mark_unusable(kind="email", value=MAIL, now=timezone.now())
    assert "Did not work" in desk()
    assert MAIL not in [way.to for way in queries_telling.decide(person.pk, Wish()).ways]
    assert "We write there again" in desk("again", point=point(MAIL).pk)
    assert MAIL in [way.to for way in queries_telling.decide(person.pk, Wish()).ways]
    post = postal_lines(name=person.full_name, address=person.address, postcode=person.postcode)
    actions_telling.mark_post_unusable(person_id=person.pk, postal=post, now=timezone.now())
    assert "Came back" in desk()
    assert "Came back" not in desk("again", point="")


def test_an_address_of_somebody_else_is_not_there(desk: Desk, clock: Clock) -> None:
    from enquiries.inbound import Sender

    asked(clock, Sender(name="Sam", phone="07700 900777"))
    desk("stop", status=404, point=point("+447700900777").pk)
    desk("again", status=404, point=10**12)
    desk("dance", status=404)
    assert not TextWord.objects.exists()


def test_letters_go_only_to_a_whole_address(desk: Desk, person: Person) -> None:
    refusal = desk("post", address="High Street", postcode="WR11 3DA")
    assert "Enter a house number or name" in refusal
    desk("post", address="2 High Street\r\nEvesham", postcode="wr11 3da")
    assert customers.queries.by_id(person.pk).postcode == "WR11 3DA"
    desk("post", address="", postcode="")
    assert "We have no whole address" in desk()


# -- News -------------------------------------------------------------------------------------


def test_a_yes_to_news_needs_what_was_asked_and_a_proved_address(
    desk: Desk, person: Person
) -> None:
    news = Wish(marketing=True)
    assert "Write what they were asked" in desk("news", medium="email", answer="yes", words="")
    desk("news", medium="email", answer="yes", words="May we send you the bin calendar?")
    assert queries_telling.decide(person.pk, news).ways == ()
    prove(MAIL)
    assert [way.to for way in queries_telling.decide(person.pk, news).ways] == [MAIL]
    desk("news", medium="email", answer="no", words="")
    assert queries_telling.decide(person.pk, news).ways == ()
    assert MarketingWord.objects.count() == 2


def test_marketing_is_refused_to_who_did_not_say_yes(monkeypatch, clock: Clock) -> None:
    import notifications.actions
    from notifications import events

    late = events.EVENTS["late"]
    marketing = events.Event(late.keys, late.words, late.media, is_marketing=True)
    monkeypatch.setitem(events.EVENTS, "late", marketing)
    enquiry = asked(clock, BOTH)
    with pytest.raises(notifications.actions.NoConsent):
        notifications.actions.send(
            key="ad", event="late", medium="sms", to=PHONE, context={}, about="", now=clock.now
        )
    from enquiries.actions import telling

    assert not telling.citizen(enquiry, "late", key="ad", now=clock.now, promised="")
    assert not Notification.objects.filter(event="late").exists()


# -- On the case ------------------------------------------------------------------------------


def test_the_case_says_what_failed_and_what_was_sent_instead(
    enquiry: Enquiry, world: World, client_for: Any, clock: Clock
) -> None:
    from tests.outbox import run_outbox

    text = Notification.objects.get(event="received")
    outcomes.failed(text, Refused("This number is not in use", address="unusable"), now=clock.now)
    run_outbox()
    page = client_for(world.agent).get(f"/desk/cases/{enquiry.reference}/").content.decode()
    shown = words(page)
    assert "Not delivered: This number is not in use. Email sent instead." in shown
    assert "instead of the text" in shown


def test_who_is_to_be_rung_stands_on_the_case_and_on_the_list_until_it_is_done(
    enquiry: Enquiry, world: World, client_for: Any, clock: Clock
) -> None:
    call = CallDue.objects.create(
        enquiry=enquiry, key="k", event="asked", words="Which gate?", why="They want to be rung",
        created_at=clock.now,
    )  # fmt: skip
    client: Client = client_for(world.agent)
    case = f"/desk/cases/{enquiry.reference}/"
    assert "Which gate?" in client.get(case).content.decode()
    assert enquiry.reference in client.get("/desk/callbacks/").content.decode()
    there = f"{case}calls/{call.public_id}/"
    empty = client.post(there, {"key": str(uuid.uuid4()), "words": ""}, follow=True)
    assert "Write what was said" in empty.content.decode()
    sent = {"key": str(uuid.uuid4()), "words": "Told them, it is the left one"}
    assert "It is written down" in client.post(there, sent, follow=True).content.decode()
    again = client.post(there, {**sent, "key": str(uuid.uuid4())}, follow=True)
    assert "Somebody rang them already" in again.content.decode()
    assert EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.noted").count() == 1
    assert "Which gate?" not in client.get(case).content.decode().split("What happened")[0]
    assert enquiry.reference not in client.get("/desk/callbacks/").content.decode()


# -- On theirs --------------------------------------------------------------------------------


@pytest.fixture
def theirs(enquiry: Enquiry, clock: Clock) -> Client:
    """Their browser, which has proved their e-mail address."""
    from customers import links

    link = links.prepare(
        link_id=links.ask(kind="email", value=MAIL, language="en-gb", now=clock.now), now=clock.now
    )
    assert link is not None
    client = Client()
    client.post(f"/my/open/{link.token}/")
    return client


def test_citizens_choose_by_what_they_are_told(theirs: Client, person: Person) -> None:
    page = words(theirs.get("/my/telling/").content.decode())
    assert "How should we tell you?" in page
    sent = theirs.post("/my/telling/", {"how_much": "every", "tell_by": "sms"}, follow=True)
    assert "Your choice is kept" in sent.content.decode()
    person.refresh_from_db()
    assert person.tell_by == "sms"
    refused = theirs.post("/my/telling/", {"how_much": "every", "tell_by": "fax\x00"})
    assert "Choose how we tell you" in refused.content.decode()


def test_the_same_in_polish(theirs: Client) -> None:
    theirs.cookies["hub_language"] = "pl"
    page = theirs.get("/my/telling/", HTTP_ACCEPT_LANGUAGE="pl").content.decode()
    assert "Jak mamy Cię informować?" in page


def test_citizens_stop_news_that_they_said_yes_to(
    theirs: Client, desk: Desk, person: Person
) -> None:
    assert "News from the councils" not in theirs.get("/my/telling/").content.decode()
    desk("news", medium="email", answer="yes", words="May we send you the bin calendar?")
    assert "News from the councils" in theirs.get("/my/telling/").content.decode()
    theirs.post("/my/telling/", {"no_news": "yes"})
    assert not queries_telling.wants_news([person.pk])
    assert MarketingWord.objects.order_by("-pk")[0].source == "page"


# -- The rules -----------------------------------------------------------------------------------


def test_administrators_decide_what_is_said_another_way_for_all_and_for_one_body(
    world: World, client_for: Any
) -> None:
    client: Client = client_for(world.administrator)
    page = "/desk/settings/messages/ways/"
    assert "As the hub comes" in client.get(page).content.decode()

    def send(there: str, **more: Any) -> str:
        sent = {"key": str(uuid.uuid4()), **more}
        answer = client.post(there, sent, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    assert "Decided here" in send(page, again=["asked"], letter=["late"])
    body = world.organisations["wychavon"]
    assert ways.worth(None) == ways.Worth(frozenset({"asked"}), frozenset({"late"}), is_own=True)
    assert ways.worth(body.pk).letter == {"late"}
    there = f"{page}?whose=wychavon"
    assert "As the partnership decides" in client.get(there).content.decode()
    assert "Decided here" in send(there, again=["asked", "resolved"], letter=[])
    assert ways.worth(body.pk) == ways.Worth(
        frozenset({"asked", "resolved"}), frozenset(), is_own=True
    )
    assert "Choose from the list" in send(there, again=["pigeon"], letter=[])
    assert "As the partnership decides" in send(there, take_over="1")
    assert ways.worth(body.pk).again == {"asked"}
    assert client.get(f"{page}?whose=nobody").status_code == 404
    assert AuditEvent.objects.filter(action__startswith="telling.rules").count() == 3
    assert client_for(world.agent).get(page).status_code == 404
