"""Which words are said: a body's own, the partnership's, or what we ship. Kept in each process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import structlog
from django.db import connection
from django.utils.translation import get_supported_language_variant

from notifications import shipped, wording
from notifications.models import WordingState, WordingVersion
from notifications.shipped import ENGLISH, Source
from notifications.wording import Part

# For so many seconds a process goes on with what it knew; another may have changed it meanwhile.
STALE = 15.0
log = structlog.get_logger(__name__)
_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A wording that is said: its parts, its language, and its version; None: shipped."""

    subject: tuple[Part, ...]
    body: tuple[Part, ...]
    language: str
    version: int | None = None


@dataclass(slots=True)
class _Book:
    state: object
    words: dict[_Key, Said]
    seen_at: float


_book: list[_Book] = []
_read: dict[tuple[str, str, str], Said | None] = {}


def said(*, event: str, medium: str, language: str, organisation: str = "") -> Said | None:
    """The words of an event by a medium: in the language, else in English; None where there are
    none. In each language those of the organisation come first, then the partnership's, then ours.
    """
    for wanted in _languages(language):
        for key in _owners(event, medium, wanted, organisation):
            found = _words().get(key)
            if found is not None:
                return found
        ours = _shipped(event, medium, wanted)
        if ours is not None:
            return ours
    return None


def forget() -> None:
    """What this process knows is read anew before it is said again."""
    _book.clear()


def read(source: Source, language: str, version: int | None = None) -> Said:
    """A source, taken apart. Raises wording.Unreadable."""
    return Said(wording.parse(source.subject), wording.parse(source.body), language, version)


def _owners(event: str, medium: str, language: str, organisation: str) -> Iterator[_Key]:
    if organisation:
        yield (event, medium, language, organisation)
    yield (event, medium, language, "")


def _languages(language: str) -> tuple[str, ...]:
    """The language itself by the name that we keep it under, then English."""
    if language.partition("-")[0].lower() == "en":
        return (ENGLISH,)
    try:
        return (get_supported_language_variant(language), ENGLISH)
    except LookupError:
        return (ENGLISH,)


def _shipped(event: str, medium: str, language: str) -> Said | None:
    key = (event, medium, language)
    if key not in _read:
        source = shipped.source(*key)
        _read[key] = read(source, language) if source is not None else None
    return _read[key]


# Ids alone: a version that is live is never written again.
_STATE = """
SELECT count(*), coalesce(sum(id * id), 0), coalesce(max(id), 0)
FROM notifications_wordingversion WHERE state = 'live'"""
_NONE = (0, 0, 0)


def _words() -> dict[_Key, Said]:
    kept, now = (_book[0] if _book else None), monotonic()
    if kept is not None and now - kept.seen_at < STALE:
        return kept.words
    state = _state()
    if kept is None or kept.state != state:
        kept = _Book(state, _loaded() if state != _NONE else {}, now)
        _book[:] = [kept]
    kept.seen_at = now
    return kept.words


def _state() -> object:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return tuple(cursor.fetchone() or ())


def _loaded() -> dict[_Key, Said]:
    rows = WordingVersion.objects.filter(state=WordingState.LIVE).select_related(
        "wording__organisation"
    )
    found: dict[_Key, Said] = {}
    for row in rows:
        of, body = row.wording, row.wording.organisation
        key = (of.event, of.medium, of.language, body.slug if body else "")
        try:
            found[key] = read(Source(row.subject, row.body), of.language, row.pk)
        except wording.Unreadable:
            # Checked when it was saved: then the next words are said, and nobody goes without.
            log.exception("wording.unreadable", version=row.pk)
    return found


__all__ = ["Said", "forget", "read", "said"]
