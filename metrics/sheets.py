"""Every figure of one set of enquiries and contacts, from counts that add up. Pure.

The database counts, or a recount of the ledger does, or a rollup by day: the same `Counts` come to
the same `Sheet`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from metrics import figures, mix, offers, ratios, times, value
from metrics.figures import Cell, Measures, Share
from metrics.mix import Adjusted, Breaks
from metrics.offers import Offer
from metrics.ratios import Avoidable, Said
from metrics.sums import Sums
from metrics.times import ClockKey, Kept, Waited
from metrics.value import Cost, Taken, UnitCost


@dataclass(slots=True)
class Counts:
    """What was counted; two of them added are those of both sets together.

    `said`, `taken` and `needs` belong to the period by when the contact began and when the need
    was settled, `surveyed` by the day of the answer; all else by the first contact. `backlog` is of
    all that is open, whenever it began. Keys of `responded` to `backlog` are minutes.
    """

    enquiries: Sums = field(default_factory=Sums)
    said: Counter[Said] = field(default_factory=Counter)
    taken: Counter[Taken] = field(default_factory=Counter)
    needs: int = 0
    responded: Counter[int] = field(default_factory=Counter)
    unanswered: Counter[int] = field(default_factory=Counter)
    settled: Counter[int] = field(default_factory=Counter)
    unsettled: Counter[int] = field(default_factory=Counter)
    ended: int = 0
    staged_settled: int = 0
    final: Counter[int] = field(default_factory=Counter)
    unfinal: Counter[int] = field(default_factory=Counter)
    backlog: Counter[int] = field(default_factory=Counter)
    ages: Counter[tuple[str, int]] = field(default_factory=Counter)
    clocks: Counter[ClockKey] = field(default_factory=Counter)
    offers: Counter[Offer] = field(default_factory=Counter)
    surveyed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """What a set is measured by that does not lie in it.

    `mix`: E_mature of the twelve months before, by cell. `breaks`: what became of the last eight
    weeks. `costs`: what partners entered. `before`: contacts by channel in the period before.
    """

    mix: Mapping[Cell, int] = field(default_factory=dict)
    breaks: Breaks = field(default_factory=dict)
    costs: tuple[UnitCost, ...] = ()
    before: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every figure of one set."""

    measures: Measures
    acr: Avoidable
    cpr: Share
    apart: Mapping[str, Share]
    adjusted: Adjusted
    expected: float | None
    response: Waited
    resolution: Waited
    ended_without_outcome: int
    final: Waited
    staged: Share
    backlog: Waited
    sla: Mapping[str, Kept]
    ola: Mapping[str, Mapping[str, Kept]]
    offers: Mapping[str, Mapping[str, int]]
    contacts: Mapping[str, Share]
    shift: Mapping[str, float]
    cost: Cost
    surveyed: Share
    gap: float | None


def sheet(counts: Counts, by: Yardsticks) -> Sheet:
    """All figures of these counts."""
    measures = figures.measures(counts.enquiries)
    contacts = ratios.contacts(counts.said)
    surveyed = value.surveyed(counts.surveyed)
    return Sheet(
        measures=measures,
        acr=ratios.avoidable(counts.said),
        cpr=ratios.per_resolution(counts.said, counts.needs),
        apart=ratios.apart(measures),
        adjusted=mix.adjusted(counts.enquiries.cells, by.mix),
        expected=mix.expected(measures.osr, counts.ages, by.breaks),
        response=times.waited(counts.responded, counts.unanswered),
        resolution=times.waited(counts.settled, counts.unsettled),
        ended_without_outcome=counts.ended,
        final=times.waited(counts.final, counts.unfinal),
        staged=Share(counts.staged_settled, measures.excluded.get("staged", 0)),
        backlog=times.waited({}, counts.backlog),
        sla=times.kept(counts.clocks),
        ola=times.agreed(counts.clocks),
        offers=offers.by_organisation(counts.offers),
        contacts=mix.shares(contacts),
        shift=mix.shift(contacts, by.before),
        cost=value.cost(counts.taken, by.costs),
        surveyed=surveyed,
        gap=value.gap(surveyed, measures.osr.linked),
    )


def of_parts(
    parts: Mapping[str, Counts],
    common: Yardsticks,
    mixes: Mapping[str, Mapping[Cell, int]],
    before: Mapping[str, Mapping[str, int]],
) -> dict[str, Sheet]:
    """A sheet for each part, in the order of their names.

    Each is measured by its own mix and by its own contacts before; where there is but one mix,
    under "", it is everybody's.
    """
    return {
        key: sheet(
            counts,
            replace(
                common,
                mix=mixes.get(key, {}) if "" not in mixes else mixes[""],
                before=before.get(key, {}),
            ),
        )
        for key, counts in sorted(parts.items())
    }


def together(several: Iterable[Counts]) -> Counts:
    """The counts of several sets as one: days as a month, partners as the partnership."""
    whole = Counts()
    for one in several:
        for name in _COUNTERS:
            getattr(whole, name).update(getattr(one, name))
        whole.needs += one.needs
        whole.ended += one.ended
        whole.staged_settled += one.staged_settled
    return whole


_NUMBERS = ("needs", "ended", "staged_settled")
_COUNTERS = tuple(name for name in Counts.__slots__ if name not in _NUMBERS)
