"""The reader of pages itself: it sees what a browser would run, and nothing in plain words."""

from __future__ import annotations

from html import escape

import pytest
from django.http import HttpResponse

from tests.hostile.corpus import CORPUS, SHORT, chunks
from tests.hostile.pages import Page, faults

# Of these a browser makes nothing in a text: they need an attribute, a script or a table.
_ELSEWHERE = 18


def test_there_are_enough_of_them_and_each_chunk_is_whole() -> None:
    assert len(set(CORPUS)) == len(CORPUS) >= 200
    assert "\n".join(chunks(1_500)).count("\n") == len(CORPUS) - 1


@pytest.mark.parametrize("one", CORPUS[:-_ELSEWHERE])
def test_what_is_not_escaped_is_seen_and_what_is_escaped_is_words(one: str) -> None:
    assert Page(f"<p>{one}</p>").faults
    assert Page(f'<textarea>{escape(one)}</textarea><input value="{escape(one)}">').faults == []


@pytest.mark.parametrize(
    "page",
    [
        f'<input value="{SHORT}">',
        "<input value='' zq onfocus=zqhit(1)>",
        "<a href=' java\tscript:zqhit(1)'>x</a>",
        "<script>const words = 'zqhit(1)'</script>",
        "<p style='background:url(zqhit)'>",
        f"<title>{SHORT.replace('<', '</title><')}</title>",
    ],
)
def test_what_is_written_in_the_wrong_place_is_seen(page: str) -> None:
    assert Page(page).faults


def test_data_for_scripts_is_no_script() -> None:
    assert Page('<script type="application/json">"\\u003cimg zqhit"</script>').faults == []


def test_tables_that_would_count_and_answers_that_would_be_guessed_at_are_seen() -> None:
    good = {"X-Content-Type-Options": "nosniff"}
    assert faults(HttpResponse("a,=1+1", content_type="text/csv", headers=good))
    assert faults(HttpResponse("a", content_type="text/csv", headers=good)) == []
    assert faults(HttpResponse("{}", content_type="application/json"))
    assert faults(HttpResponse("<p>", content_type="image/svg+xml", headers=good))
    assert faults(HttpResponse("", content_type="image/png", headers=good)) == []
    assert faults(HttpResponse("<p>", content_type="text/html", headers=good))
