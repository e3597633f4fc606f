"""Shares of contacts and of enquiries beside the one-stop rate: avoidable, per resolution, left
out. Pure; sums over groups (R44).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from metrics.figures import Measures, Share

# In no figure at all, not even as a reason why something is left out.
_NOBODYS = frozenset({"test", "spam"})
# Exclusions that are figures of their own, and what each is called.
APART = {
    "abandonment": "abandoned",
    "signposting": "out_of_partnership",
    "duplicate_demand": "duplicate",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Items of contacts that figures treat alike; `heads`: they stand for their contacts."""

    channel: str
    avoidable: str
    heads: bool
    left_out: bool


@dataclass(frozen=True, slots=True)
class Avoidable:
    """ACR, and the items of each reason, commonest first."""

    share: Share
    reasons: tuple[tuple[str, int], ...]


def avoidable(said: Mapping[Said, int]) -> Avoidable:
    """Items with an avoidable reason of all items, without test and spam."""
    reasons: Counter[str] = Counter()
    for row, n in said.items():
        if not row.left_out:
            reasons[row.avoidable] += n
    items = sum(reasons.values())
    named = sorted(((key, n) for key, n in reasons.items() if key), key=lambda one: (-one[1], one))
    return Avoidable(Share(items - reasons[""], items), tuple(named))


def contacts(said: Mapping[Said, int]) -> dict[str, int]:
    """Contacts by channel, without test and spam."""
    found: Counter[str] = Counter()
    for row, n in said.items():
        if row.heads:
            found[row.channel] += n
    return dict(sorted(found.items()))


def per_resolution(said: Mapping[Said, int], settled: int) -> Share:
    """CPR: contacts that began in the period to needs that had their first outcome in it."""
    return Share(sum(contacts(said).values()), settled)


def apart(measures: Measures) -> dict[str, Share]:
    """Abandonment, signposting and duplicate demand, each of all that was begun but tests, spam."""
    osr, excluded = measures.osr, measures.excluded
    left_out = sum(n for reason, n in excluded.items() if reason not in _NOBODYS)
    begun = osr.mature + osr.pending + left_out
    return {name: Share(excluded.get(reason, 0), begun) for name, reason in APART.items()}
