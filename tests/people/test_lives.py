"""Alerts for who needs to know, who speaks for whom, and a new address that all are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.permissions import Role
from core.models import AuditEvent
from customers import queries_moves
from customers.models import Alert, ContactPoint, MoveNotice, Person, PostalAddress, Proxy
from enquiries.actions import moving
from enquiries.inbound import Sender
from enquiries.models import Contact, Enquiry
from notifications.models import Notification
from teamwork.actions_undo import SECONDS
from tests.desk.staff import somebody
from tests.desk.steps import new_key, open_contact, raise_one, text, work
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db
WHY = "Shouted at staff, two visit"


@pytest.fixture
def jo(world):
    """Somebody with a bin that Wychavon has accepted to empty."""
    enquiry = enquiry_of(ask(sender=Sender(name="Jo Bloggs", phone="07700 900123")))
    work()
    enquiry.refresh_from_db()
    return enquiry


def _do(client, page, what, /, **data):
    return client.post(f"{page}{what}/", {"key": new_key(), **data})


def _page(enquiry) -> str:
    return f"/desk/people/{enquiry.person.public_id}/"


def test_why_is_read_by_who_needs_to_know_and_each_look_is_kept(world, jo, client_for):
    client, page = client_for(world.agent), _page(jo)
    alert = {"kind": "safety", "why": WHY, "seen_by": "handling"}
    assert _do(client, f"{page}details/", "alert", **alert).status_code == 303
    shown = text(client.get(page))
    assert "Safety of staff" in shown
    assert WHY not in shown
    assert not AuditEvent.objects.filter(action="alert.viewed").exists()
    jo.assignee = world.agent
    jo.save(update_fields=["assignee"])
    assert WHY in text(client.get(page))
    assert AuditEvent.objects.filter(action="alert.viewed").count() == 1
    assert WHY not in text(client_for(world.administrator).get(page))


def test_what_only_safeguarding_may_know_nobody_else_learns_that_there_is(world, jo, client_for):
    lead = client_for(somebody(world, email="lead@hub.demo", role=Role.SAFEGUARDING))
    Alert.objects.create(person=jo.person, kind="safety", why=WHY, seen_by="safeguarding",
                         recorded_at=NOW, review_on=NOW)  # fmt: skip
    assert "Safety of staff" not in text(client_for(world.agent).get(_page(jo)))
    refused = _do(client_for(world.agent), f"{_page(jo)}details/", "alert", kind="safety",
                  why=WHY, seen_by="safeguarding")  # fmt: skip
    assert refused.status_code == 422
    assert "Only safeguarding writes" in text(refused)
    assert lead.get(_page(jo)).status_code == 404  # without the desk they see no people


def test_names_numbers_and_addresses_are_several(world, jo, client_for):
    client, page = client_for(world.agent), f"{_page(jo)}details/"
    _do(client, page, "name", name="Joanna Hill", use="on")
    _do(client, page, "reach", phone="07700 900999", email="")
    new = ContactPoint.objects.get(value="+447700900999")
    _do(client, page, "prefer", point=str(new.pk))
    old = ContactPoint.objects.get(value="+447700900123")
    _do(client, page, "bad", point=str(old.pk))
    _do(client, page, "address", kind="work", address="2 Mill Lane", postcode="", uprn="",
        is_seen="on")  # fmt: skip
    shown = text(client.get(_page(jo)))
    assert "Joanna Hill" in shown
    assert 'Also known as <span class="hub-said" dir="auto">Jo Bloggs' in shown
    assert "2 Mill Lane" in shown
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.unusable_at is not None, new.is_preferred) == (True, True)
    refused = _do(client, page, "reach", phone="nothing", email="")
    assert "Enter a phone number, like" in text(refused)


def test_who_speaks_for_somebody_stands_on_both_pages_with_its_limits(world, jo, client_for):
    client = client_for(world.agent)
    ann = enquiry_of(ask(sender=Sender(name="Ann Bloggs", phone="07700 900777"))).person
    assert ann is not None
    given = {"acts": str(ann.public_id), "relation": "daughter", "basis": "unproved", "may": "all"}
    refused = _do(client, f"{_page(jo)}details/", "acts", **given)
    assert "no more than what they reported" in text(refused)
    _do(client, f"{_page(jo)}details/", "acts", **{**given, "basis": "attorney"})
    assert "may speak for them" in text(client.get(_page(jo)))
    assert "They may speak for" in text(client.get(f"/desk/people/{ann.public_id}/"))
    over = {"which": str(Proxy.objects.get().public_id)}
    _do(client, f"{_page(jo)}details/", "acts-over", **over)
    assert "may speak for them" not in text(client.get(_page(jo)))


def test_a_new_address_is_told_to_whom_it_touches_until_each_says_that_it_knows(
    world, jo, client_for
):
    agent, officer = client_for(world.agent), client_for(world.officer)
    referral = officer.get("/desk/referrals/").content.decode()
    assert jo.reference in referral
    new = {"address": "5 New Road\nEvesham", "postcode": "WR11 3DA", "uprn": ""}
    wrong = _do(agent, f"{_page(jo)}details/", "move", **{**new, "uprn": "12x"})
    assert "A UPRN is a number of up to 12 digits" in text(wrong)
    _do(agent, f"{_page(jo)}details/", "move", **new)
    jo.person.refresh_from_db()
    assert jo.person.address == "5 New Road\nEvesham"
    notice = MoveNotice.objects.get(organisation=world.organisations["wychavon"])
    assert notice.about == [jo.reference]
    first = notice.told_at
    moving.tell_due(now=first)
    assert not Notification.objects.filter(event="moved_home").exists(), "it can be taken back yet"
    for after, count in ((0, 1), (0, 1), (3, 2)):
        moving.tell_due(now=first + SECONDS + timedelta(days=after))
        assert Notification.objects.filter(event="moved_home").count() == count
    # Not accepted yet: nobody's name, nobody's home.
    page = text(officer.get("/desk/moves/"))
    assert "New Road" not in page
    assert "Jo Bloggs" not in page
    assert "Not yet" in text(agent.get(_page(jo)))
    outsider = client_for(world.outsider).post(
        f"/desk/moves/{notice.public_id}/known/", {"key": new_key()}
    )
    assert outsider.status_code == 404
    for _ in range(2):
        officer.post(f"/desk/moves/{notice.public_id}/known/", {"key": new_key()})
    assert "Knows" in text(agent.get(_page(jo)))
    assert AuditEvent.objects.filter(action="person.move_acknowledged").count() == 1
    # Moved again: told again, and the old address stays known.
    _do(agent, f"{_page(jo)}details/", "move", **{**new, "address": "6 New Road\nEvesham"})
    assert MoveNotice.objects.filter(acknowledged_at=None, withdrawn_at=None).count() == 1
    assert list(PostalAddress.objects.values_list("kind", flat=True)) == ["before"]
    # And again before they knew: what they still have is the last address that they knew of.
    _do(agent, f"{_page(jo)}details/", "move", **{**new, "address": "7 New Road\nEvesham"})
    (newest,) = queries_moves.open_of(world.viewer(world.officer))
    assert newest.from_address == "5 New Road\nEvesham WR11 3DA"
    assert newest.to_address == "7 New Road\nEvesham WR11 3DA"


def test_calling_for_my_mother_is_hers_and_tells_what_was_agreed(world, jo, client_for):
    client = client_for(world.agent)
    ann = enquiry_of(ask(sender=Sender(name="Ann Bloggs", phone="07700 900777"))).person
    assert ann is not None
    Person.objects.filter(pk=jo.person_id).update(postcode=jo.postcode)
    contact = open_contact(client)
    client.post(f"{contact}person/", {"person": str(ann.public_id)})
    her = {"person": str(jo.person.public_id)}
    said = text(client.post(f"{contact}act-for/", her, follow=True))
    assert "Write down first on what basis" in said
    given = {"acts": str(ann.public_id), "relation": "daughter", "basis": "asked", "may": "own"}
    _do(client, f"{_page(jo)}details/", "acts", **given)
    assert "They are in touch for Jo Bloggs" in text(client.get(contact))

    for _ in range(2):
        page = text(client.post(f"{contact}act-for/", her, follow=True))
    assert "Ann Bloggs</a> (daughter) is in touch for them" in page
    assert jo.reference not in page  # she may hear of what she reported, and of nothing else
    raise_one(client, contact)
    hers = Enquiry.objects.latest("pk")
    assert hers.person_id == jo.person_id
    assert "told us for them" in text(client.get(f"/desk/cases/{hers.reference}/"))
    again = open_contact(client)
    client.post(f"{again}person/", {"person": str(ann.public_id)})
    client.post(f"{again}act-for/", her)
    page = text(client.get(again))
    assert hers.reference in page
    assert jo.reference not in page

    Proxy.objects.update(ended_at=NOW)
    page = text(client.get(again))
    assert "tell them nothing" in page
    assert hers.reference not in page
    client.post(f"{again}act-for/", {})
    assert Contact.objects.latest("pk").person_id == ann.pk
