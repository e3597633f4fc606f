"""Which service a text is about: taken where we are sure, else offered to choose from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import kb.queries

# So many are offered, and none that is less likely than this; nothing where the first is a mere
# guess: then a person reads it, and nobody is asked about what they never meant.
MOST: Final = 3
LEAST: Final = 0.15
A_GUESS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Classed:
    """The service that a text is surely about, else those that it may be about, with names."""

    service: str | None = None
    offered: tuple[tuple[str, str], ...] = ()


def classed(
    words: str, *, history: Sequence[str], districts: Collection[str], now: datetime
) -> Classed:
    """What first triage says of a text, by its words, the services of its number's open cases
    (`history`, the newest first) and its place."""
    found = kb.queries.suggest_service(
        words,
        history=history,
        district=next(iter(districts)) if len(districts) == 1 else "",
        now=now,
    )
    if kb.queries.is_sure(found):
        return Classed(service=found.service_slug)
    first = ((found.service_slug, found.certainty),) if found.service_slug else ()
    shares = (*first, *found.others)
    if max((share for _slug, share in shares), default=0.0) < A_GUESS:
        return Classed()
    likely = [slug for slug, share in shares if slug and share >= LEAST][:MOST]
    names = kb.queries.services_named(likely)
    return Classed(offered=tuple((slug, names[slug].name) for slug in likely if slug in names))


def surely(words: str, *, now: datetime) -> str:
    """The service that words are surely about, whoever wrote them; "" for none."""
    found = kb.queries.suggest_service(words, now=now)
    return (found.service_slug or "") if kb.queries.is_sure(found) else ""
