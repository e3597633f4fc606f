"""Nothing that a citizen reads or hears stands outside of the catalogues, and none has a gap."""

from __future__ import annotations

import re

import pytest

from notifications import shipped, wording
from notifications.events import EVENTS
from tests.languages.templates import untranslated
from tools import messages

FOLDERS = ("web", "kiosk", "components", "errors", "layouts")
# Read by staff, by those who build the hub, or by nobody outside a demo.
STAFF = {
    "components/timeline.html",
    "components/timeline_entry.html",
    "kiosk/sw.js",
    "layouts/desk.html",
    "web/gallery.html",
    "web/post_box.html",
    "web/post_box_answer.html",
    "web/post_box_calls.html",
    "web/post_box_mail.html",
}
# Statements of law and of licences hold in the words in which they were agreed.
IN_ENGLISH = {"web/accessibility.html", "web/attribution.html"}
# What the hub writes to organisations and their people.
TO_STAFF = {
    "digest", "disputed", "due_soon", "figure_back", "figure_left", "kiosks_back", "kiosks_need",
    "kiosks_silent", "lapsed", "links_low", "moved", "moved_home", "offered", "overdue", "pack",
    "part_left", "rule_paused", "taken_back", "team_told",
}  # fmt: skip


def _citizens() -> list[str]:
    root = messages.ROOT / "templates"
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.*")):
            name = path.relative_to(root).as_posix()
            if name not in STAFF | IN_ENGLISH:
                found.append(name)
    return found


@pytest.mark.parametrize("name", _citizens())
def test_every_word_of_a_template_can_be_translated(name: str) -> None:
    source = (messages.ROOT / "templates" / name).read_text(encoding="utf-8")
    assert untranslated(source) == []


MESSAGES = [
    (event, medium)
    for event, known in sorted(EVENTS.items())
    for medium in sorted(known.media)
    if event not in TO_STAFF
]


@pytest.mark.parametrize("language", messages.languages())
@pytest.mark.parametrize(("event", "medium"), MESSAGES)
def test_every_message_to_a_citizen_is_written_in_every_language(
    event: str, medium: str, language: str
) -> None:
    english, theirs = (
        shipped.source(event, medium, "en-gb"),
        shipped.source(event, medium, language),
    )
    assert english is not None
    assert theirs is not None
    for one, other in ((english.subject, theirs.subject), (english.body, theirs.body)):
        # What is said in one language is said in the other: no fact is lost, none is made up.
        assert wording.said(wording.parse(one)) == wording.said(wording.parse(other))
        assert bool(one) == bool(other)
    if _has_words(english.body):
        assert english.body != theirs.body


def _has_words(body: str) -> bool:
    """Whether anything but facts and signs is in it: what staff write whole has nothing of ours."""
    before = None
    while before != body:
        before, body = body, re.sub(r"\(\(!?\w+(?:\?\?([^()]*))?\)\)", r"\1", body)
    return any(sign.isalpha() for sign in body)


def test_what_stays_in_english_says_so() -> None:
    root = messages.ROOT / "templates"
    assert "{% english %}" in (root / "web/statement.html").read_text(encoding="utf-8")
    for name in IN_ENGLISH:
        first = '{% extends "web/statement.html" %}'
        assert (root / name).read_text(encoding="utf-8").startswith(first), name


def test_the_lint_finds_words_in_text_in_what_is_spoken_and_in_what_is_handed_on() -> None:
    assert untranslated("<p>Hello there</p>") == ["Hello there"]
    assert untranslated('<nav aria-label="Main">') == ["Main"]
    assert untranslated('{% include "x.html" with words="Go on" only %}') == ['"Go on"']
    assert untranslated('{% translate "Hello" %} {{ name }} 999 – SMS') == []
    assert untranslated("{% blocktranslate %}Hello {{ n }}{% endblocktranslate %}") == []
    assert untranslated("<p{% english %}>Crown copyright</p>") == []


def test_every_catalogue_is_whole_and_compiled() -> None:
    assert messages.languages() == ["pl"]
    assert messages.problems() == []
