"""What an ended enquiry becomes when its citizen comes back, by every door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from enquiries.actions import links, resolutions
from enquiries.channels import Channel
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import ContactItem, Enquiry, EnquiryEvent, EnquiryLink
from notifications.models import Notification
from tests.desk.steps import act, new_key, open_contact
from tests.journeys.steps import hidden_fields, words
from tests.outbox import run_outbox
from tests.stand_ins.phone import Phone
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
NUMBER = "+447700900123"
JO = Sender(name="Jo Bloggs", email="jo@example.com", phone=NUMBER)


class Clock:
    """The wall clock of a story."""

    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def done(world: World) -> Enquiry:
    """An enquiry of somebody with a telephone, resolved."""
    enquiry = enquiry_of(ask(sender=JO, channel=Channel.SMS, tell_by="sms"))
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=world.viewer(world.agent),
        outcome=Outcome.COMPLETED,
        words="Emptied.",
        now=NOW,
    )
    enquiry.refresh_from_db()
    return enquiry


def end_window(enquiry: Enquiry, clock: Clock) -> datetime:
    """Lets the time for questions pass."""
    assert enquiry.closes_at is not None
    clock.now = enquiry.closes_at + timedelta(hours=1)
    resolutions.close_due(now=clock.now)
    return clock.now


Door = Callable[[World, Enquiry, str], None]


def by_web(_world: World, enquiry: Enquiry, said: str) -> None:
    client, address = Client(), f"/track/{enquiry.reference}/{enquiry.secret}/"
    data = {**hidden_fields(client.get(address).content.decode(), "/track/"), "again": said}
    assert client.post(address, data).status_code == 302


def by_text(_world: World, enquiry: Enquiry, said: str) -> None:
    Phone(NUMBER).text(f"{enquiry.reference} {said}")


def by_desk(world: World, enquiry: Enquiry, said: str) -> None:
    client = Client()
    client.force_login(world.agent)
    contact = open_contact(client)
    kind = "thanks" if said.startswith("Thank") else "repeat"
    client.post(
        f"{contact}about/",
        {"key": new_key(), "about": enquiry.reference, "kind": kind, "words": said},
    )


DOORS = [
    pytest.param(by_web, id="web"),
    pytest.param(by_text, id="text"),
    pytest.param(by_desk, id="desk"),
]  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_not_done_inside_the_window_opens_the_same_enquiry_again(
    world: World, done: Enquiry, clock: Clock, door: Door
) -> None:
    clock.now = NOW + timedelta(days=3)
    door(world, done, "It is still not emptied")
    done.refresh_from_db()
    assert (done.status, done.reopened_count) == ("open", 1)
    assert Enquiry.objects.count() == 1
    assert EnquiryEvent.objects.filter(type="enquiry.reopened").count() == 1
    assert not EnquiryLink.objects.exists()


@pytest.mark.parametrize("door", DOORS)
def test_not_done_after_the_window_is_a_new_enquiry_that_follows(
    world: World, done: Enquiry, clock: Clock, door: Door
) -> None:
    end_window(done, clock)
    door(world, done, "It is still not emptied")
    run_outbox()
    done.refresh_from_db()
    new = Enquiry.objects.exclude(pk=done.pk).get()
    assert done.status == "closed"
    assert new.status == "referred"
    assert (new.service, new.postcode) == (done.service, done.postcode)
    tie = EnquiryLink.objects.get()
    assert (tie.kind, tie.enquiry, tie.target) == ("follows", new, done)
    assert EnquiryEvent.objects.get(type="enquiry.follows").enquiry == new
    if door is not by_desk:  # the agent said nobody's name
        assert new.person == done.person
        assert Notification.objects.filter(about=new.reference, to=NUMBER).exists()


@pytest.mark.parametrize("when", ["resolved", "closed"])
@pytest.mark.parametrize("said", ["Thanks", "Thank you so much, that's great"])
@pytest.mark.parametrize("door", DOORS[1:])
def test_thanks_neither_opens_again_nor_makes_a_new_one(
    world: World, done: Enquiry, clock: Clock, door: Door, said: str, when: str
) -> None:
    if when == "closed":
        end_window(done, clock)
    door(world, done, said)
    done.refresh_from_db()
    assert done.status == when
    assert Enquiry.objects.count() == 1
    assert ContactItem.objects.latest("pk").kind == "thanks"


def test_a_text_of_thanks_without_a_reference_does_neither(done: Enquiry, clock: Clock) -> None:
    Phone(NUMBER).text("ok thanks 👍")
    done.refresh_from_db()
    assert done.status == "resolved"
    assert Enquiry.objects.count() == 1


# -- the page of the citizen --------------------------------------------------------------------


def page_of(enquiry: Enquiry) -> str:
    return f"/track/{enquiry.reference}/{enquiry.secret}/"


def test_sent_twice_from_the_page_it_is_said_once(
    done: Enquiry, clock: Clock, client: Client
) -> None:
    data = hidden_fields(client.get(page_of(done)).content.decode(), "/track/")
    for _twice in range(2):
        answer = client.post(page_of(done), {**data, "again": "Still there"}, follow=True)
        assert "We have your words" in words(answer.content.decode())
    assert EnquiryEvent.objects.filter(type="enquiry.reopened").count() == 1
    assert "It is not solved" not in words(answer.content.decode())


@pytest.mark.parametrize(
    ("said", "refusal"), [("", "Write what is not right"), ("x" * 4001, "4,000")]
)
def test_nothing_and_too_much_come_back_with_what_to_do(
    done: Enquiry, client: Client, said: str, refusal: str
) -> None:
    data = hidden_fields(client.get(page_of(done)).content.decode(), "/track/")
    page = client.post(page_of(done), {**data, "again": said}).content.decode()
    assert refusal in words(page)
    assert "Error:" in page
    assert "open" in page.split("govuk-details")[1]
    done.refresh_from_db()
    assert done.status == "resolved"


def test_who_is_not_done_yet_is_not_asked(world: World, client: Client) -> None:
    enquiry = enquiry_of(ask())
    assert "It is not solved" not in words(client.get(page_of(enquiry)).content.decode())
    data = {"again_key": new_key(), "again": "Hurry"}
    assert client.post(page_of(enquiry), data).status_code == 302
    assert ContactItem.objects.count() == 1


def test_the_page_of_a_linked_report_says_that_somebody_told_us_already(
    world: World, done: Enquiry, client: Client, clock: Clock
) -> None:
    agent = world.viewer(world.agent)
    first = enquiry_of(ask(sender=Sender(name="Sam Stone", email="sam@example.com")))
    second = enquiry_of(ask(at=NOW + timedelta(minutes=3)))
    links.link_duplicate(
        reference=second.reference, to=first.reference, viewer=agent, now=clock.now
    )
    page = words(client.get(page_of(second)).content.decode())
    assert "Somebody told us about this already. You need not do anything" in page
    assert "Thursday 19 November" in page
    assert "It is not solved" not in page
    for theirs in (first.reference, first.secret, "Sam", first.description):
        assert theirs not in page.replace(second.description, "")

    resolutions.resolve(
        reference=first.reference, viewer=agent, outcome=Outcome.COMPLETED,
        words="Emptied for Mr Stone.", now=clock.now,
    )  # fmt: skip
    page = words(client.get(page_of(second)).content.decode())
    assert "Stone" not in page  # it was said to him alone
    assert "It is not solved" in page
    by_web(world, second, "Not mine")
    second.refresh_from_db()
    assert second.status == "open"


def test_status_by_text_of_a_linked_report_says_how_the_other_stands(
    world: World, done: Enquiry, clock: Clock
) -> None:
    agent = world.viewer(world.agent)
    first = enquiry_of(ask(sender=Sender(name="Sam Stone", email="sam@example.com")))
    second = enquiry_of(ask(sender=JO, at=NOW + timedelta(minutes=3), tell_by="sms"))
    links.link_duplicate(
        reference=second.reference, to=first.reference, viewer=agent, now=clock.now
    )
    told = Phone(NUMBER).text(f"STATUS {second.reference}")
    assert "Sent to the team that deals with it (Wychavon District Council)" in told
    assert "Thursday 19 November" in told
    resolutions.resolve(
        reference=first.reference, viewer=agent, outcome=Outcome.COMPLETED,
        words="Emptied for Mr Stone.", now=clock.now,
    )  # fmt: skip
    told = Phone(NUMBER).text(f"STATUS {second.reference}")
    assert "Done" in told
    assert "Stone" not in told


def test_the_page_of_a_merged_report_goes_on_with_the_first(
    world: World, client: Client, clock: Clock
) -> None:
    agent = world.viewer(world.agent)
    first, second = enquiry_of(ask()), enquiry_of(ask(at=NOW + timedelta(minutes=3)))
    links.merge(reference=second.reference, into=first.reference, viewer=agent, now=clock.now)
    page = words(client.get(page_of(second)).content.decode())
    assert "We deal with both of your reports together" in page
    assert f"We deal with both as {first.reference}" in page

    resolutions.resolve(
        reference=first.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Emptied.",
        now=clock.now,
    )  # fmt: skip
    by_web(world, second, "Not mine")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("open", "resolved")


# -- from the page of the case itself ------------------------------------------------------------


def _page(enquiry: Enquiry) -> str:
    return f"/desk/cases/{enquiry.reference}/"


def test_inside_the_window_the_desk_opens_the_same_enquiry_again(
    world: World, done: Enquiry, client_for: Callable[..., Client]
) -> None:
    client = client_for(world.agent)
    page = client.get(_page(done)).content.decode()
    assert 'id="act-reopen"' in page
    assert 'id="act-follow"' not in page
    refused = act(client, _page(done), "follow", channel="phone", words="It is back")
    assert "Only what is closed for good is followed" in refused.content.decode()
    act(client, _page(done), "reopen", words="It is back")
    done.refresh_from_db()
    assert (done.status, Enquiry.objects.count()) == ("open", 1)


def test_after_the_window_the_desk_makes_a_new_one_that_follows_once(
    world: World, done: Enquiry, clock: Clock, client_for: Callable[..., Client]
) -> None:
    end_window(done, clock)
    client, key = client_for(world.agent), new_key()
    page = client.get(_page(done)).content.decode()
    assert 'id="act-reopen"' not in page
    assert 'id="act-follow"' in page

    for sent in (key, key, new_key()):  # a second press, and a colleague with the same words
        answer = client.post(
            f"{_page(done)}follow/", {"key": sent, "channel": "counter", "words": "It is full"}
        )
        assert answer.status_code == 303
    run_outbox()

    done.refresh_from_db()
    new = Enquiry.objects.exclude(pk=done.pk).get()
    assert answer["Location"] == _page(new)
    assert (done.status, done.reopened_count) == ("closed", 0)
    assert (new.description, new.status) == ("It is full", "referred")
    assert (new.person, new.tell_by) == (done.person, done.tell_by)
    assert (new.service, new.postcode) == (done.service, done.postcode)
    tie = EnquiryLink.objects.get()
    assert (tie.kind, tie.enquiry, tie.target) == ("follows", new, done)
    came = new.first_contact
    assert (came.channel, came.agent, came.started_at) == ("counter", world.agent, clock.now)
    item = ContactItem.objects.get(contact=came)
    assert (item.enquiry, item.about, item.evidence) == (new, done, ["agent_chose"])
    assert done.reference in client.get(_page(new)).content.decode()


def test_what_was_closed_while_the_page_stood_open_is_not_opened_again(
    world: World, done: Enquiry, clock: Clock, client_for: Callable[..., Client]
) -> None:
    end_window(done, clock)
    clock.now += timedelta(days=400)
    refused = act(client_for(world.agent), _page(done), "reopen", words="It is back")
    page = refused.content.decode()
    assert "closed for good" in page
    assert "It is back" in page
    assert 'id="act-follow"' in page
    done.refresh_from_db()
    assert (done.status, done.reopened_count) == ("closed", 0)


def test_a_merged_report_that_is_closed_sends_the_desk_to_where_it_goes_on(
    world: World, done: Enquiry, clock: Clock, client_for: Callable[..., Client]
) -> None:
    first, again = (enquiry_of(ask(sender=JO)) for _ in range(2))
    agent = world.viewer(world.agent)
    links.merge(reference=again.reference, into=first.reference, viewer=agent, now=NOW)
    again.refresh_from_db()
    end_window(again, clock)
    client = client_for(world.agent)
    assert 'id="act-follow"' not in client.get(_page(again)).content.decode()
    refused = act(client, _page(again), "follow", channel="phone", words="It is back")
    assert f"It goes on in {first.reference}" in refused.content.decode()
    assert Enquiry.objects.count() == 3


def test_who_may_not_end_a_case_follows_none(
    world: World, done: Enquiry, clock: Clock, client_for: Callable[..., Client]
) -> None:
    end_window(done, clock)
    for user in (world.manager, world.officer, world.outsider):
        answer = act(client_for(user), _page(done), "follow", channel="phone", words="Back")
        assert answer.status_code == 404
    assert Enquiry.objects.count() == 1
