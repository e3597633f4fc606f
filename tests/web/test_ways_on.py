"""No page asks for what is known: buttons of answers, the first page, and words beside a text."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kb.models import Article
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db
ROWS = re.compile(r'name="service"\s+type="radio"\s+value="([^"]+)"')


def beside(text: str, service: str = "") -> list[str]:
    answer = Client().post("/search/suggest/", {"q": text, "service": service})
    return [hit["href"] for hit in answer.json()["hits"]]


def test_a_button_of_an_answer_opens_its_form_and_asks_no_more_what_it_is_about(
    visitor: Visitor,
) -> None:
    article = next(one for one in Article.objects.filter(is_published=True) if one.start)
    page = visitor.client.get(f"/answers/{article.slug}/").content.decode()
    found = re.search(r'formaction="([^"]+)"', page)
    assert found is not None
    visitor.go(visitor.client.post(found[1].replace("&amp;", "&")))
    assert re.search(r"/ask/[^/]+/(q|end)/", visitor.at)


def test_a_button_that_names_no_service_is_refused_in_words(visitor: Visitor) -> None:
    for service in ("no-such-thing", "\x00", ""):
        page = visitor.client.post(f"/ask/?service={service}")
        assert page.status_code == 200
        assert "There is a problem" in page.content.decode()


def test_the_first_page_offers_what_is_asked_often_and_marks_nothing(visitor: Visitor) -> None:
    page = visitor.client.get("/ask/").content.decode()
    known = ROWS.findall(page)
    assert known[0] == "missed-bin"
    assert known[-1] == "unsure"
    assert len(known) > 5
    assert "checked" not in page.split("<fieldset", 1)[1].split("</fieldset>", 1)[0]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("there is a big hole in the road outside my house", "/services/pothole/"),
        ("my bin was not emptied on friday", "/services/missed-bin/"),
    ],
)
def test_beside_their_own_words_stands_the_form_that_is_meant(
    visitor: Visitor, text: str, first: str
) -> None:
    assert beside(text)[0] == first
    assert first not in beside(text, first.split("/")[2])


def test_what_was_missed_is_not_asked_for(visitor: Visitor) -> None:
    page = visitor.client.get("/search/", {"q": "missed bin"}).content.decode()
    row = page.split("/services/missed-bin/", 1)[1].split("</li>", 1)[0]
    assert "Tell us or ask us" in row
    assert "Ask for it" not in row


def test_services_are_listed_once_by_letter_or_by_subject(visitor: Visitor) -> None:
    letters = visitor.client.get("/services/").content.decode()
    subjects = visitor.client.get("/services/?by=subject").content.decode()
    for page in (letters, subjects):
        assert page.count('href="/services/pothole/"') == 1
    assert 'id="bins-and-recycling"' in subjects
    home = visitor.client.get("/").content.decode()
    assert "/services/?by=subject#bins-and-recycling" in home
