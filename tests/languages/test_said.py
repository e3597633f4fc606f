"""What data says is said in the language of the page, and tells its own where it has no other."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.template import Context, Template
from django.utils import timezone, translation

from core.audit import SYSTEM
from kb import actions_tongues, tongues
from kb.models import ContentWords
from tests.languages import said as templates
from tests.languages.test_words import FOLDERS, STAFF
from tools import messages

pytestmark = pytest.mark.django_db


def translate(**texts: str) -> None:
    """Polish for some texts: source and translation, parted by `=`."""
    actions_tongues.save(language="pl", texts=texts, actor=SYSTEM, now=timezone.now())


def drawn(source: str, **context: object) -> str:
    return Template("{% load hub_words %}" + source).render(Context(context))


def test_a_text_is_said_in_the_language_of_the_page_else_as_it_was_written() -> None:
    translate(Pothole="Dziura w jezdni")
    page = "<h1{% tongue text %}>{{ text|said }}</h1>"
    assert drawn(page, text="Pothole") == "<h1>Pothole</h1>"
    with translation.override("pl"):
        assert drawn(page, text="Pothole") == "<h1>Dziura w jezdni</h1>"
        assert drawn(page, text="Missed bin") == '<h1 lang="en-GB">Missed bin</h1>'
        assert drawn(page, text="") == "<h1></h1>"


def test_what_is_no_data_stays_as_it_is() -> None:
    translate(Pothole="Dziura w jezdni")
    page = "<b{% tongue text data %}>{% said text data %}</b>"
    with translation.override("pl"):
        assert drawn(page, text="Pothole", data=True) == "<b>Dziura w jezdni</b>"
        assert drawn(page, text="Pothole") == "<b>Pothole</b>"
        assert drawn(page, text="Pothole", data=False) == "<b>Pothole</b>"


def test_a_hostile_translation_is_text() -> None:
    translate(Pothole="<script>alert(1)</script>\"'")
    with translation.override("pl"):
        for page in ("<b>{{ text|said }}</b>", "<b>{% said text %}</b>"):
            found = drawn(page, text="Pothole")
            assert "<script>" not in found
            assert "&lt;script&gt;" in found
        found = drawn('<i title="{{ text|said }}"></i>', text="Pothole")
        assert found.count('"') == 2


def test_what_was_said_once_is_not_said_again() -> None:
    translate(Bin="Kosz", Kosz="Basket")
    with translation.override("pl"):
        once = tongues.said("Bin")
        assert tongues.said(once) == "Kosz"


def test_several_texts_are_in_one_language() -> None:
    translate(Rubbish="Śmieci", Food="Jedzenie")
    with translation.override("pl"):
        both = tongues.joined(["Rubbish", "Food"])
        assert (both, both.lang) == ("Śmieci, Jedzenie", "")
        one = tongues.joined(["Rubbish", "Recycling"])
        assert (one, one.lang) == ("Rubbish, Recycling", "en-GB")
        woven = tongues.woven("%(question)s (opcjonalnie)", question="Rubbish")
        assert (woven, woven.lang) == ("Śmieci (opcjonalnie)", "")
        assert tongues.woven("%(question)s (opcjonalnie)", question="Which?").lang == "en-GB"


def test_words_of_our_own_come_from_our_own_catalogue() -> None:
    with translation.override("pl"):
        assert tongues.said("Yes") == "Tak"
        assert tongues.said("Yes").lang == ""
        assert tongues.said("What happened?").lang == ""
    translate(Yes="No tak")
    with translation.override("pl"):
        assert tongues.said("Yes") == "No tak"


def test_another_process_is_heard_within_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_000.0]
    monkeypatch.setattr("kb.tongues.time.monotonic", lambda: clock[0])
    translate(Pothole="Dziura")
    with translation.override("pl"):
        assert tongues.said("Pothole") == "Dziura"
        # What another process writes does not pass through this one.
        ContentWords.objects.update(text="Dziura w jezdni")
        assert tongues.said("Pothole") == "Dziura"
        clock[0] += tongues.STALE + 1
        assert tongues.said("Pothole") == "Dziura w jezdni"
        ContentWords.objects.all().delete()
        clock[0] += tongues.STALE + 1
        assert tongues.said("Pothole").lang == "en-GB"


def test_a_page_in_polish_asks_once_in_half_a_minute_and_one_in_english_never(
    django_assert_num_queries: object,
) -> None:
    translate(Pothole="Dziura")
    counted = django_assert_num_queries
    with counted(0):  # type: ignore[operator]
        tongues.said("Pothole")
    with translation.override("pl"):
        with counted(2):  # type: ignore[operator]
            tongues.said("Pothole")
        with counted(0):  # type: ignore[operator]
            tongues.said("Pothole")
            tongues.said("Something else")


def test_without_a_database_a_page_is_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(language: str) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(tongues, "_state", away)
    with translation.override("pl"):
        assert tongues.said("Pothole").lang == "en-GB"


def _citizens() -> list[str]:
    root = messages.ROOT / "templates"
    found = [
        path.relative_to(root).as_posix()
        for folder in FOLDERS
        if folder != "notifications"
        for path in sorted((root / folder).rglob("*.html"))
    ]
    return [name for name in found if name not in STAFF]


@pytest.mark.parametrize("name", _citizens())
def test_each_text_of_our_data_in_a_template_knows_its_language(name: str) -> None:
    source = (messages.ROOT / "templates" / name).read_text(encoding="utf-8")
    assert templates.unmarked(source) == []
    assert templates.silent(source) == []
    assert templates.unsaid(source) == []


def test_that_look_at_the_templates_finds_what_it_looks_for() -> None:
    assert templates.unmarked("<p>{{ service.name|said }}</p>") == ["service.name"]
    assert templates.unmarked("<p{% tongue a %}>{{ b|said }}</p>") == ["b"]
    assert templates.unmarked("{% block title %}{{ a|said }}{% endblock title %}") == []
    assert templates.unmarked("<p{% tongue a b %}>{% said a b %}</p>") == []
    assert templates.unmarked("<p>{% said a b %}</p>") == ["a"]
    assert templates.silent("<p{% tongue a %}>{{ a }}</p>") == ["a"]
    assert templates.silent("<p{% tongue a %}>{{ a|said }}</p>") == []
    assert templates.unsaid("<p>{{ service.name }}</p>") == ["{{ service.name }}"]
    assert templates.unsaid("<p>{{ service.name|said }}</p>") == []
