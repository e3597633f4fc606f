"""Citizens' pages, suggestions and messages in Polish, where data has been translated."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from core.audit import SYSTEM
from enquiries.models import Enquiry
from kb import actions_tongues, tongues
from kb.models import Article
from notifications.models import Notification
from tests import forms_of, outbox
from tests.languages.test_data import in_english, reader
from tests.web.conftest import Visitor
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db

POLISH = {
    "Pothole": "Dziura w jezdni",
    "Which kind of road?": "Jaka to droga?",
    "Look at its signs.": "Spójrz na znaki.",
    "It says who repairs it.": "To mówi, kto ją naprawia.",
    "A street": "Ulica",
    "Most roads are.": "Większość dróg.",
    "How deep is it?": "Jak jest głęboka?",
    "cm": "cm (centymetry)",
    "It is repaired tonight": "Naprawa jest dziś w nocy",
    "The whole road is.": "Cała droga.",
    "Look tomorrow.": "Zobacz jutro.",
}


def translate(texts: dict[str, str]) -> None:
    actions_tongues.save(language="pl", texts=texts, actor=SYSTEM, now=timezone.now())


def says(page: str, words: str) -> bool:
    """Whether the body holds the words, and no element says of them that they are English."""
    body = page.partition("<body")[2]
    return words in body and not in_english(body, words)


@pytest.fixture
def visitor(world: World) -> Visitor:
    """Somebody who reads Polish, at the first of two questions that are translated."""
    question = {
        **forms_of.choice("road", "Which kind of road?", local="A street", a="A trunk road"),
        "hint": "Look at its signs.",
        "why": "It says who repairs it.",
    }
    question["choices"][0]["hint"] = "Most roads are."
    depth = {"key": "deep", "type": "number", "words": "How deep is it?", "unit": "cm"}
    end = {
        "key": "stop",
        "kind": "answered",
        "when": {"question": "road", "is": "a"},
        "title": "It is repaired tonight",
        "words": "The whole road is.",
        "next_step": "Look tomorrow.",
    }
    forms_of.publish("pothole", question, {**depth, "required": False}, ends=[end])
    translate(POLISH)
    found = Visitor(reader("pl"))
    found.start("pothole")
    return found


def test_a_question_its_answers_and_its_reason_are_in_polish(visitor: Visitor) -> None:
    for words in ("Dziura w jezdni", "Jaka to droga?", "Spójrz na znaki.",
                  "To mówi, kto ją naprawia.", "Ulica", "Większość dróg."):  # fmt: skip
        assert says(visitor.text, words), words
    assert "<title>" in visitor.text
    assert "Jaka to droga?" in re.search(r"<title>(.*?)</title>", visitor.text, re.S)[1]  # type: ignore[index]
    # The other answer has no translation, and says so; what is kept is its value all the same.
    assert in_english(visitor.text, "A trunk road")
    assert 'value="local"' in visitor.text
    visitor.answer()
    refused = visitor.text.partition("govuk-error-summary__body")[2].partition("</div>")[0]
    assert "Jaka to droga?" in refused


def test_the_same_page_in_english_is_as_it_was_written(visitor: Visitor) -> None:
    english = Visitor(reader("en"))
    english.start("pothole")
    assert "Which kind of road?" in english.text
    assert "Jaka to droga?" not in english.text


def test_where_a_form_ends_its_words_are_in_polish(visitor: Visitor) -> None:
    visitor.answer(answer="a")
    for words in ("Naprawa jest dziś w nocy", "Cała droga.", "Zobacz jutro."):
        assert says(visitor.text, words), words


def test_the_check_says_questions_and_answers_in_polish_and_keeps_them_in_english(
    visitor: Visitor,
) -> None:
    visitor.answer(answer="local")
    visitor.answer(answer="12")
    visitor.answer(postcode="WR11 3DA")
    # Typed words are nobody's data, also where they are the same.
    visitor.answer(description="A street")
    visitor.answer(tell_by="email", email="jo@example.com", name="Pothole")
    assert visitor.at.endswith("/check/"), visitor.at
    assert says(visitor.text, "Jaka to droga?")
    assert says(visitor.text, "Ulica")
    assert "12 cm (centymetry)" in visitor.text
    assert says(visitor.text, "A street")
    assert "Pothole" in visitor.text
    visitor.answer()
    enquiry = Enquiry.objects.latest("pk")
    assert (enquiry.language, enquiry.answers) == ("pl", {"road": "local", "deep": "12"})
    assert enquiry.description == "A street"
    assert says(visitor.text, "Dziura w jezdni")
    track = visitor.client.get(f"/track/{enquiry.reference}/{enquiry.secret}/").content.decode()
    assert says(track, "Dziura w jezdni")


def test_who_asked_in_polish_is_written_to_about_a_service_with_a_polish_name(
    world: World,
) -> None:
    translate({"Pothole": "Dziura w jezdni"})
    for language, words, others in (
        ("pl", "Dziura w jezdni", "Pothole"),
        ("en-gb", "Pothole", "Dziura"),
    ):
        enquiry = enquiry_of(ask(service="pothole", at=timezone.now(), language=language))
        outbox.run_outbox()
        told = Notification.objects.filter(about=enquiry.reference, event="received").get()
        assert words in told.body
        assert others not in told.body


def test_several_answers_are_in_one_language(world: World) -> None:
    several = {
        **forms_of.choice("what", "What is it?", bags="Bags", tyres="Tyres", food="Food"),
        "type": "several",
    }
    forms_of.publish("pothole", several)
    translate({"Bags": "Worki", "Tyres": "Opony"})
    for chosen, shown in ((["bags", "tyres"], "Worki, Opony"), (["bags", "food"], "Bags, Food")):
        found = Visitor(reader("pl"))
        found.start("pothole")
        found.go(found.client.post(found.at, {"carry": found.carry, "answer": chosen}))
        found.answer(postcode="WR11 3DA")
        found.answer(description="There")
        found.answer(tell_by="email", email="jo@example.com", name="Jo")
        assert shown in found.text
        assert in_english(found.text, shown) is (shown == "Bags, Food")


def test_services_answers_and_what_is_found_are_in_polish(world: World) -> None:
    article = Article.objects.filter(is_published=True, service__isnull=False).first()
    assert article is not None
    assert article.service is not None
    service = article.service
    translate({
        service.name: "Nazwa usługi",
        service.summary or "-": "Co to jest",
        service.group: "Grupa usług",
        article.title: "Tytuł odpowiedzi",
        article.summary: "O czym jest odpowiedź",
    })  # fmt: skip
    client = reader("pl")
    for path, texts in {
        "/services/?by=subject": ("Nazwa usługi", "Grupa usług"),
        f"/services/{service.slug}/": ("Nazwa usługi", "Tytuł odpowiedzi"),
        f"/answers/{article.slug}/": ("Tytuł odpowiedzi", "O czym jest odpowiedź"),
        f"/search/?q={article.title}": ("Tytuł odpowiedzi", "O czym jest odpowiedź"),
        f"/privacy/{service.slug}/": ("Nazwa usługi",),
    }.items():
        page = client.get(path).content.decode()
        for words in texts:
            assert says(page, words), (path, words)
    # The whole answer stays as it was written.
    page = client.get(f"/answers/{article.slug}/").content.decode()
    assert ' lang="en-GB" dir="auto"' in page


def test_a_service_is_found_by_its_name_in_polish_with_and_without_accents(world: World) -> None:
    translate({"Pothole": "Dziura w jezdni", "Allotments": "Ogródki działkowe"})
    client = reader("pl")
    for words in ("ogródki działkowe", "ogrodki dzialkowe", "OGRÓDKI", "ogrodki dzialkow"):
        page = client.get("/search/", {"q": words}).content.decode()
        assert "/services/allotments/" in page, words
    # In English the same words find the same service, under its English name.
    page = reader("en").get("/search/", {"q": "ogródki działkowe"}).content.decode()
    assert re.search(r"/services/allotments/[^>]*>\s*Allotments", page)


def test_a_service_is_found_by_what_people_call_it_in_polish(world: World) -> None:
    translate({tongues.called("Pothole"): "wyrwa, doły na jezdni", "Pothole": "Dziura"})
    client = reader("pl")
    page = client.get("/search/", {"q": "doly na jezdni"}).content.decode()
    assert "/services/pothole/" in page
    # These words are for searching alone: no page shows them.
    assert "wyrwa" not in page
    assert "wyrwa" not in client.get("/services/pothole/").content.decode()
    assert "/services/pothole/" not in client.get("/search/", {"q": "basen"}).content.decode()


def test_suggestions_say_their_language(world: World) -> None:
    translate({"Pothole": "Dziura w jezdni"})
    (hit, *_) = reader("pl").get("/search/suggest/", {"q": "pothole"}).json()["hits"]
    assert (hit["title"], hit["lang"]) == ("Dziura w jezdni", "")
    (hit, *_) = reader("pl").get("/search/suggest/", {"q": "allotments"}).json()["hits"]
    assert (hit["title"], hit["lang"]) == ("Allotments", "en-GB")
    (hit, *_) = reader("en").get("/search/suggest/", {"q": "pothole"}).json()["hits"]
    assert (hit["title"], hit["lang"]) == ("Pothole", "")


def test_hostile_words_of_a_translator_stay_words(visitor: Visitor) -> None:
    bad = "<img src=x onerror=alert(1)>\"'"
    translate({"Which kind of road?": bad, "A street": bad, "Pothole": bad})
    visitor.start("pothole")
    assert "<img src=x" not in visitor.text
    assert "&lt;img src=x" in visitor.text
    hits = reader("pl").get("/search/suggest/", {"q": "pothole"}).json()["hits"]
    assert hits[0]["title"] == bad  # JSON: the page's script sets it as text
