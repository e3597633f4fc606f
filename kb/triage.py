"""First triage: which service a text is about, how surely, and why in words (ADR 0030). Pure.

Each word of a text counts for a service by the best of the phrases that it stands in there: what
people call it, what points to it, what is told of it. A word that few services have tells more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb import triage_words
from kb.triage_common import COMMON
from kb.triage_words import Book, Token, phrase

# How much a phrase counts by where it stands.
SAYS, CALLED, POINTS, TOLD = 1.2, 1.0, 0.7, 0.18
# Subjects of cues that are no service: what others do, and words of who asks again, or thanks.
ELSEWHERE, CHASING, THANKING = "elsewhere", "chasing", "thanking"
NOT_SERVICES = frozenset([ELSEWHERE, CHASING, THANKING])
# Words are weighed as among so many services, where there are fewer.
MANY = 80
# A common word tells so little.
LITTLE = 0.25
# In a phrase that was said whole, common words tell more: "live on my own".
LITTLE_OF_WHOLE = 0.6
# A phrase said whole tells more than its words apart, for each word beyond the first.
WHOLE = 0.3
# Of a phrase of which only some was said, this power of the share counts.
PARTLY = 1.5
# Words of a phrase stand near each other: so many others may be between.
BETWEEN = 4
APART = 0.75
# An open case of the same number about it, and a notice where they are.
OPEN_CASE, NOTICE = 1.3, 1.12
# With less than this nothing was said of any service.
LEAST = 1.9
# Words of their own that weigh less than this leave a chaser to be about the open case.
OWN_WORDS = 5.0
# How sure it is that they ask about their one open case; and where there are several, or other
# words tell of something else.
ASKS_AGAIN, MAY_ASK_AGAIN = 0.9, 0.5
# An open case alone makes nothing surer than this: where it did, three of ten were wrong.
BY_CASE = 0.8
# How sure: fitted to texts with a known service, and less sure than that, because who wrote the
# words knew of those texts (ADR 0030).
AT, BY_SCORE, BY_LEAD, BY_COVER, MOST_SCORE = -2.8, 0.13, 3.8, 2.1, 16.0
# Where only parts of phrases were said: "football" is no football pitch.
PARTS_ONLY = 0.8
# So many others are named beside the best.
MOST_OTHERS = 3
# Where nothing is suggested, what comes nearest is no surer than this.
GUESSED = 0.3


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of one service, or of one thing that is none, in words."""

    slug: str
    name: str
    says: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a text seems to be about, how surely (0 to 1), why, and what else it might be.

    `service_slug` is None where the words say nothing, or speak of what others do.
    """

    service_slug: str | None
    certainty: float
    reason: str
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Phrase:
    subject: str
    stems: tuple[str, ...]
    counts: float


@dataclass(frozen=True, slots=True)
class _Scored:
    """How well the words fit, which counted most, the share of all telling ones in them, and
    whether any phrase was said whole."""

    score: float
    words: tuple[str, ...] = ()
    covers: float = 0.0
    has_whole: bool = False


class Lexicon:
    """All that is known of the services, made ready once; not changed afterwards."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.names: dict[str, str] = {}
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        words: set[str] = set()
        holders: dict[str, set[str]] = defaultdict(set)
        for subject in subjects:
            self.names[subject.slug] = subject.name
            for one in _phrases_of(subject):
                for root in one.stems:
                    self._phrases[root].append(one)
                    if one.counts > TOLD:
                        holders[root].add(subject.slug)
            for said in (*subject.says, *subject.called, *subject.points, subject.told):
                words.update(word.lstrip("#") for word in triage_words.plain(said))
        self.book = Book(words)
        total = max(len(self.names), MANY)
        common = {triage_words.stem(word) for word in COMMON}
        self._weights = {
            root: LITTLE
            if root in common or root.isdigit()
            else math.log(1 + total / len(holders.get(root) or "1"))
            for root in self._phrases
        }

    def weight(self, root: str) -> float:
        """How telling a word is: the fewer services have it, the more."""
        return self._weights.get(root, 0.0)

    def scores(self, tokens: Sequence[Token]) -> dict[str, _Scored]:
        """How well the words fit each subject, with the words that made it so."""
        places: dict[str, tuple[float, int]] = {}
        for at, token in enumerate(tokens):
            for root, surely in token.meant:
                if surely > places.get(root, (0.0, 0))[0]:
                    places[root] = (surely, at)
        credit: dict[str, dict[str, float]] = defaultdict(dict)
        seen: set[int] = set()
        wholes: set[str] = set()
        for root in places:
            for one in self._phrases.get(root, ()):
                if id(one) not in seen:
                    seen.add(id(one))
                    self._credit(one, places, credit[one.subject])
                    if one.counts > TOLD and places.keys() >= set(one.stems):
                        wholes.add(one.subject)
        return {
            slug: _Scored(
                sum(by.values()),
                _telling(by, tokens),
                self._covers(by, places),
                slug in wholes,
            )
            for slug, by in credit.items()
        }

    def _covers(self, by: Mapping[str, float], places: Mapping[str, tuple[float, int]]) -> float:
        """How much of what was said counts for it, beside what speaks of other things."""
        whole = {root: self.weight(root) * surely for root, (surely, _) in places.items()}
        mine = (min(1.0, by[root] / worth) * worth for root, worth in whole.items() if root in by)
        return sum(mine) / sum(whole.values())

    def _credit(
        self, one: _Phrase, places: Mapping[str, tuple[float, int]], by: dict[str, float]
    ) -> None:
        got = [root for root in one.stems if root in places]
        whole = sum(self.weight(root) for root in one.stems)
        share = sum(self.weight(root) * places[root][0] for root in got) / whole
        factor = one.counts * share**PARTLY
        if len(got) == len(one.stems) and len(got) > 1:
            where = [places[root][1] for root in got]
            near = max(where) - min(where) < len(got) + BETWEEN
            factor *= 1 + WHOLE * (len(got) - 1) if near else APART
        elif len(got) > 1:
            factor *= 1 + 0.5 * WHOLE * (len(got) - 1)
        least = LITTLE_OF_WHOLE if len(got) == len(one.stems) > 1 else 0.0
        for root in got:
            worth = factor * max(least, self.weight(root)) * places[root][0]
            by[root] = max(by.get(root, 0.0), worth)


