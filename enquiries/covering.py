"""What a set of conditions leaves over: boxes whose sides are sets of values. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# One side for each thing that may be asked about, always in the same order.
Box = tuple[frozenset[str], ...]


def meets(one: Box, other: Box) -> bool:
    """Whether some case lies in both."""
    return all(side & theirs for side, theirs in zip(one, other, strict=True))


def holds(outer: Box, inner: Box) -> bool:
    """Whether every case of the inner box lies in the outer."""
    return all(theirs <= side for side, theirs in zip(outer, inner, strict=True))


def without(whole: Box, part: Box) -> list[Box]:
    """What of a box lies outside another, as boxes of which no two share a case."""
    if not meets(whole, part):
        return [whole]
    left: list[Box] = []
    shared: Box = ()
    for at, (side, cut) in enumerate(zip(whole, part, strict=True)):
        if rest := side - cut:
            left.append((*shared, rest, *whole[at + 1 :]))
        shared = (*shared, side & cut)
    return left


def left_over(boxes: Iterable[Box], part: Box) -> list[Box]:
    """What of several boxes lies outside one."""
    return [rest for box in boxes for rest in without(box, part)]
