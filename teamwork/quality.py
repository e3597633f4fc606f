"""What two independent markers say of links: precision, recall and how far they agree. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SAME, APART, UNSURE = "same", "apart", "unsure"
MARKERS = 2
# Below these a rate that rests on links is not to be relied on (measures.md, quality of links).
PRECISION, RECALL = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Marked:
    """The answers to one pair: those of the two who marked it, and who decided, if anybody."""

    linked: bool
    answers: tuple[str, ...]
    decided: str = ""
    tier: str = ""

    @property
    def verdict(self) -> str:
        """What holds: the decision, or what both say; "" while it is open.

        One who cannot tell, beside one who can, leaves it open; two who cannot settle it as that.
        """
        if self.decided:
            return self.decided
        if len(self.answers) < MARKERS or len(set(self.answers)) > 1:
            return ""
        return self.answers[0]

    @property
    def differs(self) -> bool:
        """Whether both have answered, not alike, and nobody has decided."""
        return not self.verdict and len(self.answers) >= MARKERS


@dataclass(frozen=True, slots=True)
class Part:
    """How many of how many."""

    k: int
    n: int

    @property
    def share(self) -> float | None:
        """The ratio; None of nothing."""
        return self.k / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision is of the links that were judged; recall is worked out for all of the days.

    `missed` are the pairs that were not linked and are the same need, of those judged.
    `recall` = right links / (right links + missed ones), each scaled from the sample to all; the
    bounds carry the uncertainty of `missed` alone. `kappa` is Cohen's, of the two first markers.
    `by_tier` is the precision of each tier; what was missed has none. `left` are not judged yet.
    """

    precision: Part
    missed: Part
    recall: float | None
    kappa: float | None
    both: int
    differ: int
    unsure: int
    by_tier: Mapping[str, Part] = field(default_factory=dict)
    left: int = 0

    @property
    def low(self) -> list[str]:
        """Which of "precision" and "recall" lies below what the rate needs; none of nothing."""
        found = (
            ("precision", self.precision.share, PRECISION),
            ("recall", self.recall, RECALL),
        )
        return [name for name, value, least in found if value is not None and value < least]


def figures(marked: Sequence[Marked], *, linked_total: int, apart_total: int) -> Figures:
    """The figures of one round; what is open or cannot be told counts in none."""
    judged = [(one.linked, one.verdict == SAME) for one in marked if one.verdict in (SAME, APART)]
    right = sum(linked and same for linked, same in judged)
    links = sum(linked for linked, _ in judged)
    missed = sum(same and not linked for linked, same in judged)
    precision, missed_part = Part(right, links), Part(missed, len(judged) - links)
    whole = [one for one in marked if len(one.answers) >= MARKERS]
    return Figures(
        precision=precision,
        missed=missed_part,
        recall=recall(precision.share, linked_total, missed_part.share, apart_total),
        kappa=kappa([(one.answers[0], one.answers[1]) for one in whole]),
        both=len(whole),
        differ=sum(one.differs for one in whole),
        unsure=sum(one.verdict == UNSURE for one in marked),
        by_tier=_by_tier(marked),
        left=sum(not one.verdict for one in marked),
    )


def alarms(found: Figures) -> list[str]:
    """What lies below what the rate needs, in words: "precision 84%, which should be 90%"."""
    values = {
        "precision": (found.precision.share or 0.0, PRECISION),
        "recall": (found.recall or 0.0, RECALL),
    }
    return [
        f"{one} {values[one][0]:.0%}, which should be {values[one][1]:.0%}" for one in found.low
    ]


def _by_tier(marked: Sequence[Marked]) -> dict[str, Part]:
    found: dict[str, list[bool]] = defaultdict(list)
    for one in marked:
        if one.linked and one.verdict in (SAME, APART):
            found[one.tier].append(one.verdict == SAME)
    return {tier: Part(sum(right), len(right)) for tier, right in sorted(found.items())}


def recall(
    precision: float | None, linked_total: int, missed: float | None, apart_total: int
) -> float | None:
    """Of all pairs that are one need, the share that was linked; None where it is not known."""
    if (precision is None and linked_total) or (missed is None and apart_total):
        return None
    right = (precision or 0.0) * linked_total
    overlooked = (missed or 0.0) * apart_total
    return right / (right + overlooked) if right + overlooked else None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa: agreement beyond chance, 1 at most; None where chance alone explains all."""
    n = len(pairs)
    if not n:
        return None
    first, second = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    agreed = sum(one == two for one, two in pairs) / n
    chance = sum(first[answer] * second[answer] for answer in first) / (n * n)
    return None if chance == 1 else (agreed - chance) / (1 - chance)
