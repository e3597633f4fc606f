"""Where a rule belongs, what room it has, and how two lists differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enquiries.rule_lists import Differences, Ground, differences, place_for, room
from enquiries.rule_rows import RuleRow
from tests.routing.rules import rows, rule

GROUND = Ground(
    tiers={"pothole": "county", "missed-bin": "district", "allotments": "town"},
    parents={"W1": "T1", "T1": "D1", "D1": "C", "D2": "C"},
)
ALLOTMENTS = {"owner_tier": "town", "service": "allotments"}
LIST = [
    rule(10, area_code="T1", organisation="evesham-town", **ALLOTMENTS),
    rule(20, area_code="D1", organisation="wychavon", **ALLOTMENTS),
    rule(30, "missed-bin", owner_tier="district", area_code="D1"),
    rule(40, owner_tier="district", area_code="D1"),
    rule(50, "pothole"),
    rule(60),
]


@pytest.mark.parametrize(
    ("new", "before"),
    [
        # The answers of a service go before the service alone, whatever the place.
        (rule(0, "pothole", answers=(("road", ("motorway",)),)), 50),
        (rule(0, "pothole", area_code="D2"), 50),
        (rule(0, "pothole", valid_until=date(2027, 1, 1)), 50),
        (rule(0, "pothole", channels=("sms",)), 50),
        # A smaller place goes before the larger that it lies in.
        (rule(0, area_code="W1", **ALLOTMENTS), 10),
        (rule(0, area_code="D1", owner_tier="district", priority="urgent"), 40),
        # What overlaps nothing less specific goes to the end.
        (rule(0, owner_tier="police"), None),
        (rule(0, "missed-bin", owner_tier="district", area_code="D2"), None),
        # Another rule for everything is no reason to go before rules that say more.
        (rule(0, owner_tier=""), None),
    ],
)
def test_a_new_rule_goes_before_the_first_less_specific_one(
    new: RuleRow, before: int | None
) -> None:
    at = place_for(new, LIST, GROUND)
    assert (LIST[at].position if at < len(LIST) else None) == before


@pytest.mark.parametrize(
    ("positions", "index", "number", "moves"),
    [
        ([], 0, 10, {}),
        ([10, 20], 2, 30, {}),
        ([100, 200], 1, 110, {}),
        ([10, 20], 1, 15, {}),
        ([10, 11, 12, 50], 1, 20, {11: 30, 12: 40}),
        ([10, 11, 20, 30], 1, 20, {11: 30, 20: 40, 30: 50}),
        ([1], 0, 10, {1: 20}),
        ([5, 7], 2, 10, {}),
    ],
)
def test_room_is_made_by_tens_and_no_further_than_it_must(
    positions: list[int], index: int, number: int, moves: dict[int, int]
) -> None:
    assert room(positions, index) == (number, moves)


@given(st.lists(st.integers(1, 60), unique=True, max_size=20).map(sorted), st.data())
def test_room_keeps_the_order_and_every_number_once(positions: list[int], data: st.DataObject):
    index = data.draw(st.integers(0, len(positions)))
    number, moves = room(positions, index)
    after = [moves.get(position, position) for position in positions]
    whole = [*after[:index], number, *after[index:]]
    assert whole == sorted(set(whole))


def test_nothing_differs_from_itself() -> None:
    assert differences(LIST, LIST).none


def test_new_numbers_alone_are_no_difference() -> None:
    assert differences(LIST, [replace(row, position=row.position * 7) for row in LIST]).none


def test_added_removed_changed_and_moved_are_told_apart() -> None:
    new = rule(5, "pothole", answers=(("road", ("motorway",)),), organisation="", outside="nh")
    other_owner = replace(LIST[3], organisation="worcester-city")
    after = [new, LIST[5], LIST[1], LIST[2], other_owner, LIST[4]]
    assert differences(LIST, after) == Differences(
        added=(new,), removed=(LIST[0],), changed=((LIST[3], other_owner),), moved=1
    )


def test_a_rule_that_is_about_something_else_now_has_changed() -> None:
    narrower = replace(LIST[4], area_code="D1")
    after = [*LIST[:4], narrower, LIST[5]]
    assert differences(LIST, after).changed == ((LIST[4], narrower),)


@settings(max_examples=150, deadline=None)
@given(rows(), rows())
def test_each_rule_of_both_lists_is_counted_once(before: list[RuleRow], after: list[RuleRow]):
    found = differences(before, after)
    changed = len(found.changed)
    assert len(before) - len(found.removed) - changed == len(after) - len(found.added) - changed
    assert found.none == ([row.said for row in before] == [row.said for row in after])
