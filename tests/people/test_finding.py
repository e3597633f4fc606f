"""Somebody is found by what an agent hears, and nobody's name stands in an address or a log."""

from __future__ import annotations

import pytest
from django.db import connection

from customers import queries_find, queries_likely
from customers.models import GivenName, Person, PostalAddress
from enquiries.inbound import Sender
from enquiries.queries import people
from kb.models import Service
from tests.bench import people as bench
from tests.desk.steps import looked_up, open_contact, people_like, text
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(world):
    """Somebody with an accent, a namesake elsewhere, and somebody with a number alone."""
    for name, phone, postcode in [
        ("Siân O'Brien", "07700 900111", "WR11 3DA"),
        ("Sian Obrien", "07700 900222", "WR1 3EZ"),
        ("", "07700 913210", ""),
    ]:
        ask(sender=Sender(name=name, phone=phone, postcode=postcode))
    GivenName.objects.create(person=Person.objects.get(postcode="WR11 3DA"), name="Cerys Pugh",
                             recorded_at=NOW)  # fmt: skip
    PostalAddress.objects.create(person=Person.objects.get(postcode="WR1 3EZ"), kind="work",
                                 address="1 High Street", uprn="100120001234",
                                 recorded_at=NOW)  # fmt: skip
    return world.viewer(world.agent)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Łukasz Dąbrowski", "lukasz dabrowski"),
        ("Lukasz Dabrowski", "Łukasz Dąbrowski"),
        ("Bjørn Groß", "Bjorn Gross"),
        ("Pat O Brien", "Pat O'Brien"),
        ("Pat O’Brien", "Pat O Brien"),
        ("Pat O Brien", "Brien"),
        ("Ann Mc Donald", "Ann McDonald"),
        ("Mac Smith", "Smith"),
    ],
)
def test_a_name_is_found_as_somebody_else_spells_it(world, stored, typed):
    ask(sender=Sender(name=stored, phone="07700 900111"))
    who = world.viewer(world.agent)
    assert [row.name for row in queries_find.search(who, typed)] == [stored]
    if " " in typed:
        assert queries_likely.likely(who, queries_likely.Details(name=typed))


@pytest.mark.parametrize(
    ("typed", "whom"),
    [
        ("sian o'brien wr11 3da", ["WR11 3DA"]),
        ("shan obryen WR113DA", ["WR11 3DA"]),  # as it was heard
        ("Sian OBrien WR11 3DB", ["WR11 3DA"]),  # a letter of the postcode is wrong
        ("obrien", ["WR1 3EZ", "WR11 3DA"]),
        ("Cerys Pugh", ["WR11 3DA"]),  # another name of theirs
        ("brie", ["WR1 3EZ", "WR11 3DA"]),
        ("wr11", ["WR11 3DA"]),
        ("3210", [""]),
        ("07700 900222", ["WR1 3EZ"]),
        ("obrien 0222", ["WR1 3EZ"]),
        ("100120001234", ["WR1 3EZ"]),
        ("%", []),
        ("O_B%", []),
        ("nobody at all", []),
    ],
)
def test_somebody_is_found_by_what_was_heard(three, typed, whom):
    found = queries_find.search(three, typed)
    assert sorted(row.postcode for row in found) == sorted(whom)


def test_a_reference_leads_to_who_asked_and_a_sensitive_one_only_who_finds_it(world):
    enquiry = enquiry_of(ask())
    who = world.viewer(world.agent)
    assert [row.id for row in people.search(who, enquiry.reference.lower())] == [enquiry.person_id]
    Service.objects.update(sensitive=True)
    assert people.search(who, enquiry.reference) == []
    assert people.search(world.viewer(world.manager), "Jo Bloggs") == []


def test_what_is_looked_for_stands_sealed_in_the_address_and_opens_for_who_looked(
    world, client_for
):
    ask()
    client = client_for(world.agent)
    address = people_like(client, "Jo Bloggs", follow=False)
    assert "Bloggs" not in address
    assert "jo@example.com" in text(client.get(address))  # back, and reload
    assert "jo@example.com" not in text(client_for(world.administrator).get(address))
    assert "jo@example.com" not in text(client.get("/desk/people/?q=Jo+Bloggs"))
    contact = open_contact(client)
    page = looked_up(client, contact, "Jo Bloggs")
    assert "Bloggs" not in page.redirect_chain[-1][0]
    assert "jo@example.com" in text(page)


def test_every_search_has_its_index(world):
    """What the planner chooses at a million, and how long it takes: python -m tests.bench.people.

    Few are read through sooner than an index; told not to, it has to find one for everything.
    """
    bench.fill(2_000)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert bench.scans() == []
