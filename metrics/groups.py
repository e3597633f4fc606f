"""Enquiries that hang together, from pairs of what is tied: they are judged in one batch. Pure.

Numbers alone, so that millions take a few megabytes: an enquiry is its own key, above zero;
anything else by which enquiries are tied (a person) is a number below zero.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

# One number for a group and a key of it takes a third of the memory of two.
_BITS = 40
_KEY = (1 << _BITS) - 1


class Groups:
    """What is joined belongs together, also by a chain."""

    def __init__(self) -> None:
        self._up = array("q")

    def join(self, one: int, other: int) -> None:
        """These two belong together."""
        first, second = self._top(_place(one)), self._top(_place(other))
        if first < second:
            self._up[second] = first
        elif second < first:
            self._up[first] = second

    def of(self, key: int) -> int:
        """The number that the group of this one goes by: of all of it the same, and the lowest."""
        return self._top(_place(key))

    def _top(self, at: int) -> int:
        up = self._up
        if at >= len(up):
            up.extend(range(len(up), at + at // 4 + 2))
        while up[at] != at:
            up[at] = up[up[at]]
            at = up[at]
        return at


def _place(key: int) -> int:
    return 2 * key if key >= 0 else -2 * key - 1


def batches(groups: Groups, enquiries: Iterable[int], size: int) -> Iterator[tuple[int, list[int]]]:
    """Whole groups, about so many enquiries at a time, in the order of what groups go by.

    Each with what its last group goes by: whoever has done it, and all before it, has done all
    groups up to that.
    """
    batch: list[int] = []
    last = -1
    for both in sorted(groups.of(key) << _BITS | key for key in enquiries):
        group, key = both >> _BITS, both & _KEY
        if len(batch) >= size and group != last:
            yield last, batch
            batch = []
        batch.append(key)
        last = group
    if batch:
        yield last, batch
