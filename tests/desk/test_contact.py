"""A call or a visit: who it is, one or several needs, and each written down once."""

from __future__ import annotations

import pytest

from customers.models import Person
from enquiries.models import Contact, ContactItem, Enquiry, Referral
from tests.desk.steps import (
    SCRIPT,
    looked_up,
    new_key,
    open_contact,
    people_like,
    raise_one,
    text,
    work,
)
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db


def test_a_call_with_two_enquiries_one_answered_and_one_sent_on(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    client.post(
        f"{contact}add-person/", {"name": "Jo Bloggs", "phone": "07700 900123", "email": ""}
    )
    raise_one(client, contact)
    raise_one(
        client,
        contact,
        service="council-tax-bill",
        description="When is the next instalment due?",
        how="answer",
        answer="On the first of December.",
    )
    work()

    sent_on, answered = Enquiry.objects.order_by("pk")
    assert sent_on.status == "referred"
    assert sent_on.owner == world.organisations["wychavon"]
    assert (answered.status, answered.outcome) == ("resolved", "answered")
    assert answered.public_words == "On the first of December."
    # Both belong to the one contact, which is still open, with its agent and its person.
    row = Contact.objects.get()
    assert (row.channel, row.agent_id, row.ended_at) == ("phone", world.agent.pk, None)
    assert {sent_on.first_contact_id, answered.first_contact_id} == {row.pk}
    assert {sent_on.person_id, answered.person_id} == {row.person_id}

    page = text(client.get(contact))
    assert sent_on.reference in page
    assert answered.reference in page
    assert "With Wychavon District Council" in page
    assert "Promised by" in page
    assert "Answered in this contact" in page

    assert client.post(f"{contact}wrap-up/", {"note": "Content"})["Location"] == "/desk/contact/"
    row.refresh_from_db()
    assert row.ended_at is not None
    assert row.note == "Content"
    assert "This contact is wrapped up" in text(client.get(contact))


def test_the_same_form_sent_twice_changes_nothing(world, client_for):
    client, key = client_for(world.agent), new_key()
    first = client.post("/desk/contact/", {"channel": "counter", "key": key})
    again = client.post("/desk/contact/", {"channel": "counter", "key": key})
    assert first["Location"] == again["Location"]
    contact = first["Location"]

    need = new_key()
    assert raise_one(client, contact, key=need).status_code == 303
    assert raise_one(client, contact, key=need).status_code == 303
    assert Enquiry.objects.count() == 1
    assert Contact.objects.count() == 1


def test_a_used_form_with_other_words_is_refused_and_nothing_is_lost(world, client_for):
    client, key = client_for(world.agent), new_key()
    contact = open_contact(client)
    raise_one(client, contact, key=key)
    response = raise_one(client, contact, key=key, description="Quite another thing")
    assert response.status_code == 422
    assert "sent before with other words" in text(response)
    assert "Quite another thing" in text(response)
    assert key not in text(response)  # a new key: the words may be sent after all
    assert Enquiry.objects.count() == 1


def test_an_agent_may_choose_the_organisation_over_the_rules(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    response = raise_one(client, contact, how="hand")
    assert response.status_code == 422
    assert "Choose who it goes to" in text(response)
    raise_one(client, contact, how="hand", send_to="worcester-city")
    work()
    assert Referral.objects.get().organisation == world.organisations["worcester-city"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nowhere", "Enter a full postcode, like WR1 3EZ"),
        ("WR9 9ZZ", "We do not know WR9 9ZZ in Worcestershire. Check it, use a postcode nearby"),
        ("SW1A 1AA", "SW1A 1AA is outside Worcestershire. Check the postcode, or ask the council"),
    ],
)
def test_a_postcode_that_is_none_is_said_beside_the_field(world, client_for, typed, words):
    client = client_for(world.agent)
    response = raise_one(client, open_contact(client), postcode=typed)
    assert response.status_code == 422
    assert words in text(response)
    assert 'href="#raise_postcode"' in text(response)
    assert "The bin was not emptied" in text(response)
    assert not Enquiry.objects.exists()


def test_somebody_known_is_found_and_chosen(world, client_for):
    earlier = enquiry_of(ask())
    client = client_for(world.agent)
    contact = open_contact(client)
    page = text(looked_up(client, contact, "jo@example.com"))
    person = Person.objects.get()
    assert str(person.public_id) in page
    chosen = client.post(f"{contact}person/?q=bin&find=x", {"person": str(person.public_id)})
    assert chosen["Location"] == f"{contact}?q=bin&then=next"
    page = text(client.get(contact))
    assert "Is it about this?" in page
    assert earlier.reference in page


def test_a_contact_about_an_earlier_enquiry_is_one_more_thing_said_about_it(world, client_for):
    earlier = enquiry_of(ask())
    client = client_for(world.agent)
    contact, key = open_contact(client), new_key()
    data = {
        "key": key,
        "about": earlier.reference.lower().replace("-", " "),
        "kind": "chase",
        "words": "When do you come?",
        "avoidable": "progress_chasing",
    }
    for _ in range(2):
        assert client.post(f"{contact}about/", data).status_code == 303
    item = ContactItem.objects.get(kind="chase")
    assert (item.enquiry, item.avoidable) == (earlier, "progress_chasing")
    assert Enquiry.objects.count() == 1
    wrong = client.post(f"{contact}about/", {**data, "key": new_key(), "about": "WH2-3456-78"})
    assert wrong.status_code == 422
    assert "When do you come?" in text(wrong)


def test_nothing_can_be_added_to_a_wrapped_up_contact(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    client.post(f"{contact}wrap-up/", {"note": ""})
    response = client.post(
        f"{contact}raise/",
        {"key": new_key(), "description": "Too late", "how": "rules", "outcome": "answered"},
        follow=True,
    )
    assert "has been wrapped up" in text(response)
    assert not Enquiry.objects.exists()


def test_a_script_in_every_field_stays_text(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    client.post(f"{contact}add-person/", {"name": SCRIPT, "phone": "", "email": ""})
    for how in ("rules", "answer"):
        response = raise_one(
            client, contact, description=SCRIPT, address=SCRIPT, how=how, answer=SCRIPT
        )
        assert response.status_code == 303
    client.post(f"{contact}wrap-up/", {"note": SCRIPT})
    work()
    pages = [
        contact,
        f"{contact}?q={SCRIPT}&find={SCRIPT}",
        "/desk/?view=all",
        f"/desk/?text={SCRIPT}",
    ]
    pages += [f"/desk/cases/{row.reference}/" for row in Enquiry.objects.all()]
    pages += [f"/desk/people/{Person.objects.get().public_id}/", "/desk/people/"]
    for page in pages:
        words = client.get(page).content.decode()
        assert "<script>alert" not in words, page
        assert "<img src=x" not in words, page
    for found in (looked_up(client, contact, SCRIPT), people_like(client, SCRIPT)):
        assert "<script>alert" not in text(found)


def test_a_manager_or_a_partner_opens_no_contact(world, client_for):
    contact = open_contact(client_for(world.agent))
    for user in (world.manager, world.officer):
        assert client_for(user).get(contact).status_code == 404
        assert client_for(user).get("/desk/contact/").status_code == 404


def test_reloading_the_address_of_a_form_leads_to_its_page(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    assert client.get(f"{contact}raise/?q=bin")["Location"] == f"{contact}?q=bin"
    case = enquiry_of(ask())
    address = f"/desk/cases/{case.reference}/"
    assert client.get(f"{address}reply/?view=all")["Location"] == f"{address}?view=all"


def test_a_refused_form_leads_on_to_the_contact_and_not_to_itself(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    page = raise_one(client, contact, description="").content.decode()
    assert 'href="?' not in page
    assert f'action="{contact}"' in page
