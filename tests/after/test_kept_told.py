"""Where a citizen is told, and whom they let us keep told beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import limits
from core.privacy import mask
from enquiries.actions import referrals, subscriptions, telling_where
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, EnquiryEvent, Referral, Subscription
from notifications.models import Notification
from tests.after.conftest import Citizen, token_in
from tests.journeys.steps import words
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
VERAS = "+447700900123"


def said(answer: Any) -> str:
    return words(answer.content.decode())


def told(event: str) -> list[Notification]:
    return list(Notification.objects.filter(event=event).order_by("pk"))


# --- where the citizen is told --------------------------------------------------------------------


def test_another_address_is_said_to_the_old_one_and_to_the_new_one(citizen: Citizen) -> None:
    page = said(citizen.sends("tell", way="sms", to="07700 900456"))
    assert "We write there from now on" in page
    citizen.again("tell")
    (old,), (new,) = told("told_elsewhere"), told("told_here")
    assert (old.to, new.to) == ("jo@example.com", "+447700900456")
    assert "900456" not in old.body
    enquiry = citizen.now()
    assert enquiry.tell_by == "sms"
    referrals_done(enquiry)
    assert told("accepted")[0].to == "+447700900456"
    assert EnquiryEvent.objects.filter(type="enquiry.telling_changed").count() == 1


def referrals_done(enquiry: Any) -> None:
    from accounts.models import User
    from accounts.queries import viewer_for_user

    officer = viewer_for_user(User.objects.get(email="officer@wychavon.demo"))
    assert officer is not None
    referral = Referral.objects.get(enquiry=enquiry)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=timezone.now())


def test_another_email_of_the_same_person_is_used_for_this_enquiry_alone(
    world: World, citizen: Citizen
) -> None:
    other = enquiry_of(ask(words="Another bin"))
    citizen.sends("tell", way="email", to="Work@Example.com")
    referrals_done(citizen.now())
    referrals_done(other)
    assert {one.to for one in told("accepted")} == {"work@example.com", "jo@example.com"}


def test_who_was_anonymous_is_told_from_now_on(world: World) -> None:
    citizen = Citizen(enquiry_of(ask(sender=Sender())))
    citizen.sends("tell", way="email", to="sam@example.com")
    assert [one.to for one in told("told_here")] == ["sam@example.com"]
    assert told("told_elsewhere") == []
    assert citizen.now().person_id is not None


@pytest.mark.parametrize(
    ("fields", "words_of_it"),
    [
        ({"way": "", "to": "x@example.com"}, "Choose email or text message"),
        ({"way": "letter", "to": "x@example.com"}, "Choose email or text message"),
        ({"way": "email", "to": ""}, "Enter an email address or a mobile number"),
        ({"way": "email", "to": "nobody"}, "Enter an email address, like"),
        ({"way": "sms", "to": "01905 123456"}, "Enter a mobile number"),
        ({"way": "sms", "to": "x@example.com"}, "Enter a phone number"),
        ({"way": "email", "to": "x" * 300}, "Use 254 characters or fewer"),
    ],
)
@pytest.mark.parametrize("name", ["tell", "others"])
def test_an_address_that_cannot_be_used_is_refused_in_words(
    citizen: Citizen, name: str, fields: dict[str, str], words_of_it: str
) -> None:
    answer = citizen.sends(name, **fields)
    assert words_of_it in said(answer)
    assert "Error:" in answer.content.decode()
    assert not Subscription.objects.exists()
    assert citizen.now().tell_to == ""


def test_a_number_that_wants_no_texts_is_not_taken(citizen: Citizen) -> None:
    import customers.actions

    citizen.sends("tell", way="sms", to="07700 900456")
    customers.actions.opt_out(phone="+447700900456", now=NOW)
    citizen.sends("tell", way="email", to="jo@example.com")
    page = said(citizen.sends("tell", way="sms", to="07700 900456"))
    assert "We cannot send messages to this one" in page
    assert citizen.now().tell_by == "email"


def test_nobody_is_pestered_by_changing_it_again_and_again(citizen: Citizen) -> None:
    for number in range(8):
        page = said(citizen.sends("tell", way="email", to=f"a{number}@example.com"))
    assert "You changed this several times today" in page
    assert len(told("told_here")) == 5


# --- whom else ------------------------------------------------------------------------------------


def keep(citizen: Citizen, to: str = "neighbour@example.com", way: str = "email") -> str:
    """Adds somebody; the path of their page from the message that they got."""
    citizen.sends("others", way=way, to=to)
    body = Notification.objects.filter(event="keep_told").latest("pk").body
    return f"/kept-told/{token_in(body, '/kept-told/')}/"


def test_nobody_is_told_before_they_say_yes_and_opening_the_link_says_nothing(
    citizen: Citizen,
) -> None:
    path = keep(citizen)
    for _scanner in range(3):
        assert "Shall we keep you told?" in said(Client().get(path))
        assert Client().head(path).status_code == 200
    referrals_done(citizen.now())
    assert told("kept_told") == []
    assert "has not answered yet" in citizen.reads("others/")


def test_who_says_yes_reads_each_step_without_a_name_or_a_word_of_the_citizen(
    world: World, citizen: Citizen
) -> None:
    path = keep(citizen)
    for _twice in range(2):
        assert "We tell you each step" in said(Client().post(path, {"yes": "1"}, follow=True))
    referrals_done(citizen.now())
    referral = Referral.objects.get(enquiry=citizen.enquiry)
    officer = world.viewer(world.officer)
    referrals.complete(
        public_id=referral.public_id,
        viewer=officer,
        outcome=Outcome.COMPLETED,
        words="Jo Bloggs, we emptied it behind your house",
        now=timezone.now(),
    )
    steps = told("kept_told")
    assert len(steps) == 2
    assert "has taken it on" in steps[0].body
    assert "It has ended: done" in steps[1].body
    for one in (*steps, *told("keep_told")):
        assert one.to == "neighbour@example.com"
        text = one.subject + one.body
        assert citizen.enquiry.secret not in text
        # What opens a page is drawn, and may spell any short name.
        shown = text.replace(token_in(one.body, "/kept-told/"), "")
        for hidden in ("Jo", "Bloggs", "behind your house", "Monday"):
            assert hidden not in shown
    page = Client().get(path).content.decode()
    assert "behind your house" not in page
    assert citizen.enquiry.secret not in page
    assert EnquiryEvent.objects.filter(type="enquiry.subscribed").count() == 1


def test_one_press_stops_it_for_good_and_nobody_asks_again(citizen: Citizen) -> None:
    path = keep(citizen)
    Client().post(path, {"yes": "1"})
    for _twice in range(2):
        page = said(Client().post(path, {"stop": "1"}, follow=True))
        assert "We do not write to you about this" in page
    referrals_done(citizen.now())
    assert told("kept_told") == []
    assert "We ask them first" in said(
        citizen.sends("others", way="email", to="neighbour@example.com")
    )
    assert len(told("keep_told")) == 1
    assert "n•••@example.com" not in citizen.reads("others/")
    Client().post(path, {"yes": "1"})
    assert Subscription.objects.get().ended_by == "subscriber"


def test_the_citizen_takes_somebody_out(citizen: Citizen) -> None:
    path = keep(citizen)
    Client().post(path, {"yes": "1"})
    one = Subscription.objects.get()
    assert "n•••@example.com" in citizen.reads("others/")
    address = f"{citizen.page}others/{one.public_id}/remove/"
    for _twice in range(2):
        page = said(citizen.client.post(address, follow=True))
        assert "They are not told any more" in page
    referrals_done(citizen.now())
    assert told("kept_told") == []


def test_nobody_takes_out_whom_another_enquiry_keeps_told(world: World, citizen: Citizen) -> None:
    keep(citizen)
    other = Citizen(enquiry_of(ask(words="Another")))
    one = Subscription.objects.get()
    answer = other.client.post(f"{other.page}others/{one.public_id}/remove/")
    assert answer.status_code == 404
    assert Subscription.objects.get().ended_at is None


def test_three_at_a_time_and_the_same_one_once(citizen: Citizen) -> None:
    for number in (1, 1, 2, 3):
        citizen.sends("others", way="email", to=f"n{number}@example.com")
    assert "Take somebody out to add another" in citizen.reads("others/")
    page = said(citizen.client.post(f"{citizen.page}others/", {"way": "email", "to": "n4@x.org"}))
    assert "We can keep 3 people told beside you" in page
    assert Subscription.objects.count() == 3
    assert len(told("keep_told")) == 3


def test_taking_out_and_adding_does_not_make_a_machine_that_writes_to_strangers(
    citizen: Citizen,
) -> None:
    for number in range(14):
        citizen.client.post(
            f"{citizen.page}others/", {"way": "email", "to": f"n{number}@example.com"}
        )
        for one in Subscription.objects.filter(ended_at=None):
            subscriptions.remove(
                reference=citizen.enquiry.reference, public_id=one.public_id, now=timezone.now()
            )
    assert len(told("keep_told")) == subscriptions.MOST_EVER


def test_one_address_is_asked_a_few_times_a_day_whoever_wants_it_told(world: World) -> None:
    for number in range(6):
        citizen = Citizen(enquiry_of(ask(words=f"Bin {number}")))
        citizen.sends("others", way="email", to="victim@example.com")
    assert len(told("keep_told")) == subscriptions.MOST_QUESTIONS_A_DAY


def test_ones_own_address_is_no_other(citizen: Citizen) -> None:
    page = said(citizen.sends("others", way="email", to="JO@example.com"))
    assert "That is where we write to you already" in page


def test_who_has_a_link_learns_no_other_address_of_whose_it_is(world: World) -> None:
    ask(sender=Sender(name="Vera Victim", email="vera@example.com", phone=VERAS))
    stranger = Citizen(enquiry_of(ask(sender=Sender(email="vera@example.com"))))
    assert Enquiry.objects.filter(person=stranger.enquiry.person).count() == 2

    def answers(number: str) -> tuple[str, str]:
        one = Citizen(stranger.enquiry, Client())
        page = said(one.sends("others", way="sms", to=number))
        seen = page.replace(mask(number), "").replace("•", "")
        row = Subscription.objects.get()
        kept = (row.confirmed_at, row.ended_at, len(told("keep_told")))
        Subscription.objects.all().delete()
        Notification.objects.filter(event="keep_told").delete()
        return seen[-600:], repr(kept)

    assert answers(VERAS) == answers("+447700900124")


def test_the_page_says_the_same_of_the_address_that_it_was_already(citizen: Citizen) -> None:
    answer = citizen.sends("tell", way="email", to="jo@example.com")
    assert [hop[0].rpartition("/")[2] for hop in answer.redirect_chain] == ["?sent=tell"]
    assert "We write there from now on" in said(answer)
    assert told("told_here") == told("told_elsewhere") == []


@pytest.mark.parametrize("name", ["tell", "others"])
def test_one_number_is_counted_once_however_it_is_written(world: World, name: str) -> None:
    ways = ["07700900123", "07700 900123", "+447700900123", "0770 0900123", "(07700) 900123"]
    answers = [
        Citizen(enquiry_of(ask(words=f"Bin {n}")), Client()).sends(name, way="sms", to=to)
        for n, to in enumerate([*ways, "+44 7700 900 123", "00447700900123"])
    ]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 3


def test_the_link_goes_to_one_address_a_few_times_a_day_whoever_asks_for_it(world: World) -> None:
    for number in range(9):
        enquiry = enquiry_of(ask(words=f"Bin {number}"))
        telling_where.send_link(reference=enquiry.reference, now=timezone.now())
    assert len(told("link")) == limits.DOORS["link"]["to"].most == 6


def test_a_question_is_open_for_a_week_and_the_address_is_forgotten_then(
    citizen: Citizen,
) -> None:
    path = keep(citizen)
    with time_machine.travel(NOW + timedelta(days=8, hours=5), tick=True):
        assert "no longer open" in said(Client().post(path, {"yes": "1"}, follow=True))
        assert subscriptions.forget(now=timezone.now()) == 1
        assert subscriptions.forget(now=timezone.now()) == 0
    one = Subscription.objects.get()
    assert (one.sealed, one.ended_by, one.confirmed_at) == ("", "silence", None)


def test_who_is_told_is_not_forgotten_while_it_goes_on(citizen: Citizen) -> None:
    Client().post(keep(citizen), {"yes": "1"})
    with time_machine.travel(NOW + timedelta(days=30), tick=True):
        assert subscriptions.forget(now=timezone.now()) == 0


@pytest.mark.parametrize("secret", ["x" * 22, "%00", "x" * 400, "..", "é"])
def test_a_link_that_we_did_not_send_opens_nothing(world: World, secret: str) -> None:
    for answer in (Client().get(f"/kept-told/{secret}/"), Client().post(f"/kept-told/{secret}/")):
        assert answer.status_code in (400, 404)


def test_an_address_is_kept_sealed(citizen: Citizen) -> None:
    keep(citizen)
    one = Subscription.objects.get()
    assert "neighbour" not in str(one.__dict__)


def test_of_a_sensitive_service_others_read_not_what_it_is_about(citizen: Citizen) -> None:
    from kb.models import Service

    Service.objects.update(sensitive=True)
    path = keep(citizen)
    Client().post(path, {"yes": "1"})
    referrals_done(citizen.now())
    text = Client().get(path).content.decode()
    for one in (*told("keep_told"), *told("kept_told")):
        assert "Missed bin" not in one.subject + one.body
    assert "Missed bin" not in text
