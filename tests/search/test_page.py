"""The page of search, what it hands on, and what is suggested while one types."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from kb.models import Search, Solved
from tests.search.payloads import PAYLOADS

pytestmark = pytest.mark.django_db
BROWSER: dict[str, Any] = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@pytest.fixture
def person(partnership: None) -> Client:
    return Client(**BROWSER)


def page(client: Client, **query: str) -> str:
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def first(words: str) -> str:
    return str(re.findall(r'<h2 class="hub-found__title">\s*<a[^>]* href="([^"?]+)', words)[0])


def test_services_and_answers_stand_in_one_list_best_first(person: Client) -> None:
    words = page(person, q="bin not emptied")
    assert first(words) in ("/services/missed-bin/", "/answers/bin-not-emptied/")
    assert "/answers/" in words
    assert "/services/" in words
    assert "Your district council" in words
    assert "Read the answer" in words


def test_a_postcode_is_recognised_and_handed_on(person: Client) -> None:
    words = page(person, q="wr114aa bins")
    assert "<strong>WR11 4AA</strong>: Wychavon" in words
    link = re.findall(r'href="(/services/missed-bin/[^"]*)"', words)[0].replace("&amp;", "&")
    assert "postcode=WR11+4AA" in link
    service = person.get(link).content.decode()
    assert 'action="/ask/?postcode=WR11+4AA&amp;found=' in service


def test_a_postcode_elsewhere_is_said_to_be_elsewhere(person: Client) -> None:
    words = page(person, q="SW1A 1AA bins")
    assert "SW1A 1AA is outside Worcestershire" in words
    assert "postcode=SW1A" not in words


def test_a_reference_leads_to_its_progress(person: Client) -> None:
    words = page(person, q="wh7k3mp4p")
    assert "WH7-K3MP-4P is one of our references" in words
    assert 'href="/track/?reference=WH7-K3MP-4P"' in words
    # Whether there is such an enquiry is not said: the words are the same for every reference.
    assert not Search.objects.exists()


def test_nothing_found_keeps_the_words_and_says_what_to_do(person: Client) -> None:
    words = page(person, q="qqqqzzzz <b>")
    assert "Nothing fits" in words
    assert 'value="qqqqzzzz &lt;b&gt;"' in words
    assert "Tell us in your own words" in words
    assert "01632 960000" in words


def test_what_was_read_as_another_word_is_said(person: Client) -> None:
    assert "We read “counsil” as “council”." in page(person, q="counsil tax")


def test_a_search_is_written_down_and_what_is_opened_from_it(person: Client) -> None:
    words = page(person, q="pothole")
    row = Search.objects.get()
    link = re.findall(r'href="(/services/pothole/[^"]*)"', words)[0].replace("&amp;", "&")
    assert str(row.public_id) in link
    person.get(link)
    row.refresh_from_db()
    assert row.chosen == "service/pothole"
    page(person, q="hole", again=str(row.public_id))
    row.refresh_from_db()
    assert row.again


def test_what_was_sent_and_what_got_a_yes_rises_for_the_next(person: Client) -> None:
    words = page(person, q="pothole")
    link = re.findall(r'href="(/answers/report-a-pothole/[^"]*)"', words)[0].replace("&amp;", "&")
    one = Search.objects.get()
    opened = person.get(link).content.decode()
    assert f'name="found" value="{one.public_id}"' in opened
    key = re.findall(r'name="key" value="([^"]+)"', opened)[0]
    said = {"answered": "yes", "key": key, "found": str(one.public_id)}
    person.post("/answers/report-a-pothole/said/", said)
    assert Solved.objects.get().entry == "answer/report-a-pothole"
    begun = visit_from_search(person)
    assert begun.session["begun_from_search"]


def visit_from_search(person: Client) -> Client:
    words = page(person, q="pothole")
    link = re.findall(r'href="(/services/pothole/[^"]*)"', words)[0].replace("&amp;", "&")
    service = person.get(link).content.decode()
    action = re.findall(r'action="(/ask/[^"]*)"', service)[0].replace("&amp;", "&")
    assert person.post(action, {"service": "pothole"}).status_code == 302
    return person


@pytest.mark.parametrize(
    "asks",
    [
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Examplebot/2.1)"},
        {"HTTP_USER_AGENT": ""},
        {**BROWSER, "HTTP_SEC_PURPOSE": "prefetch"},
    ],
)
def test_programs_are_answered_and_not_counted(partnership: None, asks: dict[str, Any]) -> None:
    assert "/services/pothole/" in page(Client(**asks), q="pothole")
    assert Client(**BROWSER).head("/search/?q=pothole").status_code == 200
    assert not Search.objects.exists()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_is_typed_gets_a_page_and_runs_nowhere(person: Client, payload: str) -> None:
    for address in ("/search/", "/search/suggest/", "/services/", "/services/pothole/"):
        for name in ("q", "again", "found", "postcode"):
            answer = person.get(address, {name: payload})
            assert answer.status_code == 200, (address, name)
            words = answer.content.decode()
            for wrong in ("<script>alert", "onerror=alert(1)>", "49 ", "PostgreSQL"):
                assert wrong not in words, (address, name)
    assert person.get("/search/", {"q": ["bin", payload]}).status_code == 200
    assert person.post("/search/suggest/", {"q": payload, "service": payload}).status_code == 200


def test_suggestions_are_few_may_be_kept_and_set_no_cookie(person: Client) -> None:
    answer = person.get("/search/suggest/", {"q": "potho"})
    hits = answer.json()["hits"]
    assert hits[0]["href"] == "/services/pothole/"
    assert 1 <= len(hits) <= 5
    assert "max-age" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert person.get("/search/suggest/", {"q": "p"}).json() == {"hits": []}
    assert not Search.objects.exists()


def test_beside_a_text_there_are_answers_alone_and_the_text_is_in_no_address(
    person: Client,
) -> None:
    said = {"q": "nobody came for my bin this week and it is full", "service": "missed-bin"}
    hits = person.post("/search/suggest/", said).json()["hits"]
    assert 1 <= len(hits) <= 3
    assert all(hit["href"].startswith("/answers/") for hit in hits)
    strict = Client(enforce_csrf_checks=True, **BROWSER)
    assert strict.post("/search/suggest/", said).status_code == 403


@pytest.mark.parametrize(
    ("words", "said", "number"),
    [
        ("i want to die", "If a life is in danger, ring", "116123"),
        ("I can SMELL a lot of gas", "go outside and ring", "0800111999"),
        ("my husband hits me", "Domestic abuse helpline", "08082000247"),
    ],
)
def test_words_of_danger_are_answered_with_whom_to_ring_above_what_is_found(
    person: Client, words: str, said: str, number: str
) -> None:
    shown = page(person, q=words)
    assert said in shown
    assert f'href="tel:{number}"' in shown.split("<main")[1].split("hub-found")[0]


@pytest.mark.parametrize("words", ["", "gas bill", "hit", "bin not emptied", "die"])
def test_words_that_only_look_like_danger_get_no_warning(person: Client, words: str) -> None:
    assert "govuk-warning-text" not in page(person, q=words)
