"""What people call a service: read, checked and changed by who looks after search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from kb import search, search_index
from kb.models import Service
from kb.search_ranking import Hit

LONGEST_PHRASE = 60
MOST_PHRASES = 120
_BREAKS = re.compile(r"[,;\n\r]+")


class NotPhrases(DomainError):
    """What was typed cannot be kept; the message says which and why."""

    code = "phrases_not_valid"


class ChangedMeanwhile(DomainError):
    """Somebody else changed the phrases since they were shown."""

    code = "phrases_changed"


@dataclass(frozen=True, slots=True)
class Tried:
    """One phrase, and what it finds."""

    phrase: str
    hits: tuple[Hit, ...]
    at: int


def phrases(text: str) -> list[str]:
    """The phrases of a text, each once, as they are kept. Raises NotPhrases."""
    found = [" ".join(part.split()) for part in _BREAKS.split(text.replace("\x00", " "))]
    kept = list({one.casefold(): one for one in found if one}.values())
    long = next((one for one in kept if len(one) > LONGEST_PHRASE), None)
    if long is not None:
        raise NotPhrases(
            f"“{long[:40]}…” is too long. Use at most {LONGEST_PHRASE} characters for one phrase"
        )
    if len(kept) > MOST_PHRASES:
        raise NotPhrases(f"These are {len(kept)} phrases. Keep at most {MOST_PHRASES}")
    return kept


@transaction.atomic
def save(*, slug: str, text: str, seen: str | None, actor: Actor, now: datetime) -> Sequence[str]:
    """Keeps what people call a service; it is found by these words when this returns.

    `seen` are the phrases as they were when shown. Raises NotPhrases or ChangedMeanwhile.
    """
    service = Service.objects.select_for_update().get(slug=slug)
    if seen is not None and seen != service.synonyms:
        raise ChangedMeanwhile(
            "Somebody else changed these words meanwhile. Look at theirs below, and save again"
        )
    kept = phrases(text)
    before, after = service.synonyms, ", ".join(kept)
    if after == before:
        return kept
    Service.objects.filter(pk=service.pk).update(synonyms=after)
    search_index.write("service", [slug])
    was = {one.casefold() for one in phrases(before)}
    audit.record(
        "service.synonyms",
        actor=actor,
        target=f"service:{slug}",
        at=now,
        data={
            "added": [one for one in kept if one.casefold() not in was],
            "count": len(kept),
        },
    )
    return kept


@transaction.atomic
def add(*, slug: str, phrase: str, actor: Actor, now: datetime) -> Sequence[str]:
    """Adds one phrase to what people call a service."""
    service = Service.objects.select_for_update().get(slug=slug)
    text = f"{service.synonyms}, {phrase}" if service.synonyms else phrase
    return save(slug=slug, text=text, seen=None, actor=actor, now=now)


def tried(slug: str, found: Sequence[str]) -> list[Tried]:
    """What each phrase finds, and where the service stands in it (0: not at all)."""
    rows = []
    for phrase in found:
        hits = search.find(phrase, limit=10).hits
        at = next((n for n, hit in enumerate(hits, 1) if hit.service_slug == slug), 0)
        rows.append(Tried(phrase, hits[:3], at))
    return rows