def _phrases_of(subject: Subject) -> list[_Phrase]:
    """Each phrase of a subject once, by the most that it counts."""
    found: dict[tuple[str, ...], _Phrase] = {}
    for counts, said in ((SAYS, subject.says), (CALLED, subject.called), (POINTS, subject.points)):
        for words in said:
            stems = phrase(words)
            if stems:
                found.setdefault(stems, _Phrase(subject.slug, stems, counts))
    for root in phrase(subject.told):
        found.setdefault((root,), _Phrase(subject.slug, (root,), TOLD))
    return list(found.values())


def _telling(by: Mapping[str, float], tokens: Sequence[Token]) -> tuple[str, ...]:
    """The words that counted most, as they were meant."""
    best = sorted((root for root in by if by[root] > 0.5), key=lambda root: -by[root])[:4]
    order = {root: at for at, token in enumerate(tokens) for root, _ in token.meant}
    return tuple(sorted(best, key=lambda root: order.get(root, 0)))


def suggest(
    words: str, lexicon: Lexicon, *, history: Sequence[str] = (), told: Collection[str] = ()
) -> Suggestion:
    """Which service a text is about. `history` are the services of open cases of who wrote, the
    newest first; `told` those of notices that hold where they are."""
    tokens = lexicon.book.tokens(triage_words.plain(words))
    scores = lexicon.scores(tokens)
    chases = scores.pop(CHASING, _Scored(0.0))
    aside = {slug: scores.pop(slug, _Scored(0.0)).score for slug in (ELSEWHERE, THANKING)}
    known = [slug for slug in dict.fromkeys(history) if slug in lexicon.names]
    ranked = _ranked(scores, known, told)
    best = ranked[0][1] if ranked else 0.0
    if known and _chases(chases, best):
        # Thanks are no other matter.
        rest = max(aside[ELSEWHERE], *(scores[slug].score for slug in scores.keys() - known), 0.0)
        if rest < max(LEAST, chases.score):
            return _asks_again(known, lexicon, is_sure=rest < LEAST)
    if not ranked or best < LEAST or aside[THANKING] > best:
        return Suggestion(None, 0.0, "No service has these words", _others(ranked, best))
    if aside[ELSEWHERE] > best:
        return Suggestion(
            None, 0.0, "The words speak of what others do", _others(ranked, aside[ELSEWHERE])
        )
    slug = ranked[0][0]
    second = max(ranked[1][1] if len(ranked) > 1 else 0.0, aside[ELSEWHERE])
    certainty = _certain(scores[slug], best, second)
    if slug in known:
        alone = max((one.score for other, one in scores.items() if other != slug), default=0.0)
        by_words = _certain(scores[slug], scores[slug].score, max(alone, aside[ELSEWHERE]))
        certainty = max(by_words, min(certainty, BY_CASE))
    reason = _why(lexicon, scores[slug], slug, known, told, second >= best * 0.8, ranked)
    return Suggestion(slug, certainty, reason, _others(ranked[1:], best, certainty))


