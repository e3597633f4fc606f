"""What contacts cost, what citizens said, what can be done online. Pure; sums over groups (R54)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from metrics.figures import Share


@dataclass(frozen=True, slots=True)
class Taken:
    """Contacts that cost the same: who took them, on which channel, on which London day."""

    organisation: str
    channel: str
    day: date


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one contact of a channel costs an organisation, in pounds, from a day on."""

    organisation: str
    channel: str
    since: date
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Spent:
    """What the contacts of one organisation and channel cost together, and how many have none."""

    organisation: str
    channel: str
    contacts: int
    total: Decimal
    unknown: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What contacts cost. `total` in pounds is of `known`; `unknown` have no cost entered."""

    total: Decimal
    known: int
    unknown: int
    rows: tuple[Spent, ...]

    @property
    def each(self) -> Decimal | None:
        """Pounds for each contact whose cost is known."""
        return self.total / self.known if self.known else None


def cost(taken: Mapping[Taken, int], entered: Iterable[UnitCost]) -> Cost:
    """Contacts by what the organisation that took them had entered for the channel by that day.

    One without an entry is counted apart, never guessed.
    """
    scales: dict[tuple[str, str], list[UnitCost]] = {}
    for one in sorted(entered, key=lambda row: row.since):
        scales.setdefault((one.organisation, one.channel), []).append(one)
    total: Counter[tuple[str, str]] = Counter()
    unknown: Counter[tuple[str, str]] = Counter()
    pounds: dict[tuple[str, str], Decimal] = {}
    for row, n in taken.items():
        key = (row.organisation, row.channel)
        total[key] += n
        holds = [one.cost for one in scales.get(key, ()) if one.since <= row.day]
        if holds:
            pounds[key] = pounds.get(key, Decimal(0)) + n * holds[-1]
        else:
            unknown[key] += n
    rows = tuple(
        Spent(*key, total[key], pounds.get(key, Decimal(0)), unknown[key]) for key in sorted(total)
    )
    return Cost(
        total=sum((row.total for row in rows), Decimal(0)),
        known=sum(row.contacts - row.unknown for row in rows),
        unknown=sum(row.unknown for row in rows),
        rows=rows,
    )


def only(found: Cost, organisation: str) -> Cost:
    """What the contacts cost that one organisation took: others' costs are theirs to tell."""
    rows = tuple(row for row in found.rows if row.organisation == organisation)
    return Cost(
        total=sum((row.total for row in rows), Decimal(0)),
        known=sum(row.contacts - row.unknown for row in rows),
        unknown=sum(row.unknown for row in rows),
        rows=rows,
    )


ANSWERS = ("yes", "partly", "no")


def surveyed(answers: Mapping[str, int]) -> Share:
    """Yes of all who answered: partly is not yes."""
    return Share(answers.get("yes", 0), sum(answers.get(one, 0) for one in ANSWERS))


def gap(said: Share, rate: float | None) -> float | None:
    """By how many hundredths more people say that they got it than we count as one stop."""
    return None if said.value is None or rate is None else 100 * (said.value - rate)


@dataclass(frozen=True, slots=True)
class Electronic:
    """One organisation's pairs of service and interaction on a day (BVPI 157).

    `permissible` may by law be done electronically, `enabled` can be; counts of types, not of use.
    """

    organisation: str
    day: date
    permissible: int
    enabled: int


def electronic(rows: Iterable[Electronic]) -> Share:
    """The enabled share of the permissible pairs of all of them."""
    found = list(rows)
    return Share(sum(row.enabled for row in found), sum(row.permissible for row in found))


@dataclass(frozen=True, slots=True)
class Read:
    """An answer with its readers: how often opened, and what they said."""

    article: str
    opened: int
    yes: int
    no: int

    @property
    def unknown(self) -> int:
        """Who opened it and said nothing: silence is unknown, in no figure (R38)."""
        return max(0, self.opened - self.yes - self.no)


def answered(rows: Iterable[Read]) -> Share:
    """Readers whom an answer answered, of those who said so or said not."""
    found = list(rows)
    yes = sum(row.yes for row in found)
    return Share(yes, yes + sum(row.no for row in found))
