"""Boxes against the cases that lie in them, counted one by one."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from enquiries.covering import Box, holds, left_over, meets, without

SIDES = st.frozensets(st.sampled_from("abc"), min_size=1)
BOXES = st.tuples(SIDES, SIDES, SIDES)


def cases(box: Box) -> set[tuple[str, ...]]:
    return set(product(*box))


@given(BOXES, BOXES)
def test_boxes_meet_and_hold_as_their_cases_do(one: Box, other: Box) -> None:
    assert meets(one, other) == bool(cases(one) & cases(other))
    assert holds(one, other) == (cases(other) <= cases(one))


@given(BOXES, BOXES)
def test_what_is_left_is_every_case_outside_and_each_once(whole: Box, part: Box) -> None:
    left = [case for box in without(whole, part) for case in cases(box)]
    assert set(left) == cases(whole) - cases(part)
    assert len(left) == len(set(left))


@given(BOXES, st.lists(BOXES, max_size=6))
def test_one_after_the_other_leaves_what_none_of_them_has(whole: Box, parts: list[Box]) -> None:
    left: list[Box] = [whole]
    for part in parts:
        left = left_over(left, part)
    taken = {case for part in parts for case in cases(part)}
    assert {case for box in left for case in cases(box)} == cases(whole) - taken