def _ranked(
    scores: Mapping[str, _Scored], known: Collection[str], told: Collection[str]
) -> list[tuple[str, float]]:
    found = [
        (
            slug,
            one.score * (OPEN_CASE if slug in known else 1) * (NOTICE if slug in told else 1),
        )
        for slug, one in scores.items()
    ]
    return sorted(found, key=lambda one: (-round(one[1], 6), one[0]))


def certain(best: float, second: float, covers: float) -> float:
    """How often a text with these scores was understood rightly, as measured (ADR 0030)."""
    lead = 1 - second / best
    at = AT + BY_SCORE * min(best, MOST_SCORE) + BY_LEAD * lead + BY_COVER * covers
    return round(1 / (1 + math.exp(-at)), 2)


def _certain(one: _Scored, best: float, second: float) -> float:
    found = certain(best, second, one.covers)
    return found if one.has_whole else round(found * PARTS_ONLY, 2)


def _chases(chases: _Scored, best: float) -> bool:
    """Whether words ask again, and tell little of anything themselves: a word of which others are
    as common ("come quick") is none that asks again."""
    return chases.has_whole and bool(chases.words) and best < max(OWN_WORDS, chases.score)


def _asks_again(known: Sequence[str], lexicon: Lexicon, *, is_sure: bool) -> Suggestion:
    name = lexicon.names[known[0]]
    if len(known) > 1:
        others = tuple((slug, 0.3) for slug in known[1 : MOST_OTHERS + 1])
        why = f"They ask again; the newest of their open cases is about {name}"
        return Suggestion(known[0], MAY_ASK_AGAIN, why, others)
    why = f"They ask again, and their open case is about {name}"
    return Suggestion(known[0], ASKS_AGAIN if is_sure else MAY_ASK_AGAIN, why)


def _others(
    ranked: Sequence[tuple[str, float]], best: float, certainty: float = GUESSED
) -> tuple[tuple[str, float], ...]:
    """The next likely: never surer than the best, and together no more than is left of it."""
    found = [(slug, score) for slug, score in ranked[:MOST_OTHERS] if score >= best * 0.35 > 0]
    whole = sum(score for _, score in found) / best if found else 1.0
    most = min(certainty, (1 - certainty) / whole)
    return tuple((slug, round(most * min(1.0, score / best), 2)) for slug, score in found)


def _why(
    lexicon: Lexicon,
    one: _Scored,
    slug: str,
    known: Collection[str],
    told: Collection[str],
    is_close: bool,
    ranked: Sequence[tuple[str, float]],
) -> str:
    """Why, in words for staff. The words are ours, so nothing of a citizen stands in it."""
    said = ", ".join(f"“{lexicon.book.spelt(root)}”" for root in one.words)
    parts = [f"Fits {lexicon.names[slug]}: {said}"]
    if slug in known:
        parts.append("they have an open case about it")
    if slug in told:
        parts.append("there is a notice about it there")
    if is_close and len(ranked) > 1:
        parts.append(f"might be {lexicon.names[ranked[1][0]]} as well")
    return "; ".join(parts)[:300]
