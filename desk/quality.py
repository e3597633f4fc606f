"""The sample of links, between the rooms: what it is drawn from, and its figures in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from enquiries.queries import likely
from metrics import queries_links
from metrics.figures import wilson
from metrics.one_stop import VERSION
from teamwork.actions_quality import Population
from teamwork.quality import PRECISION, RECALL, SAME, UNSURE, Figures, Part
from teamwork.queries_quality import Round

ANSWER_WORDS = {SAME: "The same need", "apart": "Something else", UNSURE: "Cannot be told"}


TIERS = {
    "L1": "named or agent",
    "L2": "same place",
    "L3": "related service",
    "L4": "same number",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a round: its name, value, and what it rests on."""

    name: str
    value: str
    rests_on: str
    is_low: bool = False


def population(since: date, until: date, *, seed: str) -> Population:
    """All that a sample of these days (half-open) is drawn from."""
    linked = queries_links.linked(since, until, seed=seed)
    tiers = {(one.contact, one.earlier): one.tier for one in linked.pairs}
    apart = likely.likely(since, until, seed=seed, linked=set(tiers))
    tiers = {pair: tier for pair, tier in tiers.items() if pair in likely.readable(tiers)}
    return Population(tiers, apart.pairs, linked.total, apart.total, VERSION)


def lines(one: Round) -> list[Line]:
    """Precision, recall and agreement of a round; open ones say so."""
    found = one.figures
    recall = "–" if found.recall is None else f"{100 * found.recall:.0f} %"
    return [
        Line(
            "Precision of links",
            _share(found.precision),
            f"of what was linked, is one need; should be {PRECISION:.0%}{by_tier(found)}",
            is_low="precision" in found.low,
        ),
        Line(
            "Recall of links",
            recall,
            f"of what is one need, was linked; should be {RECALL:.0%}; scaled to all "
            f"{one.linked_total} links and {one.apart_total} others that look alike, of which "
            f"{_share(found.missed)} of those judged are one need",
            is_low="recall" in found.low,
        ),
        Line(
            "Agreement of the two",
            "–" if found.kappa is None else f"{found.kappa:.2f}",
            f"Cohen’s kappa over {found.both} pairs that two have marked; "
            f"they differ on {found.differ}, {found.unsure} cannot be told",
        ),
    ]


def by_tier(found: Figures) -> str:
    """How often each tier was right; what was missed has no tier, so recall is of all together."""
    said = [
        f"{tier} ({TIERS.get(tier, tier)}) {part.k} of {part.n}"
        for tier, part in found.by_tier.items()
    ]
    return f". By tier: {'; '.join(said)}" if said else ""


def _share(part: Part) -> str:
    share = part.share
    if share is None:
        return "–"
    bounds = wilson(share, part.n)
    between = f", 95 %: {100 * bounds[0]:.0f} to {100 * bounds[1]:.0f}" if bounds else ""
    return f"{100 * share:.0f} % ({part.k} of {part.n}{between})"
