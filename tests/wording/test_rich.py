"""One source, two forms; and HTML that every mail reader shows as it was meant."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import hiding, live, mail_html, rendering, rich, wording
from notifications.events import EVENTS
from notifications.rich import TAGS
from tests.notifications.test_rendering import FACTS

ANYTHING = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("<>&\"'#*[]()\n\ue000\ue001\ue002\ue0030123 /:"),
    ),
    max_size=80,
)
URL = "https://hub.example/t/"
# What Outlook, Gmail and Apple Mail all keep (caniemail.com): of each style only the plain form.
STYLES = {
    "margin", "padding", "font-family", "font-size", "line-height", "font-weight", "color",
    "text-decoration", "border-bottom", "max-width", "background-color",
}  # fmt: skip
MAILS = [event for event, known in sorted(EVENTS.items()) if "email" in known.media]


@pytest.fixture(autouse=True)
def _as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_words", dict)


def both(source: str, **facts: str) -> rich.Rich:
    parts = wording.parse(source)
    return rich.both(wording.fill(parts, facts), is_url=lambda name: name == "url")


class Tags(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_headings_lists_bold_and_links_are_drawn_and_plain() -> None:
    made = both(
        "# Now\nWe are **quick**.\nNext line.\n\n* one ((a))\n* two\n\n1. first\n2. second\n\n"
        "## Then\n[See it](((url))) or https://example.org/x.",
        a="A & B", url=URL,
    )  # fmt: skip
    assert made.html == (
        "<h2>Now</h2><p>We are <strong>quick</strong>.<br>Next line.</p>"
        "<ul><li>one A &amp; B</li><li>two</li></ul><ol><li>first</li><li>second</li></ol>"
        f'<h3>Then</h3><p><a href="{URL}">See it</a> or '
        '<a href="https://example.org/x">https://example.org/x</a>.</p>'
    )
    assert made.plain == (
        "Now\n\nWe are quick.\nNext line.\n\n- one A & B\n- two\n\n1. first\n2. second\n\nThen\n\n"
        f"See it: {URL} or https://example.org/x.\n"
    )


def test_a_fact_that_is_a_link_leads_there_and_nothing_else_does() -> None:
    assert both("((url))", url=URL).html == f'<p><a href="{URL}">{URL}</a></p>'
    assert both("((a))", a=URL).html == f"<p>{URL}</p>"
    for bad in ("javascript:alert(1)", 'https://x" onclick="y', "//x", "x"):
        assert "<a" not in both("((url)) [go](((url)))", url=bad).html
    assert "<a" not in both("[go](javascript:alert)").html
    assert "<a" not in both("[go](((a)))", a=URL).html


def test_what_somebody_wrote_keeps_its_paragraphs_and_lines() -> None:
    made = both("They write:\n\n((a))", a="One.\nTwo.\n\nThree.")
    assert made.html == "<p>They write:</p><p>One.<br>Two.</p><p>Three.</p>"
    assert made.plain == "They write:\n\nOne.\nTwo.\n\nThree.\n"


@given(ANYTHING, ANYTHING)
def test_nothing_that_people_wrote_is_markup(first: str, second: str) -> None:
    source = "# H ((a))\n((a)) **x ((b))**\n* ((b))\n\n((a))\n\n[((b))](((url)))"
    made = both(source, a=first, b=second, url=URL)
    found = Tags(made.html)
    assert {tag for tag, _ in found.tags} <= TAGS
    assert found.open == []
    hrefs = [attributes["href"] for tag, attributes in found.tags if tag == "a"]
    assert set(hrefs) <= {URL}
    assert all(set(attributes) <= {"href"} for _, attributes in found.tags)
    # Every word is there, in both forms.
    for one in (first, second):
        bare = "".join(one.split())
        assert bare in "".join(made.plain.split())
        assert bare.translate({0: 0xFFFD, 13: None}) in "".join(found.words.split()).translate(
            {0: 0xFFFD, 13: None}
        )


@pytest.mark.parametrize(("event", "language"), list(product(MAILS, ["en-gb", "pl"])))
def test_every_mail_keeps_to_what_mail_readers_show(event: str, language: str) -> None:
    made = rendering.render(event=event, medium="email", context=FACTS, language=language)
    page = mail_html.document(made.html, subject=made.subject, language=made.language)
    assert len(page.encode()) < mail_html.LARGEST
    found = Tags(page)
    assert found.open == []
    for tag, attributes in found.tags:
        assert tag in TAGS | {"html", "head", "meta", "title", "body", "div"}
        assert set(attributes) <= {"lang", "dir", "style", "href", "charset", "name", "content"}
        for style in filter(None, (attributes.get("style") or "").split(";")):
            name, _, value = style.partition(":")
            assert name in STYLES
            # What some readers drop, or fetch.
            assert not re.search(r"url\(|var\(|calc\(|!important|\d(rem|em|vw|vh)\b", value)
    # Every block has its own look: no reader carries it over from what is around.
    shown = [(tag, attributes) for tag, attributes in found.tags if tag in TAGS - {"br"}]
    assert all(attributes.get("style") for _, attributes in shown)
    # Dark ink is never left on a dark reader's own paper.
    paper = [tag for tag, attributes in found.tags if "background-color:#ffffff" in
             (attributes.get("style") or "")]  # fmt: skip
    assert paper == ["body", "div"]
    assert 'name="color-scheme" content="light"' in page
    assert "<style" not in page
    assert "<img" not in page
    html = dict(found.tags)["html"]
    assert html == {"lang": "en-GB" if made.language == "en-gb" else "pl", "dir": "ltr"}
    for fact in EVENTS[event].keys & {"reference", "track_url", "desk_url", "link"}:
        assert FACTS[fact] in found.words


def test_a_mail_in_a_language_that_runs_to_the_left_says_so() -> None:
    page = mail_html.document("<p>x</p>", subject="x", language="ur")
    assert '<html lang="ur" dir="rtl">' in page


@given(ANYTHING)
def test_a_subject_is_only_words_too(subject: str) -> None:
    page = mail_html.document("<p>x</p>", subject=subject, language="en-gb")
    tags = [tag for tag, _ in Tags(page).tags]
    assert tags.count("p") == 2
    assert "script" not in tags
    assert "a" not in tags


def test_a_link_that_only_the_message_holds_is_put_in_at_the_last_moment() -> None:
    link = "https://hub.example/my/x&y/"
    facts = {"minutes": "15", **hiding.places({"link": link})}
    made = rendering.render(event="my_link", medium="email", context=facts)
    assert link not in made.html
    sealed = hiding.seal({"link": link})
    shown = hiding.shown_html(made.html, sealed)
    assert '<a href="https://hub.example/my/x&amp;y/">https://hub.example/my/x&amp;y/</a>' in shown
    assert link in hiding.shown(made.body, sealed)


def test_words_that_fell_back_to_english_say_that_they_are() -> None:
    facts = dict.fromkeys(EVENTS["offered"].keys, "x")
    assert (
        rendering.render(event="offered", medium="email", context=facts, language="pl").language
        == "en-gb"
    )
    assert (
        rendering.render(
            event="offered", medium="email", context=facts, language="nobody's"
        ).language
        == "en-gb"
    )
