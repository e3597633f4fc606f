"""A contact as a whole: what it is about, how it ends, what waits, who goes on, who is rung."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Team, User
from accounts.permissions import Role
from core.models import AuditEvent
from customers.models import Person
from desk import leading
from enquiries import clocks
from enquiries.actions import unfinished, wrapping_up
from enquiries.inbound import Sender
from enquiries.models import (
    AboutOffer,
    Contact,
    ContactItem,
    Enquiry,
    EnquiryEvent,
    EnquiryLink,
    HandOver,
)
from enquiries.queries import contacts as reading
from enquiries.queries import ledger
from inbox import actions_wanted, queries_calls
from inbox.models import Callback
from teamwork import actions_drafts
from tests.desk.staff import somebody
from tests.desk.steps import new_key, open_contact, raise_one, text
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db
JO = Sender(name="Jo Bloggs", email="jo@example.com", phone="07700 900123")
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "contact-about"}


@pytest.fixture
def colleague(world, client_for):
    """Another agent of the hub, in its team, at a desk."""
    user = somebody(world, email="second@hub.demo", role=Role.AGENT)
    User.objects.filter(pk=user.pk).update(is_demo=True)
    team = Team.objects.get(organisation=world.organisations["hub"], is_default=True)
    Membership.objects.filter(user=user).update(team=team)
    user.refresh_from_db()
    return user


def known(client, contact: str) -> str:
    """The page of a contact with Jo."""
    person = Person.objects.filter(full_name="Jo Bloggs").first()
    if person is None:
        jo = {"name": "Jo Bloggs", "phone": "07700 900123", "email": "jo@example.com"}
        client.post(f"{contact}add-person/", {"key": new_key(), **jo})
    else:
        client.post(f"{contact}person/", {"person": str(person.public_id)})
    return text(client.get(contact))


def of(contact: str) -> Contact:
    return Contact.objects.get(public_id=contact.rstrip("/").rpartition("/")[2])


def link(client, contact: str, about: Enquiry, kind: str, *offered: str, **more):
    data = {"key": new_key(), "about": about.reference, "kind": kind, "offered": list(offered)}
    return client.post(f"{contact}link/", data, follow=True, **more)


def test_one_key_links_what_it_is_about_and_keeps_what_was_offered_beside_it(world, client_for):
    older, newer = enquiry_of(ask(sender=JO)), enquiry_of(ask(sender=JO, service="pothole"))
    Enquiry.objects.filter(pk=older.pk).update(due_at=timezone.now() - timedelta(days=2))
    client = client_for(world.agent)
    contact = open_contact(client)
    page = known(client, contact)
    shown = re.findall(r'name="about" value="([^"]+)"', page)
    assert shown == [newer.reference, older.reference]
    assert "Theirs: 2 days late" in page
    offered = [f"{one}:person" for one in shown]
    part = link(client, contact, older, "chase", *offered, **PART)
    said = text(part)
    assert 'id="contact-about"' in said
    assert re.search(r'id="contact-cards"[^>]* hx-swap-oob="true"', said)
    assert "<html" not in said
    item = ContactItem.objects.get(kind="chase")
    assert (item.enquiry, item.evidence, item.desk_answer) == (older, ["agent_chose"], "yes")
    answers = dict(AboutOffer.objects.values_list("enquiry__reference", "answer"))
    assert answers == {older.reference: "yes", newer.reference: ""}
    lines = [line for line in ledger.ledger([older.pk]) if line["type"] == "item"]
    assert [line.get("desk_answer") for line in lines] == [None, "yes"]
    # An old page, or a key that is held, says it again: it counts once.
    again = text(link(client, contact, older, "chase", *offered))
    assert f"written down on {older.reference} already" in again
    assert ContactItem.objects.filter(kind="chase").count() == 1


def test_none_of_these_is_written_down_and_what_is_raised_then_says_so(world, client_for):
    earlier = enquiry_of(ask(sender=JO))
    client = client_for(world.agent)
    contact = open_contact(client)
    known(client, contact)
    for _ in range(2):
        client.post(f"{contact}none-of-these/", {"offered": [f"{earlier.reference}:person"]})
    assert AboutOffer.objects.get().answer == "no"
    assert "None of those: written down" in text(client.get(contact))
    raise_one(client, contact, service="pothole")
    assert ContactItem.objects.get(contact=of(contact)).desk_answer == "no"


def test_somebody_elses_report_of_the_place_is_joined_and_never_taken_for_theirs(world, client_for):
    ann = Sender(name="Ann Other", email="ann@example.com")
    theirs = enquiry_of(ask(sender=ann, service="pothole", words="Ann is ill and cannot carry it"))
    Enquiry.objects.filter(pk=theirs.pk).update(address="By the bridge")
    client = client_for(world.agent)
    contact = open_contact(client)
    known(client, contact)
    looked = {"look": "1", "service": "pothole", "postcode": "WR11 3DA"}
    page = text(client.post(f"{contact}raise/", looked))
    assert "Somebody else’s, same postcode" in page
    assert "By the bridge" in page
    assert "Ann" not in page
    link(client, contact, theirs, "too", f"{theirs.reference}:place")
    made = Enquiry.objects.exclude(pk=theirs.pk).get()
    tie = EnquiryLink.objects.get(enquiry=made)
    assert (tie.kind, tie.target) == ("duplicate", theirs)
    assert (made.outcome, made.postcode) == ("duplicate", theirs.postcode)
    assert ContactItem.objects.get(enquiry=made).about is None


def test_a_wrap_up_says_how_it_ended_and_why_it_need_not_have_been(world, client_for):
    earlier = enquiry_of(ask(sender=JO))
    client = client_for(world.agent)
    contact = open_contact(client)
    known(client, contact)
    link(client, contact, earlier, "chase")
    raise_one(client, contact, service="pothole")
    page = text(client.get(contact))
    assert re.search(r'value="progress_chasing" selected', page)
    refused = client.post(f"{contact}wrap-up/", {"outcome": "nonsense"})
    assert "Choose how it ended" in text(refused)
    client.post(f"{contact}wrap-up/", {"outcome": "told", "avoidable": "clarification", "note": ""})
    row = of(contact)
    assert (row.outcome, row.ended_at is not None) == ("told", True)
    reasons = dict(row.items.values_list("kind", "avoidable"))
    assert reasons == {"chase": "clarification", "new": ""}
    # The read side is told: a line on each ledger, and none of it leaves in the export.
    assert EnquiryEvent.objects.filter(type="enquiry.contact_ended").count() == 2
    sent = {line.get("event") for line in ledger.ledger([earlier.pk])}
    assert "contact_ended" not in sent


def test_what_was_begun_and_not_sent_is_told_and_holds_up_no_wrap_up(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    assert "Not sent yet" not in text(client.get(contact))
    client.post(f"{contact}scripts/", {"key": new_key(), "service": "pothole"})
    actions_drafts.keep(
        viewer=world.viewer(world.agent),
        form=f"contact:{of(contact).public_id}:raise",
        fields={"description": "half a wo"},
        seen="",
        now=timezone.now(),
    )
    page = text(client.get(contact))
    assert "Not sent yet:" in page
    assert "Pothole, 0 answers" in page
    assert "what you wrote about a need" in page
    ended = client.post(f"{contact}wrap-up/", {"note": ""}, follow=True)
    assert of(contact).ended_at is not None
    said = text(ended)
    assert "Contact wrapped up" in said
    assert "Not sent in it: Pothole, 0 answers; what you wrote" in said


def test_the_next_call_is_taken_with_one_unfinished_which_waits_and_is_chased(world, client_for):
    client, now = client_for(world.agent), timezone.now()
    first = open_contact(client, channel="counter", waited="7")
    assert of(first).queue_wait == 420
    second = open_contact(client)
    parked = of(first).parked_at
    assert parked is not None
    assert of(second).parked_at is None
    assert "Parked" in text(client.get("/desk/contact/"))
    assert "1 other contact of yours is not wrapped up" in text(client.get(second))
    assert unfinished.chase(now=now) == 0
    late = now + unfinished.FIRST + timedelta(minutes=1)
    assert [unfinished.chase(now=late) for _ in range(2)] == [1, 0]
    assert unfinished.chase(now=late + unfinished.AGAIN) == 1
    assert (of(first).chases, of(second).chases) == (2, 0)
    assert "Wrap it up" in text(client.get("/desk/contact/"))
    leader = text(client_for(world.manager).get("/desk/contact/unfinished/"))
    assert str(world.agent) in leader
    assert "2 times" in leader
    assert client.get("/desk/contact/unfinished/").status_code == 404
    # What is typed at leisure makes nobody's visit longer.
    client.post(f"{first}wrap-up/", {"note": "Later"})
    assert of(first).ended_at == parked


def test_a_warm_hand_over_is_one_contact_with_one_clock(world, client_for, colleague):
    client, other = client_for(world.agent), client_for(colleague)
    contact = open_contact(client)
    raise_one(client, contact)
    began = of(contact).started_at
    data = {
        "key": new_key(),
        "to": f"person:{colleague.pk}",
        "words": "Bins, then rent",
        "how": "warm",
    }
    client.post(f"{contact}hand-over/", data)
    assert "Bins, then rent" not in HandOver.objects.get().sealed
    assert "Bins, then rent" in text(other.get("/desk/contact/"))
    accept = f"/desk/contact/offered/{HandOver.objects.get().public_id}/accept/"
    assert client.post(accept).status_code == 404
    for _ in range(2):
        assert other.post(accept)["Location"] == contact
    row = of(contact)
    assert (row.agent_id, row.started_at, Contact.objects.count()) == (colleague.pk, began, 1)
    assert "Bins, then rent" in text(other.get(contact))
    # What is raised after it was transferred with it: each need says so.
    raise_one(other, contact, service="pothole")
    lines = EnquiryEvent.objects.filter(type="enquiry.transferred")
    assert [line.data["mode"] for line in lines] == ["warm", "warm"]
    assert all(line.data["same_sitting"] and line.data["context_carried"] for line in lines)
    other.post(f"{contact}wrap-up/", {})
    assert HandOver.objects.get().sealed == ""


def test_a_colleagues_contact_is_theirs_until_it_is_taken_over(
    world, client_for, colleague, monkeypatch
):
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "enquiries.actions.hand_overs.live.say", lambda to, what: told.append((to, what["what"]))
    )
    client, other = client_for(world.agent), client_for(colleague)
    contact = open_contact(client)
    for act, data in (("wrap-up", {}), ("park", {}), ("outage", {"key": new_key()})):
        assert "has this contact. Take it over first" in text(
            other.post(f"{contact}{act}/", data, follow=True)
        ), act
    assert raise_one(other, contact).status_code == 303
    assert not Enquiry.objects.exists()
    assert (of(contact).ended_at, of(contact).parked_at) == (None, None)
    page = text(other.get(contact))
    assert f"Take over from {world.agent}" in page
    assert "Raise this enquiry" not in page
    for _ in range(2):
        other.post(f"{contact}take-over/")
    assert of(contact).agent_id == colleague.pk
    told = [one for one in told if one[0] != "team"]
    assert told == [
        (f"contact:{contact.split('/')[-2]}", "handed"),
        (f"staff:{world.agent.pk}", "taken_over"),
    ]
    assert AuditEvent.objects.filter(action="contact.taken_over").count() == 1
    assert f"{colleague} has this contact" in text(client.get(contact))
    assert raise_one(other, contact).status_code == 303
    # Who leads may end what stands open.
    client_for(world.administrator).post(f"{contact}wrap-up/", {})
    assert of(contact).ended_at is not None


def test_who_is_put_through_is_a_contact_of_their_own(world, client_for, colleague):
    client, other = client_for(world.agent), client_for(colleague)
    team = Team.objects.get(organisation=world.organisations["hub"], is_default=True)
    contact = open_contact(client)
    raise_one(client, contact)
    data = {"key": new_key(), "to": f"team:{team.pk}", "words": "Rent", "how": "cold"}
    client.post(f"{contact}hand-over/", data)
    line = EnquiryEvent.objects.get(type="enquiry.transferred")
    assert (line.data["mode"], line.data["same_sitting"]) == ("cold", False)
    client.post(f"{contact}wrap-up/", {})
    offer = HandOver.objects.get()
    assert offer.answer == ""
    made = other.post(f"/desk/contact/offered/{offer.public_id}/accept/")["Location"]
    assert made != contact
    assert of(made).queue_wait is not None


def test_they_are_rung_at_the_time_that_they_chose_while_somebody_is_there(world, client_for):
    client, now = client_for(world.agent), timezone.now()
    contact = open_contact(client)
    day = next(
        iter(
            re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', client.get(contact).content.decode())[
                1:
            ]
        )
    )
    data = {"key": new_key(), "day": day, "at": "3.15", "phone": "12"}
    assert "Nobody is there then" in text(
        client.post(f"{contact}ring-back/", {**data, "phone": "07700 900123"})
    )
    assert "phone" in text(client.post(f"{contact}ring-back/", {**data, "at": "2:30pm"}))
    good = {**data, "key": new_key(), "at": "2:30pm", "phone": "07700 900123"}
    assert client.post(f"{contact}ring-back/", good).status_code == 303
    line = Callback.objects.get()
    assert line.wanted_at is not None
    assert line.wanted_at.astimezone(clocks.LONDON).strftime("%Y-%m-%d %H:%M") == f"{day} 14:30"
    agent = world.viewer(world.agent)
    assert queries_calls.callbacks(agent, now=now) == []
    assert len(queries_calls.later(agent, now=now)) == 1
    assert "At a time that they chose" in text(client.get("/desk/callbacks/"))
    # Who is to be rung later is counted, and not told as somebody who waits now.
    for page in ("/desk/", "/desk/callbacks/"):
        assert "0 now, 1 later" in text(client.get(page))
    assert "Nobody to be rung back now, 1 later" in text(client.get("/desk/contact/"))
    wall = next(one for one in leading.wall(agent, now=now) if one.label == "To be rung back")
    assert (wall.value, "1 more later" in wall.note) == ("0", True)
    due = line.wanted_at - timedelta(minutes=4)
    assert len(queries_calls.callbacks(agent, now=due)) == 1
    assert [len(actions_wanted.remind(now=due)) for _ in range(2)] == [1, 0]
    assert wrapping_up.likely_outcome([], is_rung_back=True).value == "callback"
    client.post(f"{contact}ring-back-off/")
    assert not Callback.objects.exists()


def test_nobody_elses_unfinished_contacts_are_named_to_who_leads(world, client_for):
    ask(sender=JO)
    client = client_for(world.agent)
    known(client, open_contact(client))
    assert [one.person for one in reading.unfinished(world.viewer(world.agent))] == ["Jo Bloggs"]
    assert "Jo Bloggs" not in text(client_for(world.manager).get("/desk/contact/unfinished/"))
