"""Figures from verdicts: the one-stop rate in its three forms, its interval, its companions. Pure.

Everything is computed from sums (`metrics.sums`), so that a database can add them up and a list of
verdicts can be added up, and both give the same figure.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from metrics.one_stop import Kind
from metrics.sums import Cells, Ends, Sums, Tally, together

TARGET = 0.80
Z95 = 1.959963984540054

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, and what it is in hundredths; no value without a whole."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The ratio; None where nothing could be counted."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Osr:
    """The one-stop rate as it is always shown: with its n, its interval and what was left out."""

    linked: float | None
    upper: float | None
    lower: float | None
    n: int
    wilson: tuple[float, float] | None
    successes: int
    mature: int
    pending: int
    pending_unbroken: int
    left_out: int
    capped_without_outcome: int
    borrowed: int

    @property
    def out_of_order(self) -> bool:
        """The headline lies outside the two bounds; shown with a mark (R45b)."""
        if self.linked is None or self.upper is None or self.lower is None:
            return False
        return not self.lower <= self.linked <= self.upper

    @property
    def provisional(self) -> float | None:
        """Mature successes and open ones without a break so far, of all (R53)."""
        total = self.mature + self.pending
        return (self.successes + self.pending_unbroken) / total if total else None


@dataclass(frozen=True, slots=True)
class Agenda:
    """One row of the manager's weekly agenda: a reason, whose it is to mend, how often."""

    reason: str
    owner: str
    n: int


@dataclass(frozen=True, slots=True)
class Rates:
    """One-stop rate and companions of one set of enquiries, whatever the reasons."""

    osr: Osr
    assisted: Osr
    fcc: Share
    rcr: Share
    rftr: Share


@dataclass(frozen=True, slots=True)
class Measures(Rates):
    """The same with its reasons: what was left out and what failed; `assisted_excluded` of those
    who did not help themselves."""

    excluded: Mapping[str, int]
    assisted_excluded: Mapping[str, int]
    failures: tuple[Agenda, ...]


def wilson(p: float, n: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval; none without observations."""
    if n == 0:
        return None
    centre = p + Z95 * Z95 / (2 * n)
    spread = Z95 * sqrt(p * (1 - p) / n + Z95 * Z95 / (4 * n * n))
    scale = 1 + Z95 * Z95 / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def rates(cells: Cells) -> Rates:
    """Every figure that needs no reasons."""
    whole = together(cells.values())
    return Rates(
        osr=osr(cells),
        assisted=osr({key: tally for key, tally in cells.items() if not key.self_service}),
        fcc=Share(whole.fcc, whole.fcc_of),
        rcr=Share(whole.recontacts, whole.mature),
        rftr=Share(whole.rftr, whole.rftr_of),
    )


def measures(found: Sums) -> Measures:
    """Every figure that this version computes."""
    plain = rates(found.cells)
    return Measures(
        osr=plain.osr,
        assisted=plain.assisted,
        fcc=plain.fcc,
        rcr=plain.rcr,
        rftr=plain.rftr,
        excluded=_excluded(found.ends, (True, False)),
        assisted_excluded=_excluded(found.ends, (False,)),
        failures=_agenda(found.ends),
    )


def _excluded(ends: Ends, self_service: tuple[bool, ...]) -> Mapping[str, int]:
    reasons: Counter[str] = Counter()
    for end, n in ends.items():
        if end.kind == Kind.EXCLUDED.value and end.self_service in self_service:
            reasons[end.reason] += n
    return dict(sorted(reasons.items()))


def _agenda(ends: Ends) -> tuple[Agenda, ...]:
    numbers: Counter[tuple[str, str]] = Counter()
    for end, n in ends.items():
        if end.kind == Kind.FAILURE.value:
            numbers[(end.reason, end.owner)] += n
    ordered = sorted(numbers.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Agenda(reason, owner, n) for (reason, owner), n in ordered)


def osr(cells: Cells) -> Osr:
    """The one-stop rate: `linked` is the headline, between two bounds (R1, R45)."""
    whole = together(cells.values())
    of_cell = by_cell(cells)
    successes = whole.linkable_success + whole.anonymous_success
    linked, borrowed = weighted(of_cell, {key: cell.mature for key, cell in of_cell.items()})
    return Osr(
        linked=linked,
        upper=successes / whole.mature if whole.mature else None,
        lower=_lower(of_cell, whole.mature),
        n=whole.linkable,
        wilson=None if linked is None else wilson(linked, whole.linkable),
        successes=successes,
        mature=whole.mature,
        pending=whole.pending,
        pending_unbroken=whole.unbroken,
        left_out=whole.left_out,
        capped_without_outcome=whole.capped,
        borrowed=borrowed,
    )


def by_cell(cells: Cells) -> dict[Cell, Tally]:
    """E_mature by class and channel of the first contact (R45)."""
    found: dict[Cell, list[Tally]] = defaultdict(list)
    for key, tally in cells.items():
        if tally.mature:
            found[(key.klass, key.channel)].append(tally)
    return {key: one[0] if len(one) == 1 else together(one) for key, one in found.items()}


def weighted(cells: Mapping[Cell, Tally], weights: Mapping[Cell, int]) -> tuple[float | None, int]:
    """Linkable rates weighted with a mix, and how much weight had to be borrowed (R45)."""
    total = sum(weights.values())
    if not total or not any(cell.linkable for cell in cells.values()):
        return None, 0
    rate, borrowed = 0.0, 0
    for key, weight in sorted(weights.items()):  # one order, so that two sums are one number
        source = _source(cells, key)
        rate += weight * source.linkable_success / source.linkable
        own = cells.get(key)
        borrowed += 0 if own and own.linkable else weight
    return rate / total, borrowed


def _lower(cells: Mapping[Cell, Tally], mature: int) -> float | None:
    """Anonymous successes taken to come back twice as often as linkable ones of their cell."""
    if not mature:
        return None
    anonymous = any(cell.anonymous_success for cell in cells.values())
    if anonymous and not any(cell.linkable for cell in cells.values()):
        return None  # nothing to learn their share of recontacts from
    kept = 0.0
    for key, cell in sorted(cells.items()):
        kept += cell.linkable_success
        if cell.anonymous_success:
            source = _source(cells, key)
            back = min(1.0, 2 * source.recontacted / source.linkable)
            kept += cell.anonymous_success * (1 - back)
    return kept / mature


def _source(cells: Mapping[Cell, Tally], key: Cell) -> Tally:
    """The cell itself, else its class, else everything: the first that has linkable enquiries."""
    own = cells.get(key)
    if own and own.linkable:
        return own
    same_class = together(cell for (klass, _), cell in cells.items() if klass == key[0])
    return same_class if same_class.linkable else together(cells.values())
