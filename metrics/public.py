"""Figures that anybody may read: nothing in them is about fewer than five people. Pure.

What is guarded: no group of one to four is shown, nor left when parts are taken from their total,
for then others are hidden with it. And every number is made of two counts, for how many once was
enough and for how many not, each rounded to the nearest five before share and interval are
computed: one figure gives neither count, only five that it may be.

What is not: figures added up, or read again and again, may narrow a count of five or more down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metrics.figures import Osr, wilson

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """One share in whole hundredths with its interval, and of how many; all of rounded counts."""

    key: str
    share: int
    low: int
    high: int
    n: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Decided enquiries of people who can be recognised: for how many once was enough, or not."""

    enough: int
    not_enough: int

    @property
    def tells_of_few(self) -> bool:
        """Whether it, or one of its two sides, is of one to four; nobody is nobody."""
        sides = (self.enough, self.not_enough, self.enough + self.not_enough)
        return any(0 < side < FEWEST for side in sides)

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.enough + other.enough, self.not_enough + other.not_enough)


def counted(osr: Osr) -> Counted:
    """Its two sides as they are, which nobody is shown."""
    enough = round((osr.linked or 0) * osr.n)
    return Counted(enough, osr.n - enough)


def rounded(n: int) -> int:
    """To the nearest five; of fewer than five nothing is said, which is nought."""
    return 0 if n < FEWEST else FEWEST * round(n / FEWEST)


def shown(key: str, osr: Osr) -> Shown | None:
    """A figure as anybody may read it; None where it would tell of few."""
    if osr.linked is None or not osr.n or counted(osr).tells_of_few:
        return None
    sides = counted(osr)
    enough, not_enough = rounded(sides.enough), rounded(sides.not_enough)
    n = enough + not_enough
    low, high = wilson(enough / n, n) or (0.0, 1.0)
    return Shown(key, _hundredths(enough / n), _hundredths(low), _hundredths(high), n)


def parts(rows: Iterable[tuple[str, Osr]]) -> tuple[list[Shown], int]:
    """The parts of a whole that is shown, largest first, and how many are hidden.

    Those that are hidden together must not tell of few: else the smallest shown is hidden too.
    """
    ordered = sorted(rows, key=lambda row: (-row[1].n, row[0]))
    found = [(one, osr) for key, osr in ordered if (one := shown(key, osr)) is not None]
    names = {one.key for one, _ in found}
    hidden = [counted(osr) for key, osr in ordered if key not in names and osr.n]
    while found and hidden and (len(hidden) == 1 or _together(hidden).tells_of_few):
        _, osr = found.pop()
        hidden.append(counted(osr))
    return [one for one, _ in found], len(hidden)


def _together(hidden: Sequence[Counted]) -> Counted:
    return sum(hidden, Counted(0, 0))


def few_of(some: int, whole: int) -> bool:
    """Whether a share of a whole tells of one to four, on this side or on the other."""
    return Counted(some, whole - some).tells_of_few


def _hundredths(value: float) -> int:
    return round(value * 100)
