"""The syntax of messages: what stands in it, where mistakes are, and that facts are only words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import wording
from notifications.wording import Unreadable

WORDS = st.text(alphabet="ab c.,!\n()?#*[]{}é…", max_size=30)
ANYTHING = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("(()))??!ab_ ")),
    max_size=60,
)


def said(source: str, **facts: str) -> str:
    return wording.text(wording.parse(source), facts)


@pytest.mark.parametrize(
    ("source", "facts", "words"),
    [
        ("Hello", {}, "Hello"),
        ("((a))", {"a": "x"}, "x"),
        ("((a))", {}, ""),
        ("(((a)))", {"a": "x"}, "(x)"),
        ("[go](((a)))", {"a": "x"}, "[go](x)"),
        ("1((a?? (((a)))))2", {"a": "x"}, "1 (x)2"),
        ("1((a?? (((a)))))2", {}, "12"),
        ("((!a??none))", {}, "none"),
        ("((!a??none))", {"a": "x"}, ""),
        ("((a??((b??both))((!b??a alone))))((!a??no a))", {"a": "1", "b": "1"}, "both"),
        ("((a??((b??both))((!b??a alone))))((!a??no a))", {"a": "1"}, "a alone"),
        ("((a??((b??both))((!b??a alone))))((!a??no a))", {"b": "1"}, "no a"),
        ("((Track URL)) (( a ))", {"track_url": "t", "a": "x"}, "t x"),
        ("(see (a)) ?? ! )", {"a": "x"}, "(see (a)) ?? ! )"),
    ],
)
def test_what_is_said(source: str, facts: dict[str, str], words: str) -> None:
    assert said(source, **facts) == words


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("((a", 1, 1, "the name of a fact"),
        ("x\n  ((1))", 2, 3, "the name of a fact"),
        ("a))", 1, 2, "closes nothing"),
        ("((a??b", 1, 1, "never closed"),
        ("\n\n((!a))", 3, 1, "says nothing"),
        ("((a b c d e f g h i j k l m n o p q r s t u v w x y z))", 1, 1, "name of a fact"),
        ("((a??" * 9 + "))" * 9, 1, 31, "within too many others"),
    ],
)
def test_every_mistake_has_its_place(source: str, line: int, column: int, words: str) -> None:
    with pytest.raises(Unreadable) as error:
        wording.parse(source)
    first = error.value.problems[0]
    assert (first.line, first.column) == (line, column)
    assert words in first.words


@given(ANYTHING, ANYTHING)
def test_no_fact_is_ever_read(first: str, second: str) -> None:
    source = "1((a))2((b??3((b))4))((!b??5))6"
    middle = f"3{second}4" if second else "5"
    assert said(source, a=first, b=second) == f"1{first}2{middle}6"


@given(ANYTHING)
def test_anything_can_be_read_or_is_refused(source: str) -> None:
    try:
        parts = wording.parse(source)
    except Unreadable as error:
        for one in error.problems:
            assert 1 <= one.line <= source.count("\n") + 1
            assert 1 <= one.column <= len(source) + 1
        return
    names = {name for name, _ in wording.names(parts)}
    assert wording.said(parts) <= names
    wording.text(parts, dict.fromkeys(names, "x"))


@given(st.text(alphabet="ab c\n.,!?#*[]", max_size=40))
def test_words_without_brackets_are_said_as_they_are(source: str) -> None:
    assert said(source, a="x", b="y") == source


def test_a_long_row_of_brackets_is_read_in_no_time() -> None:
    for row in ("(" * 10_000, ")" * 9_999, "((a??" * 2_000, "(a" * 5_000, "((" * 5_000):
        try:
            wording.parse(row)
        except Unreadable:
            continue
