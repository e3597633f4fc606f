"""Known outages on the desk: true counts, nothing of others, and a need that ends in one stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

import customers.actions
from customers.models import Person
from enquiries.actions import resolutions
from enquiries.inbound import Place
from enquiries.lifecycle import Outcome
from enquiries.models import Contact, Enquiry, EnquiryLink, NoticeFollow
from enquiries.queries import links
from notifications.models import Notification
from tests.nearby.steps import SECRET_WORDS, join, report, verdict
from tests.nearby.test_notices import SAID, published
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
POSTCODE = "WR11 3DA"


@pytest.fixture(autouse=True)
def _today(time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    monkeypatch.setattr("enquiries.actions.telling._is_history", lambda now: False)


@pytest.fixture
def desk(world: World, client_for: Any) -> Client:
    client: Client = client_for(world.agent)
    return client


def sitting(desk: Client, name: str = "Kim Seven") -> str:
    """An open contact with somebody; its page."""
    desk.post("/desk/contact/", {"key": str(uuid4()), "channel": "counter", "site": ""})
    contact = Contact.objects.latest("pk")
    person = customers.actions.identify(name=name, email=f"{name[:3]}@example.com", now=NOW)
    Contact.objects.filter(pk=contact.pk).update(person_id=person)
    return f"/desk/contact/{contact.public_id}/"


def looked(desk: Client, page: str, service: str = "pothole") -> str:
    """The page with a service and a place that were asked about."""
    said = {"key": str(uuid4()), "service": service, "postcode": POSTCODE, "look": "1"}
    return str(desk.post(f"{page}raise/", said).content.decode())


def told(desk: Client, page: str, **which: str) -> str:
    said = {"key": str(uuid4()), "service": "pothole", "postcode": POSTCODE, **which}
    return str(desk.post(f"{page}outage/", said, follow=True).content.decode())


def test_counts_are_true_and_nothing_of_others_is_shown(world: World, desk: Client) -> None:
    hole = report()
    join(hole)  # somebody else
    join(hole)  # the same one again
    join(hole, email="")  # without a name
    other = report(words="Elsewhere", place=Place(postcode="WR1 3EZ"))
    page = sitting(desk)
    shown = looked(desk, page)
    assert "3 people reported this; due" in shown
    assert f'value="{hole.reference}"' in shown
    assert other.reference not in shown
    for secret in (SECRET_WORDS, "Jo Marlow", "Canary Row", "jo.marlow", "sam@"):
        assert secret not in shown
    # Nobody is told of their own report as if it were another's.
    mine = Contact.objects.latest("pk")
    Contact.objects.filter(pk=mine.pk).update(person_id=hole.person_id)
    assert "reported this" not in looked(desk, page)
    assert "reported this" not in looked(desk, page, service="noise")


def test_a_caller_is_subscribed_in_one_stop_and_it_can_be_undone(
    world: World, desk: Client
) -> None:
    hole = report()
    page = sitting(desk)
    again = {"key": str(uuid4())}
    for _ in range(2):
        assert "They are told when it is done" in told(desk, page, report=hole.reference, **again)
    theirs = Enquiry.objects.latest("pk")
    assert Enquiry.objects.count() == 2
    contact = Contact.objects.latest("pk")
    assert [(one.enquiry_id, one.kind) for one in contact.items.all()] == [(theirs.pk, "new")]
    assert (theirs.status, theirs.outcome) == ("resolved", "duplicate")
    assert links.followers(hole) == [theirs]
    assert "2 people reported this" in looked(desk, sitting(desk, "Tim Third"))
    # As the measures have it: somebody else's report is demand that is counted apart.
    assert verdict(theirs)[0] == "excluded"
    assert Notification.objects.filter(about=theirs.reference, event="linked").count() == 1
    shown = desk.get(page).content.decode()
    assert "It was not that: undo" in shown
    undone = desk.post(f"{page}outage/undo/", {"reference": theirs.reference}, follow=True)
    assert "goes on by itself" in undone.content.decode()
    assert not EnquiryLink.objects.filter(undone_at=None).exists()
    theirs.refresh_from_db()
    assert theirs.status != "resolved"
    assert "undo" not in desk.get(page).content.decode()
    # What is not of this contact is not undone in it.
    other = desk.post(f"{page}outage/undo/", {"reference": hole.reference}, follow=True)
    assert "not of this contact" in other.content.decode()


def test_what_ended_meanwhile_or_was_never_listed_takes_nobody(world: World, desk: Client) -> None:
    hole, far = report(), report(words="Elsewhere", place=Place(postcode="WR1 3EZ"))
    resolutions.resolve(
        reference=hole.reference, viewer=world.viewer(world.agent), outcome=Outcome.ANSWERED,
        words="Filled.", now=NOW,
    )  # fmt: skip
    page = sitting(desk)
    for one in (hole.reference, far.reference, "WH7-K3MP-4X", ""):
        assert "ended or changed meanwhile" in told(desk, page, report=one)
    assert "has just ended" in told(desk, page, notice=str(uuid4()))
    assert Enquiry.objects.count() == 2


def test_a_notice_answers_and_its_followers_are_counted(world: World, desk: Client) -> None:
    notice = published(expected_end_at=NOW + timedelta(days=2))
    page = sitting(desk)
    assert "Nobody follows this yet" in looked(desk, page)
    told(desk, page, notice=str(notice.public_id))
    theirs = Enquiry.objects.latest("pk")
    assert (theirs.status, theirs.outcome) == ("resolved", "answered")
    assert NoticeFollow.objects.get().enquiry == theirs
    assert verdict(theirs)[0] == "success"
    second = sitting(desk, "Tim Third")
    assert "1 person follows this" in looked(desk, second)
    desk.post(f"{page}outage/undo/", {"reference": theirs.reference}, follow=True)
    assert "Nobody follows this yet" in looked(desk, second)
    theirs.refresh_from_db()
    assert theirs.status == "open"


def test_without_a_name_it_is_written_down_and_nobody_follows(world: World, desk: Client) -> None:
    notice = published()
    page = sitting(desk)
    Contact.objects.update(person_id=None)
    assert "Without a name nobody can be told" in looked(desk, page)
    told(desk, page, notice=str(notice.public_id))
    assert Enquiry.objects.get().status == "resolved"
    assert not NoticeFollow.objects.exists()


def test_from_the_case_the_caller_of_an_open_contact_is_added(world: World, desk: Client) -> None:
    hole = report()
    page = f"/desk/cases/{hole.reference}/"
    assert f"{page}outage/" in desk.get(page).content.decode()
    assert "You have no contact open" in desk.get(f"{page}outage/").content.decode()
    where = sitting(desk)
    shown = desk.get(f"{page}outage/").content.decode()
    assert "1 person reported this" in shown
    assert "Kim Seven" in shown
    contact = str(Contact.objects.latest("pk").public_id)
    said = {"key": str(uuid4()), "contact": contact}
    assert desk.post(f"{page}outage/", said)["Location"] == where
    assert "2 people reported this" in desk.get(f"{page}outage/").content.decode()
    assert links.followers(hole)[0].person == Person.objects.latest("pk")
    # Their own report is not followed by them.
    Contact.objects.filter(public_id=contact).update(person_id=hole.person_id)
    said["key"] = str(uuid4())
    answer = desk.post(f"{page}outage/", said, follow=True).content.decode()
    assert "It is their own report" in answer


def test_a_notice_of_one_place_is_offered_to_nobody_whose_place_is_unknown(
    world: World, desk: Client
) -> None:
    notice = published(expected_end_at=NOW + timedelta(days=2))
    page = sitting(desk)
    which = {"notice": str(notice.public_id)}
    unplaced = desk.get(f"{page}?service=pothole").content.decode()
    assert SAID.title in unplaced
    assert "Ask where it is" in unplaced
    assert f'value="{notice.public_id}"' not in unplaced
    assert "Ask for the postcode first" in told(desk, page, postcode="", **which)
    assert not Enquiry.objects.exists()
    assert f'value="{notice.public_id}"' in looked(desk, page)
