"""Times with open work beside them, worked out by hand, and laws that hold for any times."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import times
from metrics.times import ClockKey, Kept

DAY = times.DAY


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ({}, 0.5, None),
        ({7: 1}, 0.9, 7),
        ({1: 1, 2: 1, 3: 1, 4: 1}, 0.5, 2),
        ({1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, 0.5, 3),
        (dict.fromkeys(range(1, 11), 1), 0.9, 9),
        ({1: 9, 100: 1}, 0.9, 1),
        ({1: 89, 100: 11}, 0.9, 100),
    ],
)
def test_the_nearest_rank_is_a_value_that_was_seen(values, share, expected):
    assert times.nearest_rank(values, share) == expected


def test_open_work_moves_the_median_and_may_leave_it_untold():
    ended = {10: 2, 20: 1, 30: 1}

    # At 10 two of seven, at 20 one of three, once two young ones have gone: 5/7 × 2/3 = 0.48.
    assert times.with_open(ended, {15: 2, 40: 1}, 0.5) == 20
    assert times.nearest_rank(ended, 0.5) == 10
    assert times.with_open(ended, {40: 1}, 0.9) is None
    assert times.with_open({}, {40: 9}, 0.5) is None


minutes = st.dictionaries(st.integers(0, 50), st.integers(1, 9), max_size=8)


@given(minutes, st.sampled_from([0.5, 0.9, 0.1]))
def test_without_open_work_both_are_one(ended, share):
    assert times.with_open(ended, {}, share) == times.nearest_rank(ended, share)


@given(minutes, minutes)
def test_open_work_never_makes_it_look_quicker(ended, still_open):
    alone, both = times.nearest_rank(ended, 0.5), times.with_open(ended, still_open, 0.5)

    assert both is None or (alone is not None and both >= alone)


def test_a_band_begins_with_its_first_number():
    ages = {0: 1, DAY - 1: 1, DAY: 1, 2 * DAY: 1, 5 * DAY - 1: 1, 40 * DAY: 1, 900 * DAY: 1}

    assert {name: n for name, n in times.by_age(ages).items() if n} == {
        "under 1 day": 2, "1 to 2 days": 1, "2 to 5 days": 2, "40 days or more": 2,
    }  # fmt: skip
    assert sum(times.by_age(ages).values()) == 7


def test_a_median_is_never_without_what_is_open():
    found = times.waited(Counter({60: 3}), Counter({3 * DAY: 2, 9 * DAY: 1}))

    assert (found.median, found.p90, found.still_open) == (60, 60, 3)
    assert (found.open_median, found.oldest) == (3 * DAY, 9 * DAY)
    assert found.bands["5 to 10 days"] == 1


def test_clocks_of_the_citizen_and_those_between_organisations_stand_apart():
    counted = {
        ClockKey("resolution", "wychavon", "met"): 6, ClockKey("resolution", "hub", "met"): 2,
        ClockKey("resolution", "hub", "missed"): 2, ClockKey("resolution", "hub", "void"): 5,
        ClockKey("work", "wychavon", "running"): 3, ClockKey("accept", "police", "missed"): 1,
    }  # fmt: skip

    assert times.kept(counted) == {"resolution": Kept(8, 2, 0, 5)}
    assert times.kept(counted)["resolution"].share == 0.8
    found = times.agreed(counted)
    assert found["wychavon"]["work"] == Kept(running=3)
    assert found["wychavon"]["work"].share is None
    assert found["police"]["accept"].share == 0.0
