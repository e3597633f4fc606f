"""How the words of a text are read, without a database."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import triage_words
from kb.triage_words import Book, plain, stem

OURS = [
    "bin",
    "bins",
    "emptied",
    "collected",
    "council",
    "tax",
    "pothole",
    "potholes",
    "streetlight",
    "light",
    "lights",
    "housing",
    "benefit",
    "blue",
    "badge",
    "dropped",
    "kerb",
    "school",
    "meals",
    "free",
    "rubbish",
    "fallen",
    "wasp",
    "nest",
    "library",
    "licence",
]


def meant(words: str) -> set[str]:
    return {root for one in Book(OURS).tokens(plain(words)) for root, _ in one.meant}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("emptied", "empty"),
        ("emptying", "empties"),
        ("bins", "bin"),
        ("collected", "collection"),
        ("benches", "bench"),
        ("dropped", "dropping"),
        ("licences", "licence"),
        ("boxes", "box"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["bus", "gas", "glass", "is", "red", "king", "ring", "bed"])
def test_what_only_looks_like_an_ending_stays(word: str) -> None:
    assert stem(word) == word


def test_short_forms_are_written_out() -> None:
    assert plain("y havent u emptied r bins, ctax") == [
        "why", "not", "you", "emptied", "are", "bins", "council", "tax",
    ]  # fmt: skip


def test_postcodes_numbers_to_ring_and_links_are_no_words() -> None:
    text = "bin WR11 4AA wr9 07700 900123 https://example.org/bins me@example.org"
    assert plain(text) == ["bin"]


def test_a_licence_for_an_event_is_told_from_the_number_ten() -> None:
    assert "event" in plain("do we need a TEN")
    assert "event" not in plain("since ten days")


def test_the_name_of_a_street_behind_a_number_counts_for_less() -> None:
    tokens = {one.said: dict(one.meant) for one in Book(OURS).tokens(plain("12 library road bin"))}
    assert tokens["library"] == {stem("library"): triage_words.OF_A_STREET}
    assert tokens["bin"] == {"bin": 1.0}


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("pothoel", "pothole"),
        ("rubish", "rubbish"),
        ("counciltax", "council"),
        ("counciltax", "tax"),
        ("blubadge", "badge"),
        ("freeschoolmeals", "meals"),
        ("pot hole", "pothole"),
        ("pot holles", "pothole"),
        ("lite", "light"),
        ("licens", "licence"),
    ],
)
def test_slips_and_joined_words_are_read_as_ours(said: str, ours: str) -> None:
    assert stem(ours) in meant(said)


@pytest.mark.parametrize("said", ["night", "filled", "best", "tip", "bat", "there"])
def test_other_words_are_not_taken_for_ours(said: str) -> None:
    assert meant(said) == set()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400))
def test_whatever_is_written_is_read(text: str) -> None:
    book = Book(OURS)
    for one in book.tokens(plain(text)):
        assert all(root in book.known and 0 < surely <= 1 for root, surely in one.meant)


@pytest.mark.parametrize(
    "text",
    [
        "binbinbinbinbinbinbinbin" * 60,
        " ".join(f"bincarbus{letter}taxbedbin" for letter in "qwxzvkjghyplmnb") * 20,
        "a" * 100_000,
        "\x00\ud800 bin" * 1_000,
    ],
)
def test_what_is_made_to_be_slow_is_read_quickly(text: str) -> None:
    book, words = Book(OURS), plain(text)
    began = time.process_time()
    book.tokens(words)
    assert time.process_time() - began < 0.5
    assert len(words) <= triage_words.MOST_WORDS * 3
