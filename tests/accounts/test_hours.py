"""Hours as people write them, and the words that say what is wrong with them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.hours import day_words, read_day, read_hours

NINE_TO_FIVE = [["09:00", "17:00"]]


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("09:00-17:00", NINE_TO_FIVE),
        ("9-17", NINE_TO_FIVE),
        ("9am-5pm", NINE_TO_FIVE),
        ("9 am to 5 pm", NINE_TO_FIVE),
        ("9.00 – 17.00", NINE_TO_FIVE),
        ("09:00-12:30, 13:30-17:00", [["09:00", "12:30"], ["13:30", "17:00"]]),
        ("1.30pm-5pm and 9am-12.30pm", [["09:00", "12:30"], ["13:30", "17:00"]]),
        ("09:00-13:00, 13:00-17:00", [["09:00", "13:00"], ["13:00", "17:00"]]),
        ("22:00-24:00", [["22:00", "24:00"]]),
        ("22:00-00:00", [["22:00", "24:00"]]),
        ("12am-12pm", [["00:00", "12:00"]]),
        ("24 hours", [["00:00", "24:00"]]),
        ("Always open", [["00:00", "24:00"]]),
        ("closed", []),
        ("", []),
        ("  ", []),
    ],
)
def test_a_day_is_read_as_it_is_written(written: str, means: list[list[str]]) -> None:
    assert read_day(written) == means


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("17:00-09:00", "closes before it opens"),
        ("22:00-06:00", "Write a night as two: 22:00-24:00 on its day, 00:00-06:00 on the next"),
        ("9-5", "Write 09:00-17:00"),
        ("09:00-09:00", "closes before it opens"),
        ("09:00-13:00, 12:00-17:00", '"09:00-13:00" and "12:00-17:00" overlap'),
        ("09:00-17:00, 09:00-17:00", "overlap"),
        ("25:00-26:00", "a time that no clock shows"),
        ("23:00-24:30", "a time that no clock shows"),
        ("13pm-14pm", "a time that no clock shows"),
        ("nine to five", '"nine to five" are no hours. Write them as 09:00-17:00'),
        ("09:00", "are no hours"),
        ("09:75-17:00", "are no hours"),
    ],
)
def test_what_cannot_be_read_says_why(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read_day(written)


TIMES = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)] + ["24:00"]


@given(st.lists(st.sampled_from(TIMES), max_size=8, unique=True))
def test_what_is_shown_can_be_written_again(times: list[str]) -> None:
    spans = [list(pair) for pair in zip(*[iter(sorted(times))] * 2, strict=False)]
    assert read_day(day_words(spans)) == spans


def test_a_week_whose_hours_overlap_is_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        read_hours("mon-fri 09:00-17:00; fri 16:00-18:00")
    assert read_hours("fri 18:00-19:00; mon-fri 09:00-17:00")["fri"] == [
        ["09:00", "17:00"],
        ["18:00", "19:00"],
    ]
