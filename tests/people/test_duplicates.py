"""Whoever is added is held against those who are alike first, and what was said of it is kept."""

from __future__ import annotations

import pytest

from customers import queries_likely
from customers.models import Apart, Person
from customers.queries import rows_of
from customers.queries_likely import Details, Why
from enquiries.inbound import Sender
from enquiries.models import Contact
from tests.desk.steps import new_key, open_contact, text
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo(world):
    """Somebody whom we know."""
    sender = Sender(name="Jo Bloggs", phone="07700 900123", postcode="WR11 3DA")
    person = enquiry_of(ask(sender=sender)).person
    assert person is not None
    return person


@pytest.mark.parametrize(
    ("details", "why"),
    [
        (Details(name="Joe Blogs", phones=("+447700900123",)), (Why.PHONE, Why.SOUND)),
        (Details(name="Ann Other", phones=("+447700900123",)), (Why.PHONE,)),
        (Details(name="jo bloggs"), (Why.NAME,)),
        (Details(name="Jo Blogs", postcode="wr113da"), (Why.SOUND, Why.POSTCODE)),
        (Details(name="Ann Other", postcode="WR11 3DA"), None),  # a neighbour
        (Details(name="Joe Blogs"), None),  # sounds so, and nothing else
    ],
)
def test_who_is_likely_and_why(world, jo, details, why):
    found = queries_likely.likely(world.viewer(world.agent), details)
    assert [one.why for one in found] == ([why] if why else [])
    assert queries_likely.likely(world.viewer(world.manager), details) == []


def test_a_likely_one_is_shown_before_anybody_is_added(world, jo, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    new = {"key": new_key(), "name": "Joe Blogs", "phone": "07700 900123", "email": ""}
    page = text(client.post(f"{contact}add-person/", new))
    assert "We may know them already" in page
    assert "They have the same phone number and a name that sounds the same" in page
    assert Person.objects.count() == 1
    client.post(f"{contact}person/", {"person": str(jo.public_id)})
    assert Contact.objects.latest("pk").person_id == jo.pk


def test_somebody_else_is_added_once_and_it_is_remembered(world, jo, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    new = {"key": new_key(), "name": "Joe Blogs", "phone": "07700 900123", "email": ""}
    new["somebody_else"] = str(jo.public_id)
    for _ in range(2):
        assert client.post(f"{contact}add-person/", new).status_code == 303
    joe = Person.objects.exclude(pk=jo.pk).get()
    assert Contact.objects.latest("pk").person_id == joe.pk
    assert list(Apart.objects.values_list("one_id", "other_id")) == [(jo.pk, joe.pk)]
    who = world.viewer(world.agent)
    assert queries_likely.of_person(who, rows_of([joe.pk])[0]) == []
    # Whom nobody has looked at is shown all the same.
    third = {**new, "key": new_key(), "name": "Jo Blogs"}
    contact = open_contact(client)
    assert "We may know them already" in text(client.post(f"{contact}add-person/", third))


def test_the_same_name_and_number_are_the_same_person(world, jo, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    new = {"name": "jo bloggs", "phone": "07700900123", "email": ""}
    assert client.post(f"{contact}add-person/", new).status_code == 303
    assert Contact.objects.latest("pk").person_id == jo.pk
