"""Ranks what was found. Pure: the same words and entries give the same order everywhere."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kb.search_words import Concept

# How much a word counts by where it stands: name or what people call it, summary, text.
PLACES: Mapping[str, float] = {"A": 1.0, "B": 0.55, "C": 0.4, "D": 0.25}
# A phrase that people use, said as it is, against words that stand somewhere.
OF_PHRASE, OF_WORDS = 0.5, 0.5
# What others went on with counts at most this much, so that it orders and never decides alone.
OF_OTHERS = 0.3
# So many others are half of that.
OTHERS = 4.0
# A service does something about it; of two as near it stands first.
OF_SERVICE = 0.03
# Below this an entry has nothing to do with it; and what has less than this share of the best
# only looks like it.
LEAST, NEAR = 0.12, 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that has some of the words. `places` says of each stem where it stands best."""

    kind: str
    slug: str
    title: str
    summary: str
    service_slug: str
    phrases: Sequence[str]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: a `service` or an `answer`."""

    kind: str
    slug: str
    title: str
    summary: str
    score: float
    service_slug: str


def weight(entries: int, total: int) -> float:
    """How telling a word is that so many of all entries have."""
    return max(0.3, math.log((total + 1) / (entries + 0.5)))


def _phrase(phrase: str, concepts: Sequence[Concept], weights: Mapping[str, float]) -> float:
    """How much of a phrase was said, worth more the more of what was said it is."""
    stems = set(phrase.split())
    found: dict[str, float] = {}
    heard = 0.0
    for concept in concepts:
        best = max(
            (m for m in concept.meant if m.stem in stems), key=lambda m: m.surely, default=None
        )
        if best is not None:
            found[best.stem] = max(found.get(best.stem, 0.0), best.surely)
            heard += concept.weight * best.surely
    if not found:
        return 0.0
    rest = max(weights.values(), default=1.0)
    whole = sum(weights.get(stem, rest) for stem in stems)
    said = sum(weights.get(stem, rest) * surely for stem, surely in found.items())
    return (said / whole) * (0.4 + 0.6 * heard / sum(one.weight for one in concepts))


def _words(places: Mapping[str, str], concepts: Sequence[Concept]) -> float:
    got = sum(
        concept.weight
        * max(
            (PLACES[places[m.stem]] * m.surely for m in concept.meant if m.stem in places),
            default=0.0,
        )
        for concept in concepts
    )
    return got / sum(one.weight for one in concepts)


def score(
    one: Candidate, concepts: Sequence[Concept], weights: Mapping[str, float], solved: float
) -> float:
    """How well an entry fits what was said; `solved` is how many others it helped."""
    fits = OF_PHRASE * max(
        (_phrase(phrase, concepts, weights) for phrase in one.phrases), default=0.0
    ) + OF_WORDS * _words(one.places, concepts)
    helped = OF_OTHERS * (1 - math.pow(0.5, solved / OTHERS))
    return fits + helped + (OF_SERVICE if one.kind == "service" and fits else 0.0)


def rank(
    candidates: Collection[Candidate],
    concepts: Sequence[Concept],
    weights: Mapping[str, float],
    solved: Mapping[str, float],
) -> list[Hit]:
    """The candidates that have to do with it, best first."""
    if not concepts:
        return []
    hits = [
        Hit(
            one.kind,
            one.slug,
            one.title,
            one.summary,
            score(one, concepts, weights, solved.get(f"{one.kind}/{one.slug}", 0.0)),
            one.service_slug,
        )
        for one in candidates
    ]
    hits.sort(key=lambda hit: (-round(hit.score, 6), hit.kind != "service", hit.title, hit.slug))
    best = hits[0].score if hits else 0.0
    return [hit for hit in hits if hit.score >= max(LEAST, best * NEAR)]
