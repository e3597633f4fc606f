"""A sample's rows as plain values, and what they come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from teamwork import quality
from teamwork.models import QualityMark, QualityPair, QualityRound
from teamwork.quality import Figures, Marked


def marked(pair: QualityPair, marks: Sequence[QualityMark]) -> Marked:
    """The answers to a pair as plain values."""
    return Marked(
        linked=bool(pair.tier),
        answers=tuple(one.answer for one in marks if not one.decides),
        decided=next((one.answer for one in marks if one.decides), ""),
        tier=pair.tier,
    )


def figures(row: QualityRound) -> Figures:
    """What a sample comes to so far."""
    marks = defaultdict(list)
    for mark in QualityMark.objects.filter(pair__round=row).order_by("at", "pk"):
        marks[mark.pair_id].append(mark)
    pairs = QualityPair.objects.filter(round=row)
    return quality.figures(
        [marked(pair, marks[pair.pk]) for pair in pairs],
        linked_total=row.linked_total,
        apart_total=row.apart_total,
    )
