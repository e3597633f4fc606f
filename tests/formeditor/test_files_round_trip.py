"""A form leaves as a file and comes back the same; what is wrong with a file is said, all of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.forms import files, reading, writing
from kb.forms.reading import BadForm, Problem

# Anything that people may type; what cannot be kept at all is refused elsewhere.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


def text(most: int, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=least, max_size=most).filter(
        lambda one: len(one.strip()) >= least
    )


@st.composite
def choices(draw: st.DrawFn) -> list[dict[str, str]]:
    values = draw(
        st.lists(
            st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=2, max_size=6, unique=True
        )
    )
    return [{"value": one, "words": draw(text(40, 1)), "hint": draw(text(40))} for one in values]


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    questions: list[dict[str, Any]] = []
    keys = draw(
        st.lists(st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True), max_size=6, unique=True)
    )
    for key in keys:
        if key == "description":
            continue
        kind = draw(
            st.sampled_from(["text", "words", "choice", "several", "yes_no", "date", "number"])
        )
        one: dict[str, Any] = {
            "key": key,
            "type": kind,
            "words": draw(text(60, 1)),
            "hint": draw(text(60)),
            "why": draw(text(60)),
            "required": draw(st.booleans()),
        }
        if kind in ("choice", "several"):
            one["choices"] = draw(choices())
        if kind == "number":
            one["least"] = draw(st.integers(-1000, 0) | st.floats(-1000, 0))
            one["unit"] = draw(text(10))
        if questions:
            one["when"] = draw(conditions(questions))
        if draw(st.booleans()):
            code = draw(st.from_regex(r"[A-Z][0-9]{8}", fullmatch=True))
            one["areas"] = {code: {"words": draw(text(30, 1)), "skip": draw(st.booleans())}}
        questions.append(one)
    ends = []
    if questions:
        for at in range(draw(st.integers(0, 2))):
            ends.append(
                {
                    "key": f"end{at}",
                    "kind": "emergency",
                    "title": draw(text(40, 1)),
                    "words": draw(text(80, 1)),
                    "phone": "101",
                    "when": draw(conditions(questions)),
                }
            )
    return {"questions": questions, "ends": ends, "describe": draw(st.booleans())}


def conditions(questions: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    single = st.sampled_from(questions).flatmap(_test)
    return st.recursive(
        single,
        lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda parts: st.sampled_from([{"all": parts}, {"any": parts}, {"not": parts[0]}])
        ),
        max_leaves=4,
    )


def _test(question: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    tests: list[dict[str, Any]] = [
        {"missing": question["key"]},
        {"question": question["key"], "answered": True},
    ]
    if "choices" in question:
        tests.append({"question": question["key"], "is": [question["choices"][0]["value"]]})
        tests.append({"question": question["key"], "is": question["choices"][1]["value"]})
    if question["type"] == "date":
        tests.append({"question": question["key"], "years_under": 18})
    if question["type"] == "number":
        tests.append({"question": question["key"], "at_least": 2.5})
    return st.sampled_from(tests)


@settings(max_examples=150, deadline=None)
@given(forms(), text(30))
def test_a_form_that_was_written_is_read_as_it_was(data: dict[str, Any], note: str) -> None:
    form = reading.form(data)
    for name, written in (
        ("a.toml", files.as_toml(form, service="pothole", note=note)),
        ("a.json", files.as_json(form, service="pothole", note=note)),
    ):
        back = files.read(name, written.encode(), service="pothole")
        assert back.form == form
        assert writing.data(back.form) == writing.data(form)
        assert back.service == "pothole"
        assert back.note == note


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda one: one.encode("utf-8", "replace"))
)
def test_whatever_is_sent_is_a_form_or_is_refused_in_words(content: bytes) -> None:
    for name in ("x.toml", "x.json", "x"):
        assert all(one.words for one in _problems(name, content))


def _problems(name: str, content: bytes) -> list[Problem]:
    try:
        files.read(name, content)
    except BadForm as error:
        return error.problems or [Problem("", "")]
    return []


TOML = """
service = "pothole"

[[questions]]
key = "road"
type = "choice"
words = "Which road?"
choices = [{ value = "a", words = "A" }]

[[questions]]
key = "Deep"
type = "number"
words = "How deep?"
colour = "red"

[[ends]]
key = "ring"
kind = "emergency"
title = "Ring"
words = "Ring now"
when = { question = "nothing", is = "yes" }
"""


def test_all_that_is_wrong_is_said_with_the_line_where_it_begins() -> None:
    with pytest.raises(BadForm) as refused:
        files.read("form.toml", TOML.encode(), service="pothole")
    said = [str(one) for one in refused.value.problems]
    assert any(line.startswith("Line 4, Question 1 (road): A choice needs 2") for line in said), (
        said
    )
    assert any(line.startswith("Line 10, Question 2") and "colour" in line for line in said), said
    assert any(line.startswith("Line 16, End 1") and "nothing" in line for line in said), said
    assert any("needs the telephone" in line for line in said), said


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.toml", b"\xff\xfe", "not in UTF-8"),
        ("a.toml", b"questions = [", "not TOML"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[]", "a table"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.json", b'{"service": "missed-bin", "questions": []}', "is for “missed-bin”"),
        ("a.json", b'{"service": 7}', "are text"),
        ("a.toml", b"#" * 500_000, "larger than"),
    ],
)
def test_a_file_that_is_no_form_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    with pytest.raises(BadForm, match=words):
        files.read(name, content, service="pothole")


def question(**more: Any) -> dict[str, Any]:
    return {"key": "deep", "type": "number", "words": "How deep?", **more}


@pytest.mark.parametrize(
    "one",
    [
        question(least=float("nan")),
        question(most=float("inf")),
        question(words="\ud800"),
        question(type="date", least=10**9),
        question(areas={"\x00": {}}),
        question(areas={"E07000237": {"required": "perhaps"}}),
        question(areas={"E07000237": {"words": "\x00"}}),
    ],
)
def test_what_could_not_be_kept_or_counted_with_is_no_form(one: dict[str, Any]) -> None:
    with pytest.raises(BadForm):
        reading.form({"questions": [one]})


@pytest.mark.parametrize(
    "test",
    [
        {"at_least": float("nan")},
        {"at_least": True},
        {"answered": {"deep": 1}},
        {"days_ago_at_least": 2},
    ],
)
def test_a_test_that_could_not_be_made_is_no_condition(test: dict[str, Any]) -> None:
    asked = {"key": "more", "type": "text", "words": "More?", "when": {"question": "deep", **test}}
    with pytest.raises(BadForm):
        reading.form({"questions": [question(), asked]})


def test_days_are_whole_and_json_says_them_as_they_are() -> None:
    born = {"key": "born", "type": "date", "words": "When?"}
    asked = {"key": "x", "type": "text", "words": "X?"}
    with pytest.raises(BadForm, match="whole number"):
        reading.form(
            {"questions": [born, {**asked, "when": {"question": "born", "years_under": 2.5}}]}
        )
    good = {"questions": [born, {**asked, "when": {"question": "born", "years_under": 2}}]}
    written = files.as_json(reading.form(good), service="x")
    assert json.loads(written)["questions"][1]["when"] == {"question": "born", "years_under": 2}
