"""What a change of mix hides and what open windows will bring. Pure; sums over groups (R53)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from metrics import figures
from metrics.figures import Cell, Osr, Share
from metrics.sums import Cells

# Mature enquiries of a class by the day after the first contact on which they broke; None: never.
Breaks = Mapping[str, Mapping[int | None, int]]
# Open windows without a break so far: by class and by the age of their windows in days.
Ages = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The linkable rate with a fixed mix; `borrowed` of `weight` had no rate of its own."""

    value: float | None
    weight: int
    borrowed: int


def mix_of(cells: Cells) -> dict[Cell, int]:
    """E_mature by class and channel: what another period's rates are weighted with."""
    return {key: cell.mature for key, cell in figures.by_cell(cells).items()}


def adjusted(cells: Cells, mix: Mapping[Cell, int]) -> Adjusted:
    """The rates of these enquiries with the mix of the twelve months before the period shown.

    A cell of the mix in which nothing can be linked here takes the rate of its class, else of all
    (as in R45). None without a mix.
    """
    value, borrowed = figures.weighted(figures.by_cell(cells), mix)
    return Adjusted(value, sum(mix.values()), borrowed)


def survival(breaks: Breaks, klass: str, age: int) -> float | None:
    """How many of a class that stood unbroken at an age of so many days stood to the end.

    Of every class together where this one has none of that age; None where nothing has.
    """
    for chosen in ([breaks.get(klass, {})], list(breaks.values())):
        stood = [(day, n) for days in chosen for day, n in days.items() if day is None or day > age]
        if alive := sum(n for _, n in stood):
            return sum(n for day, n in stood if day is None) / alive
    return None


def expected(osr: Osr, ages: Ages, breaks: Breaks) -> float | None:
    """The provisional line: successes, and of each open one what its like came to (of all in E).

    Stands beside R53's own formula (`Osr.provisional`), which takes every open one that has not
    broken yet for a success. None where nothing is known of its like.
    """
    total = osr.mature + osr.pending
    if not total:
        return None
    hoped = float(osr.successes)
    for (klass, age), n in sorted(ages.items()):
        share = survival(breaks, klass, age)
        if share is None:
            return None
        hoped += n * share
    return hoped / total


def shares(contacts: Mapping[str, int]) -> dict[str, Share]:
    """What part of all contacts came by each channel."""
    total = sum(contacts.values())
    return {channel: Share(n, total) for channel, n in sorted(contacts.items())}


def shift(contacts: Mapping[str, int], before: Mapping[str, int]) -> dict[str, float]:
    """By how much each channel's share grew since the period before, in hundredths.

    Nothing where one of the two had no contacts. The numbers add up to nought.
    """
    now, then = Counter(contacts), Counter(before)
    total, past = now.total(), then.total()
    if not total or not past:
        return {}
    return {
        channel: 100 * (now[channel] / total - then[channel] / past)
        for channel in sorted({*now, *then})
    }
