"""Answers beside a contact and a case: found in the caller's words, read out, doubted."""

from __future__ import annotations

import pytest

from enquiries.models import Enquiry, EnquiryEvent
from kb.models import Article, ReaderWord, Solved
from tests.desk.steps import SCRIPT, new_key, open_contact, text, work
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db
SLUG = "when-is-my-bin-emptied"
PART = {"HX-Request": "true", "HX-Target": "knowledge-found"}


def said(client, contact, **more):
    data = {"key": new_key(), "article": SLUG, "asked": "bin day", "words": "Every second week."}
    return client.post(f"{contact}knowledge/said/", data | more)


def test_the_callers_words_find_what_to_say_and_what_was_said_ends_the_need(world, client_for):
    Article.objects.filter(slug=SLUG).update(say="It goes **every second week**, before noon.")
    client = client_for(world.agent)
    contact = open_contact(client)
    part = text(client.get(f"{contact}knowledge/", {"q": "when is my bin emp"}, headers=PART))
    assert "<html" not in part
    assert "It goes every second week, before noon." in part  # plain, in the words to be kept
    assert "The hub. Checked Sun 1 Nov" in part
    assert 'data-announce="1 service and 1 answer found"' in part

    key = new_key()
    assert said(client, contact, key=key).status_code == 303
    assert said(client, contact, key=key).status_code == 303  # twice is once
    work()
    one = Enquiry.objects.get()
    assert (one.status, one.outcome, one.article) == ("resolved", "answered", SLUG)
    assert (one.description, one.public_words) == ("bin day", "Every second week.")
    assert one.first_contact.channel == "phone"
    assert one.reference in text(client.get(contact))
    # Who uses these words finds it sooner.
    assert Solved.objects.get().entry == f"answer/{SLUG}"

    refused = said(client, contact, words="", asked=SCRIPT)
    assert refused.status_code == 422
    assert "Write what you told them" in text(refused)
    assert SCRIPT not in text(refused)
    client.post(f"{contact}wrap-up/", {"note": ""})
    assert said(client, contact).status_code == 303
    assert Enquiry.objects.count() == 1


def test_a_doubt_reaches_the_editors_with_what_it_arose_in(world, client_for):
    client = client_for(world.agent)
    contact = open_contact(client)
    press = {"HX-Request": "true", "HX-Target": f"wrong-{SLUG}"}
    thanks = client.post(f"{contact}knowledge/wrong/", {"article": SLUG}, headers=press)
    assert "Thank you" in text(thanks)
    more = {"article": SLUG, "words": "It is every week now"}
    client.post(f"{contact}knowledge/wrong/", more, headers=press)
    case = enquiry_of(ask()).reference
    there = f"/desk/cases/{case}/"
    assert client.post(f"{there}knowledge/wrong/", {"article": SLUG})["Location"] == there
    assert client.post(f"{there}knowledge/wrong/", {"article": "none"}).status_code == 303

    in_case, in_contact = ReaderWord.objects.order_by("-pk")
    assert (in_contact.is_wrong, in_contact.words) == (True, "It is every week now")
    assert in_contact.said_by == "Asha Agent"
    assert in_case.arose_in == f"case:{case}"
    page = text(client_for(world.administrator).get(f"/desk/answers/{SLUG}/readers/"))
    assert f'href="{contact}"' in page
    assert f'href="{there}"' in page
    # It is nobody's "no", and no contact of its own.
    assert '“No”</dt> <dd class="hub-facts__value">0<' in page
    assert not Enquiry.objects.filter(article=SLUG).exists()


def test_an_answer_ends_a_case_and_the_ledger_names_it(world, client_for):
    client = client_for(world.agent)
    case = enquiry_of(ask())
    there = f"/desk/cases/{case.reference}/"
    assert "Say this" in text(client.get(f"{there}?knowledge=on"))
    assert "Every second week." in text(client.get(f"{there}knowledge/", {"q": "bin"}))
    assert said(client, there).status_code == 303
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("resolved", "answered")
    line = EnquiryEvent.objects.get(enquiry=case, type="enquiry.resolved")
    assert line.data["article"] == SLUG
    again = said(client, there)
    assert again.status_code == 422
    assert "ended already" in text(again)


def test_without_words_to_say_nothing_is_said_and_nothing_answered(world, client_for):
    Article.objects.filter(slug=SLUG).update(say="")
    client = client_for(world.agent)
    contact = open_contact(client)
    part = text(client.get(f"{contact}knowledge/", {"q": "when is my bin emp"}, headers=PART))
    assert "No words to say: read the article." in part
    assert "Your bin is emptied every second week, before noon." in part
    assert "That answered it" not in part
    assert said(client, contact)["Location"] == contact
    assert "Nobody has written words to say" in text(client.get(contact))
    assert not Enquiry.objects.exists()
