"""What looks like a machine's: the signs, each and together. Pure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.asking import spam
from channels.asking.spam import Signs
from channels.email import taking

WORDS = "The bin at number 5 was not emptied on Monday, and it smells."
QUICKEST = timedelta(seconds=4)
AGE = timedelta(minutes=3)


def signs(**more: object) -> Signs:
    given_ = {"age": AGE, "quickest": QUICKEST, "words": WORDS, "name": "Jo Bloggs", **more}
    return Signs(**given_)  # type: ignore[arg-type]  # each test names what it changes


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, ()),
        ({"trap": "http://buy.example"}, ("trap",)),
        ({"trap": "   "}, ()),
        ({"age": timedelta(seconds=3)}, ("too_fast",)),
        ({"age": timedelta(seconds=4)}, ()),
        ({"age": timedelta(days=2)}, ()),
        ({"age": timedelta(days=3)}, ("old_stamp",)),
        ({"age": None, "is_forged": True}, ("bad_stamp",)),
        ({"age": timedelta(seconds=-5)}, ("too_fast",)),
        ({"times_said": 3}, ()),
        ({"times_said": 4}, ("same_words",)),
        ({"words": f"{WORDS} See https://council.example/map"}, ()),
        ({"words": "http://a.example www.b.example https://c.example"}, ("many_links",)),
        ({"words": "[url=http://a.example]cheap[/url]"}, ("link", "markup")),
        ({"words": '<a href="http://a.example">cheap</a>'}, ("link", "markup")),
        ({"name": "www.casino.example"}, ("link_in_name",)),
        ({"words": "😀😀😀"}, ()),
        ({"words": "12345 67890", "name": ""}, ()),
        ({"words": "12345 www.a.example"}, ()),
        ({"words": "Мусор не вывезли"}, ()),
        ({"words": "لم يتم إفراغ الحاوية"}, ()),
    ],
)
def test_what_is_held_and_why(changed: dict[str, object], reasons: tuple[str, ...]) -> None:
    found = spam.suspicion(signs(**changed))
    assert set(reasons) <= set(found)
    assert bool(found) == bool(reasons)


def test_small_signs_count_together() -> None:
    assert spam.reasons(signs(words="1 2 3 https://example.org")) == ("link",)
    assert spam.suspicion(signs(words="1 2 3")) == ()
    assert spam.score(("link", "no_letters")) >= spam.HELD_FROM


def test_every_sign_has_a_weight_and_words_for_who_decides() -> None:
    from desk.views.holding import REASONS

    assert set(REASONS) == set(spam.WEIGHTS) | set(taking.SUSPICIONS)


@given(st.text(max_size=400), st.text(max_size=60))
def test_it_reads_whatever_is_written(words: str, name: str) -> None:
    found = spam.reasons(signs(words=words, name=name))
    assert set(found) <= set(spam.WEIGHTS)
