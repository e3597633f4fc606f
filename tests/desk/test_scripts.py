"""An agent leads somebody through a form: the same steps as the website's, and the same enquiry."""

from __future__ import annotations

import re

import pytest

from core.audit import SYSTEM
from customers.models import Person
from enquiries.models import Enquiry
from kb.actions_forms import publish
from teamwork.models import Script
from tests.desk.steps import SCRIPT, new_key, open_contact, raise_one, text, work
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db

FORM = {
    "questions": [
        {
            "key": "hurt",
            "type": "yes_no",
            "words": "Has it hurt somebody, or could it?",
            "say": "Has anybody been hurt?",
        },
        {
            "key": "road",
            "type": "choice",
            "words": "What kind of road is it on?",
            "choices": [
                {"value": "local", "words": "An ordinary road"},
                {"value": "private", "words": "A private drive"},
            ],
        },
        {
            "key": "lane",
            "type": "several",
            "words": "Where in the road?",
            "choices": [
                {"value": "edge", "words": "At the edge"},
                {"value": "middle", "words": "In the middle"},
            ],
            "when": {"question": "road", "is": "local"},
        },
        {"key": "since", "type": "date", "words": "Since when?", "required": False, "most": 0},
    ],
    "ends": [
        {
            "key": "ring",
            "kind": "emergency",
            "when": {"question": "hurt", "is": "yes"},
            "title": "Ring us now",
            "words": "Somebody goes out at any hour.",
            "phone": "01632 960000",
        },
        {
            "key": "theirs",
            "kind": "not_ours",
            "when": {"question": "road", "is": "private"},
            "title": "The owner mends it",
            "words": "A private drive is its owner's.",
        },
    ],
}
WORDS = "A deep hole outside number 9"


@pytest.fixture
def desk(world, client_for):
    publish(service_slug="pothole", data=FORM, actor=SYSTEM, now=NOW)
    return client_for(world.agent)


def begin(client, contact, service="pothole", **more):
    data = {"key": new_key(), "service": service, **more}
    return str(client.post(f"{contact}scripts/", data)["Location"])


def asked(page):
    """The key of the question that a page puts."""
    found = re.search(r'name="question" value="([a-z-]+)"', page)
    return found[1] if found else ""


def revision_of(page):
    """Which answers a page has seen."""
    found = re.search(r'name="revision" value="(\d+)"', page)
    return found[1] if found else ""


def say(client, here, **said):
    """Answers what is asked now."""
    page = text(client.get(here))
    data = {"question": asked(page), "revision": revision_of(page), **said}
    return client.post(here, data)


def on_the_website(client):
    """The enquiry that a citizen sends with the answers of the test below."""
    page = client.post("/ask/", {"service": "pothole"})
    steps = [
        {"answer": "yes"},
        {"go_on": "1"},
        {"answer": "local"},
        {"answer": ["edge", "middle"]},
        {"day": "", "month": "", "year": ""},
        {"postcode": "WR1 3EZ", "address": "By the bridge"},
        {"description": WORDS},
        {"tell_by": "none"},
        {},
    ]
    for data in steps:
        page = client.get(page["Location"]) if page.status_code == 302 else page
        page = client.post(page.request["PATH_INFO"], data)
    return Enquiry.objects.get()


def test_the_same_answers_make_the_same_enquiry_as_on_the_website(desk, client):
    web = on_the_website(client)
    # At the desk, with somebody whom we know.
    contact = open_contact(desk)
    desk.post(f"{contact}add-person/", {"name": "Jo Bloggs", "phone": "", "email": "jo@x.org"})
    here = begin(desk, contact)
    first = text(desk.get(here))
    assert "Has anybody been hurt?" in first  # what is said aloud, and what is read
    assert "On the website: Has it hurt somebody, or could it?" in first
    say(desk, here, **{"own-hurt": "yes"})
    end = text(desk.get(here))
    assert "Say: Ring us now" in end
    assert "01632 960000" in end
    desk.post(here, {"go_on": "ring", "revision": "1"})
    say(desk, here, **{"own-road": "local"})
    missed = say(desk, here)
    assert missed.status_code == 422
    assert "Choose one or more, or say that they cannot say" in text(missed)
    say(desk, here, **{"own-lane": ["edge", "middle"]})
    say(desk, here, **{"own-since": ""})
    say(desk, here, postcode="WR1 3EZ", address="By the bridge")
    say(desk, here, description=WORDS)
    check = text(desk.get(here))
    assert "Everything is answered" in check  # nobody asked who they are: we know
    assert "Worcestershire County Council deals with it by" in check
    revision = revision_of(check)
    for _ in range(2):  # twice is once
        assert desk.post(here, {"send": "1", "revision": revision})["Location"] == contact
    mine = Enquiry.objects.exclude(pk=web.pk).get()
    for name in ("service", "answers", "form_id", "description", "priority", "postcode", "address"):
        assert getattr(mine, name) == getattr(web, name), name
    assert mine.priority == "urgent"
    assert mine.first_contact.channel == "phone"
    assert mine.person == Person.objects.get(full_name="Jo Bloggs")
    assert Script.objects.get().sealed == ""
    work()
    mine.refresh_from_db()
    assert mine.owner is not None
    assert mine.owner.slug == "worcestershire-county"


