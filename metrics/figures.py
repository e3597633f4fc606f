"""Figures from verdicts: the one-stop rate in its three forms, its interval, its companions. Pure.

Everything is computed from groups of enquiries that are alike, so that a database can count them
and a list of verdicts can be counted, and both give the same figure.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from metrics.one_stop import Judged, Kind

TARGET = 0.80
Z95 = 1.959963984540054

# As groups name them: looking a member up is slower than all else that is done with a row.
_SUCCESS, _FAILURE = Kind.SUCCESS.value, Kind.FAILURE.value
_PENDING, _EXCLUDED = Kind.PENDING.value, Kind.EXCLUDED.value
_DECIDED = (_SUCCESS, _FAILURE)

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Enquiries that every figure treats alike."""

    klass: str
    channel: str
    linkable: bool
    self_service: bool
    kind: str
    reason: str | None
    owner: str | None
    recontacted: bool
    broken: bool
    capped: bool
    fcc: bool | None
    rftr: bool | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many enquiries a group has, and how many recontacts they had together."""

    group: Group
    n: int
    recontacts: int = 0


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
    excluded: Mapping[str, int]
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
class Measures:
    """One-stop rate, companions and reasons of one set of enquiries."""

    osr: Osr
    assisted: Osr
    fcc: Share
    rcr: Share
    rftr: Share
    failures: tuple[Agenda, ...]


def wilson(p: float, n: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval; none without observations."""
    if n == 0:
        return None
    centre = p + Z95 * Z95 / (2 * n)
    spread = Z95 * sqrt(p * (1 - p) / n + Z95 * Z95 / (4 * n * n))
    scale = 1 + Z95 * Z95 / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def group_of(judged: Judged) -> Group:
    """The group that an enquiry is counted in."""
    return Group(
        klass=judged.klass,
        channel=judged.channel,
        linkable=judged.linkable,
        self_service=judged.self_service,
        kind=judged.verdict.kind.value,
        reason=judged.verdict.reason,
        owner=judged.verdict.owner,
        recontacted=judged.recontacts > 0,
        broken=judged.broken,
        capped=judged.capped,
        fcc=judged.first_contact_resolved,
        rftr=judged.right_first_time,
    )


def count(found: Iterable[Judged]) -> list[Counted]:
    """Verdicts counted by group."""
    numbers: Counter[Group] = Counter()
    recontacts: Counter[Group] = Counter()
    for judged in found:
        group = group_of(judged)
        numbers[group] += 1
        recontacts[group] += judged.recontacts
    return [Counted(group, n, recontacts[group]) for group, n in numbers.items()]


def measures(counted: Iterable[Counted]) -> Measures:
    """Every figure that this version computes."""
    rows = list(counted)
    eligible = [row for row in rows if row.group.kind != _EXCLUDED]
    mature = [row for row in eligible if row.group.kind != _PENDING]
    return Measures(
        osr=osr(rows),
        assisted=osr(row for row in rows if not row.group.self_service),
        fcc=_share(eligible, lambda group: group.fcc),
        rcr=Share(sum(row.recontacts for row in mature), sum(row.n for row in mature)),
        rftr=_share(eligible, lambda group: group.rftr),
        failures=_agenda(mature),
    )


def _share(rows: Iterable[Counted], holds: Callable[[Group], bool | None]) -> Share:
    part = whole = 0
    for row in rows:
        held = holds(row.group)
        if held is not None:
            whole += row.n
            part += row.n if held else 0
    return Share(part, whole)


def _agenda(mature: Iterable[Counted]) -> tuple[Agenda, ...]:
    numbers: Counter[tuple[str, str]] = Counter()
    for row in mature:
        if row.group.kind == _FAILURE:
            numbers[(row.group.reason or "", row.group.owner or "")] += row.n
    ordered = sorted(numbers.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Agenda(reason, owner, n) for (reason, owner), n in ordered)


@dataclass(slots=True)
class Tally:
    """Counts of one cell, class × channel, or of several together."""

    mature: int = 0
    linkable: int = 0
    linkable_success: int = 0
    recontacted: int = 0
    anonymous_success: int = 0

    def add(self, row: Counted) -> None:
        success = row.group.kind == _SUCCESS
        self.mature += row.n
        if row.group.linkable:
            self.linkable += row.n
            self.linkable_success += row.n * success
            self.recontacted += row.n * row.group.recontacted
        else:
            self.anonymous_success += row.n * success


def osr(counted: Iterable[Counted]) -> Osr:
    """The one-stop rate: `linked` is the headline, between two bounds (R1, R45)."""
    rows = list(counted)
    excluded: Counter[str] = Counter()
    pending = unbroken = capped = 0
    for row in rows:
        group = row.group
        if group.kind == _EXCLUDED:
            excluded[group.reason or ""] += row.n
        elif group.kind == _PENDING:
            pending += row.n
            unbroken += 0 if group.broken else row.n
        else:
            capped += row.n * group.capped
    cells = by_cell(rows)
    mature = sum(cell.mature for cell in cells.values())
    n = sum(cell.linkable for cell in cells.values())
    successes = sum(cell.linkable_success + cell.anonymous_success for cell in cells.values())
    linked, borrowed = weighted(cells, {key: cell.mature for key, cell in cells.items()})
    return Osr(
        linked=linked,
        upper=successes / mature if mature else None,
        lower=_lower(cells, mature),
        n=n,
        wilson=None if linked is None else wilson(linked, n),
        successes=successes,
        mature=mature,
        pending=pending,
        pending_unbroken=unbroken,
        excluded=dict(sorted(excluded.items())),
        capped_without_outcome=capped,
        borrowed=borrowed,
    )


def by_cell(counted: Iterable[Counted]) -> dict[Cell, Tally]:
    """E_mature by class and channel of the first contact (R45)."""
    cells: dict[Cell, Tally] = defaultdict(Tally)
    for row in counted:
        if row.group.kind in _DECIDED:
            cells[(row.group.klass, row.group.channel)].add(row)
    return cells


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
    same_class = _together(cell for (klass, _), cell in cells.items() if klass == key[0])
    return same_class if same_class.linkable else _together(cells.values())


def _together(cells: Iterable[Tally]) -> Tally:
    whole = Tally()
    for cell in cells:
        whole.mature += cell.mature
        whole.linkable += cell.linkable
        whole.linkable_success += cell.linkable_success
        whole.recontacted += cell.recontacted
        whole.anonymous_success += cell.anonymous_success
    return whole
