"""Each rule of the lint speaks where it should, and is silent where it should not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.forms import lint, reading
from kb.forms.lint import Known, Level

TODAY = date(2026, 11, 17)
KNOWN = Known(
    areas={"E07000237"}, articles={"report-a-pothole"}, segments=lambda text: 1 + len(text) // 153
)
HINTED = {"hint": "For example 3"}
GO = {"key": "go", "type": "yes_no", "words": "Can you get there?"}
ROAD = {
    "key": "road",
    "type": "choice",
    "words": "Which road?",
    "choices": [
        {"value": "local", "words": "A street"},
        {"value": "unknown", "words": "I do not know"},
    ],
}


def choice(*words: str, **more: Any) -> dict[str, Any]:
    rows = [{"value": f"v{at}", "words": one} for at, one in enumerate(words)]
    return {"key": "kind", "type": "choice", "words": "Which kind?", "choices": rows, **more}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"key": "t", "type": "text", "words": words, "hint": "A few words", **more}


def end(kind: str = "answered", **more: Any) -> dict[str, Any]:
    return {
        "key": "stop", "kind": kind, "title": "Stop here", "words": "That is all.",
        "when": {"question": "go", "is": "no"}, **more,
    }  # fmt: skip


def deep(**more: Any) -> dict[str, Any]:
    return {"key": "deep", "type": "number", "words": "How deep is it?", **HINTED, **more}


def found(*questions: Any, ends: Any = (), known: Known = KNOWN, **more: Any) -> list[lint.Finding]:
    form = reading.form({"questions": list(questions), "ends": list(ends), **more})
    return lint.lint(form, known, today=TODAY)


LONG = "This is a sentence " + "that goes on and on " * 6
NINE = [f"Choice number {at}" for at in range(10)]
RULED = Known(ruled={"road": {"local", "motorway"}})
# The rule, a form that breaks it, and its neighbour that does not.
TABLE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("no-hint", {"q": [deep(hint="")]}, {"q": [deep()]}),
    (
        "no-hint",
        {"q": [text("What is it?", hint="")]},
        {"q": [{"key": "description", "type": "words", "words": "What happened?"}]},
    ),
    (
        "no-why",
        {"q": [text("When were you born?", type="date")]},
        {"q": [text("When were you born?", type="date", why="It decides what you can have.")]},
    ),
    ("no-why", {"q": [text("What is your income?")]}, {"q": [text("What came in?")]}),
    ("known", {"q": [text("What is your name?")]}, {"q": [text("What is the name of the shop?")]}),
    ("known", {"q": [text("Which email do you use?")]}, {"q": [text("What did it say?")]}),
    (
        "reserved",
        {"q": [text("Which place?", key="place")]},
        {"q": [text("Which place?", key="place", type="place")]},
    ),
    ("known", {"q": [text("Which?", key="postcode")]}, {"q": [text("Which?", key="place-name")]}),
    ("many-choices", {"q": [choice(*NINE)]}, {"q": [choice(*NINE[:9])]}),
    ("kiosk-choices", {"q": [choice(*NINE[:6])]}, {"q": [choice(*NINE[:5])]}),
    ("yes-no", {"q": [choice("Yes", "No")]}, {"q": [choice("Yes", "No", "Not sure")]}),
    ("same-choice", {"q": [choice("A", "A")]}, {"q": [choice("A", "B")]}),
    (
        "no-unsure",
        {"q": [choice("A", "B", key="road")], "known": Known(ruled={"road": {"v0"}})},
        {"q": [ROAD], "known": Known(ruled={"road": {"local"}})},
    ),
    ("long", {"q": [text("What " * 20)]}, {"q": [text("What is it?")]}),
    ("sms", {"q": [text("What is it?", hint="Say it. " * 45)]}, {"q": [text("What is it?")]}),
    (
        "no-area",
        {"q": [deep(areas={"E99999999": {"hint": "x"}})]},
        {"q": [deep(areas={"E07000237": {"hint": "x"}})]},
    ),
    (
        "area-choice",
        {
            "q": [
                choice(
                    "A",
                    "B",
                    areas={
                        "E07000237": {
                            "choices": [
                                {"value": "v1", "words": "B"},
                                {"value": "v2", "words": "C"},
                            ]
                        }
                    },
                ),
                text("More?", when={"question": "kind", "is": "v0"}),
            ]
        },
        {
            "q": [
                choice(
                    "A",
                    "B",
                    areas={
                        "E07000237": {
                            "choices": [
                                {"value": "v0", "words": "B"},
                                {"value": "v2", "words": "C"},
                            ]
                        }
                    },
                ),
                text("More?", when={"question": "kind", "is": "v0"}),
            ]
        },
    ),
    (
        "long-sentence",
        {"q": [deep(hint=LONG)]},
        {"q": [deep(hint=LONG.replace("and on", "and. On"))]},
    ),
    ("tone", {"q": [deep(hint="Please measure it")]}, {"q": [deep(hint="Measure it")]}),
    (
        "no-article",
        {"q": [GO], "ends": [end(article="nothing")]},
        {"q": [GO], "ends": [end(article="report-a-pothole")]},
    ),
    (
        "no-phone",
        {"q": [GO], "ends": [end("emergency", phone="us")]},
        {"q": [GO], "ends": [end("emergency", phone="999")]},
    ),
    ("no-next", {"q": [GO], "ends": [end()]}, {"q": [GO], "ends": [end(next_step="Ask again.")]}),
    (
        "no-next",
        {"q": [GO], "ends": [end("not_ours")]},
        {"q": [GO], "ends": [end("not_ours", phone="0300 123 5000")]},
    ),
    (
        "late-emergency",
        {"q": [deep(), GO], "ends": [end("emergency", phone="999")]},
        {"q": [GO, deep()], "ends": [end("emergency", phone="999")]},
    ),
    (
        "same-words",
        {"q": [deep(), deep(key="other")]},
        {"q": [deep(), deep(key="other", words="How wide is it?")]},
    ),
    (
        "ruled",
        {"q": [deep()], "known": RULED},
        {"q": [choice("A", "B", key="road")], "known": Known(ruled={"road": {"v0", "v1"}})},
    ),
    (
        "ruled",
        {"q": [ROAD], "known": RULED},
        {"q": [ROAD], "known": Known(ruled={"road": {"local"}})},
    ),
    (
        "long-form",
        {"q": [deep(key=f"q{at}", words=f"How deep is number {at}?") for at in range(11)]},
        {"q": [deep(key=f"q{at}", words=f"How deep is number {at}?") for at in range(10)]},
    ),
    (
        "unreachable",
        {
            "q": [
                GO,
                text(
                    "Why?",
                    when={"all": [{"question": "go", "is": "no"}, {"question": "go", "is": "yes"}]},
                ),
            ]
        },
        {
            "q": [
                GO,
                text(
                    "Why?",
                    when={"any": [{"question": "go", "is": "no"}, {"question": "go", "is": "yes"}]},
                ),
            ]
        },
    ),
    # After an end nothing is asked: what only follows it never is.
    (
        "unreachable",
        {"q": [GO, text("Why?", when={"question": "go", "is": "no"})], "ends": [end()]},
        {"q": [GO, text("Why?", when={"question": "go", "is": "yes"})], "ends": [end()]},
    ),
    (
        "unreachable",
        {"q": [GO, deep(most=5)], "ends": [end(when={"question": "deep", "at_least": 6})]},
        {"q": [GO, deep(most=6)], "ends": [end(when={"question": "deep", "at_least": 6})]},
    ),
    (
        "unreachable",
        {
            "q": [text("When?", type="date", most=0)],
            "ends": [end(when={"question": "t", "days_ago_at_most": -1})],
        },
        {
            "q": [text("When?", type="date", most=0)],
            "ends": [end(when={"question": "t", "days_ago_at_most": 0})],
        },
    ),
    (
        "never-sent",
        {"q": [GO], "ends": [end(when={"question": "go", "answered": True})]},
        {
            "q": [{**GO, "required": False}],
            "ends": [end(when={"question": "go", "answered": True})],
        },
    ),
]
WRONG = {
    "same-choice", "no-area", "no-article", "no-phone", "ruled", "unreachable", "reserved",
}  # fmt: skip


def rules(case: dict[str, Any]) -> dict[str, Level]:
    said = found(*case["q"], ends=case.get("ends", ()), known=case.get("known", KNOWN))
    return {one.rule: one.level for one in said}


@pytest.mark.parametrize(
    ("rule", "bad", "good"), TABLE, ids=[f"{at}-{one[0]}" for at, one in enumerate(TABLE)]
)
def test_a_rule_speaks_and_is_silent(rule: str, bad: dict[str, Any], good: dict[str, Any]) -> None:
    said = rules(bad)
    assert rule in said
    assert (said[rule] is Level.WRONG) == (rule in WRONG)
    assert rule not in rules(good)


def test_what_is_wrong_comes_first_and_the_rest_in_the_order_of_the_form() -> None:
    said = found(deep(hint=""), GO, choice("A", "A"))
    assert [one.where for one in said] == ["kind", "deep"]
    assert [one.rule for one in lint.wrong(said)] == ["same-choice"]


def test_of_what_nothing_is_known_nothing_is_said() -> None:
    said = found(
        deep(areas={"E99999999": {"hint": "x"}}), GO, ends=[end(article="x")], known=Known()
    )
    assert said == []


def test_too_many_ways_claim_nothing() -> None:
    many = [{"key": f"q{at}", "type": "yes_no", "words": f"Is number {at} so?"} for at in range(18)]
    last = {**text("All?"), "when": {"all": [{"question": one["key"], "is": "no"} for one in many]}}
    assert "unreachable" not in {one.rule for one in found(*many, last)}