def test_a_script_waits_for_any_agent_of_the_contact_and_loses_no_answer(desk, world, client_for):
    contact = open_contact(desk)
    key = new_key()
    here = begin(desk, contact, key=key, asked=SCRIPT)
    assert begin(desk, contact, key=key) == here
    say(desk, here, **{"own-hurt": "no"})
    assert "hurt" not in Script.objects.get().sealed
    # The browser is gone; a colleague opens the contact.
    other = client_for(world.administrator)
    assert f'href="{here}"' in text(other.get(contact))
    page = text(other.get(here))
    assert asked(page) == "road"
    assert SCRIPT not in page
    assert say(other, here, **{"own-road": "local"}).status_code == 303
    # Who still has the older page is shown what was said meanwhile, and keeps what they chose.
    late = desk.post(here, {"question": "road", "revision": "1", "own-road": "private"})
    assert late.status_code == 422
    assert "Somebody answered in this script meanwhile" in text(late)
    assert re.search(r'value="private" data-number checked', text(late))
    # Not of another contact, and not for who handles none.
    elsewhere = here.replace(contact, open_contact(desk))
    assert desk.get(elsewhere).status_code == 404
    assert client_for(world.manager).get(here).status_code == 404
    desk.post(here, {"drop": "1"})
    assert desk.get(here).status_code == 404
    assert not Enquiry.objects.exists()


def test_what_ends_on_the_website_ends_the_need_here(desk):
    contact = open_contact(desk)
    here = begin(desk, contact)
    say(desk, here, **{"own-hurt": "no"})
    say(desk, here, **{"own-road": "private"})
    assert "Say: The owner mends it" in text(desk.get(here))
    assert desk.post(here, {"send": "1", "revision": "2"})["Location"] == here
    desk.post(here, {"settle": "theirs", "revision": "2"})
    one = Enquiry.objects.get()
    assert (one.status, one.outcome) == ("resolved", "signposted")
    assert one.public_words == "A private drive is its owner's."
    assert one.answers == {"hurt": "no", "road": "private"}


def test_nobody_is_asked_what_is_known(desk, world):
    contact = open_contact(desk)
    desk.post(f"{contact}add-person/", {"name": "Jo", "phone": "", "email": "jo@x.org"})
    Person.objects.update(postcode="WR11 3DA", address="9 High Street")
    # Their home, where it is about a home; not where a hole in a road is.
    home = text(desk.get(begin(desk, contact, service="missed-bin", asked="bin not emptied")))
    assert "9 High Street WR11 3DA" in home
    assert asked(home) == "description"
    assert "bin not emptied</textarea>" in home
    assert "9 High Street" not in text(desk.get(begin(desk, contact)))
    # What they answered in this contact already, what stands in the form, what a button knows.
    raise_one(desk, contact, service="pothole", postcode="WR1 3EZ", **{"own-hurt": "no"})
    again = text(desk.get(begin(desk, contact, **{"a.road": "local"}, description=WORDS)))
    assert asked(again) == "lane"
    assert WORDS in again


def test_a_whole_form_is_the_agents_choice_and_is_remembered(desk):
    contact = open_contact(desk)
    here = begin(desk, contact)
    desk.post(here, {"lead": "whole"})
    page = text(desk.get(begin(desk, contact)))
    assert "Since when?" in page
    here = begin(desk, contact)
    shown = {"whole": "1", "shown": ["hurt", "road", "since", "place", "description", "you"]}
    said = {"own-hurt": "no", "own-road": "local", "description": WORDS, "nowhere": "on"}
    first = desk.post(here, {**shown, **said, "revision": "0"})
    assert "how they are told" in text(first)
    desk.post(here, {**shown, **said, "tell_by": "none", "revision": "0"})
    assert "Where in the road?" in text(desk.get(here))  # the answers led to it
    shown["shown"] = [*shown["shown"], "lane"]
    desk.post(here, {**shown, **said, "tell_by": "none", "leave": "1", "revision": "1"})
    page = text(desk.get(here))
    assert "They could not say" in page
    desk.post(here, {"send": "1", "revision": "2"})
    one = Enquiry.objects.get()
    assert one.answers == {"hurt": "no", "road": "local"}
    assert (one.person, one.priority) == (None, "normal")


def test_from_a_case_a_script_begins_in_a_contact_with_its_person(desk):
    case = enquiry_of(ask())
    data = {"key": new_key(), "service": "missed-bin", "channel": "counter"}
    here = str(desk.post(f"/desk/cases/{case.reference}/scripts/", data)["Location"])
    page = text(desk.get(here))
    assert "WR11 3DA" in page
    assert "Jo Bloggs" in text(desk.get(here.partition("scripts/")[0]))
