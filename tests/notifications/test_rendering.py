import re

import pytest

from notifications import facts, gsm, live, rendering, shipped, wording
from notifications.events import EVENTS

FACTS = {
    **{name: known.example for name, known in facts.FACTS.items()},
    "reference": "WH7-K3MP-4X",
    "service": "Missed bin collection",
    "owner": "Malvern Hills District Council",
    "promised": "Thursday 26 November",
    "track_url": "https://hub.example/track/WH7-K3MP-4X/hQ2nXr7mVb1cT9zKpLw4Ya/",
    "desk_url": "https://hub.example/desk/cases/WH7-K3MP-4X/",
    "next": "Malvern Hills District Council will deal with it by Thursday 26 November.",
    "words": "The crew came back today and emptied it.",
    "outcome_words": "Done",
    "question": "Which of the two gates is the bin behind?",
    "status_words": "In progress (Malvern Hills District Council).",
    "due": "Friday 27 November, 5:00pm",
    "kind": "chase",
    "pictures": "",
    "hint": "",
    "clock": "Promise to the citizen",
    "organisation": "Malvern Hills District Council",
    "reasons": "Wychavon District Council: It is outside our area",
    "team": "Waste and street scene",
    "day": "Friday 27 November",
    "counts": "3 offered, 1 due today, 0 late, 2 waiting for the citizen.",
    "lines": "WH7-K3MP-4X Missed bin collection, Malvern: 2 working hours left",
    "other": "WH9-T4RW-6Y",
    "news": "It is done",
    "title": "No collections in Malvern on Friday",
    "until": "We now expect it to end on Friday 27 November, 5pm.",
    "expected": "Monday 30 November",
    "is_later": "yes",
    "since": "Tuesday 17 November",
    "link": "https://hub.example/my/hQ2nXr7mVb1cT9zKpLw4YahQ2nXr7mVb1cT9zKpLw4Y/",
    "minutes": "15",
    "code": "K3MPX-7WD4R",
    "masked": "j***@example.com",
    "page_url": "https://hub.example/kept-told/hQ2nXr7mVb1cT9zKpLw4Ya/",
    "survey_url": "https://hub.example/said/WyJkb25lIl0:1vMabc:hQ2nXr7mVb1cT9zKpLw4Ya/",
    "cancelled": "",
    "danger": "If you smell gas, go outside and ring 0800 111 999 now.",
    "came": "Tuesday 17 November, 10am",
    "added": "yes",
    "name": "Sam Staff",
    "time": "14:05:09 UTC",
    "says": "Q1 Was the bin out?\n1 Yes 2 No",
    "count": "6",
    "more": "3",
    "my_url": "https://hub.example/my/",
}
EVERY = [(event, medium) for event, known in EVENTS.items() for medium in sorted(known.media)]


def said(event: str, medium: str, **changed: str) -> rendering.Rendered:
    return rendering.render(event=event, medium=medium, context={**FACTS, **changed})


@pytest.fixture(autouse=True)
def _as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has changed any words; the tests of tests/wording do."""
    monkeypatch.setattr(live, "_words", dict)


@pytest.mark.parametrize(("event", "medium"), EVERY)
def test_every_event_has_words_that_use_only_its_own_facts(event, medium):
    words = shipped.source(event, medium, "en-gb")
    assert words is not None
    parts = (*wording.parse(words.subject), *wording.parse(words.body))
    names = {name for name, _ in wording.names(parts)}
    keys = EVENTS[event].keys
    assert names <= keys | facts.following(keys) | facts.HOUSE.keys()
    # An editor is told what each of them means.
    assert names <= facts.FACTS.keys() | facts.HOUSE.keys()


def test_no_words_are_without_an_event():
    known = {f"{event}.{medium}.txt" for event, medium in EVERY}
    for folder in shipped.WORDS.iterdir():
        assert {path.name for path in folder.iterdir()} <= known, folder.name


@pytest.mark.parametrize("event", [event for event, medium in EVERY if medium == "sms"])
@pytest.mark.parametrize("left_out", [(), ("service",), ("promised",), ("promised", "owner")])
def test_every_text_is_in_the_gsm_alphabet_and_at_most_two_parts_long(event, left_out):
    body = said(event, "sms", **dict.fromkeys(left_out, "")).body
    size = gsm.measure(body)
    assert gsm.outside(body) == ""
    assert size.encoding == "GSM-7"
    assert size.segments <= 2, body


@pytest.mark.parametrize(("event", "medium"), EVERY)
@pytest.mark.parametrize("left_out", [(), ("service", "promised", "next", "due", "outcome_words")])
def test_words_are_whole_whatever_is_missing(event, medium, left_out):
    rendered = said(event, medium, **dict.fromkeys(left_out, ""))
    for text in (rendered.subject, rendered.body):
        assert "((" not in text
        assert "??" not in text
        assert "  " not in text
        assert " ." not in text
        assert "\n\n\n" not in text
        assert not re.search(r"(?i)please|successful|!", text)
    assert (medium != "sms") == bool(rendered.subject)
    assert (medium != "sms") == bool(rendered.html)


def test_a_question_keeps_its_lines_and_no_other_fact_makes_one():
    assert (
        said("sms_turn", "sms", says="Q1 Which?\n  1 One \n2 Two").body == "Q1 Which?\n1 One\n2 Two"
    )
    assert "\n" not in said("resolved", "sms", words="Done.\nAll of it.").body


def test_what_a_person_wrote_is_never_a_template():
    trick = "((track_url)) ((!service??x)) {{ secret }} {% debug %} <script>O'Brien & son</script>"
    for medium in ("sms", "email", "letter"):
        assert trick in said("resolved", medium, words=trick).body
    html = said("resolved", "email", words=trick).html
    assert "<script>" not in html
    assert "((track_url)) ((!service??x)) {{ secret }} {% debug %} &lt;script&gt;" in html


def test_a_line_break_in_a_fact_cannot_make_a_header():
    rendered = said("received", "email", reference="WH7\r\nBcc: all@example.com")
    assert "\n" not in rendered.subject
    assert "\r" not in rendered.subject


def test_curly_quotes_do_not_make_a_text_dearer():
    body = said("resolved", "sms", words="It’s done – “all” of it…").body
    assert gsm.measure(body).encoding == "GSM-7"
    assert 'It\'s done - "all" of it...' in body


def test_a_long_answer_is_cut_in_a_text_and_whole_in_an_email():
    words = "The crew could not reach the bin. " * 60
    text = said("resolved", "sms", words=words).body
    assert gsm.measure(text).segments <= 4
    assert "..." in text
    assert words.strip() in said("resolved", "email", words=words).body


def test_paragraphs_of_an_answer_survive_in_an_email():
    assert "One.\n\nTwo." in said("resolved", "email", words="One.\n\nTwo.").body


def test_a_missing_fact_is_refused_by_name():
    with pytest.raises(rendering.CannotSay, match="track_url"):
        rendering.render(
            event="late", medium="sms", context={"reference": "", "owner": "", "promised": ""}
        )


def test_an_event_without_words_for_a_medium_is_refused():
    with pytest.raises(rendering.CannotSay):
        said("offered", "sms")
    with pytest.raises(rendering.CannotSay):
        said("../../hub/settings", "sms")
