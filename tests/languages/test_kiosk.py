"""A kiosk that somebody began in Polish asks in Polish, touch by touch."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from tests.kiosk.conftest import Visitor, _loaded, enrolled, partnership, site, visitor
from tests.languages.test_data import MARK, in_english

__all__ = ["_loaded", "enrolled", "partnership", "site", "visitor"]
pytestmark = pytest.mark.django_db


def main(page: Visitor) -> str:
    """What a screen says between its frame: without the licence below it."""
    return page.text.partition("<main")[2].partition("</main>")[0]


def test_subjects_services_questions_and_ends_are_in_polish(visitor: Visitor) -> None:
    call_command("import_forms", "--replace", stdout=StringIO())
    call_command("import_words", stdout=StringIO())
    visitor.open("start/", language="pl")
    visitor.open("about/roads/")
    assert "Drogi i chodniki" in main(visitor)
    visitor.open("about/roads/roads-and-pavements/")
    assert "Uszkodzony chodnik" in main(visitor)
    visitor.post("search/", q="dziura w jezdni")
    assert "Dziura w jezdni lub zła nawierzchnia" in main(visitor)
    assert MARK not in main(visitor)
    # Three questions of the form: whatever they are, none of them is in English.
    visitor.post("about/", service="pothole")
    for answer in ("no", "local", "lane"):
        assert "<h1" in main(visitor)
        assert MARK not in main(visitor), visitor.at
        visitor.post(answer=answer)
    # A whole answer stays in English, and its title does not.
    visitor.open("answers/report-a-pothole/")
    assert "Zgłoś dziurę w jezdni" in main(visitor)
    assert not in_english(main(visitor), "Zgłoś dziurę w jezdni")
    assert MARK in main(visitor)
