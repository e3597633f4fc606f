"""What an answer says, apart from who wrote it and when: copied, kept and compared whole. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

ADD, REPLACE = "add", "replace"
SHORT = 300
MOST_STARTS = 3


@dataclass(frozen=True, slots=True)
class AreaWords:
    """Words for the readers of one area: below the others, or in their place."""

    code: str
    mode: str
    words: str


@dataclass(frozen=True, slots=True)
class Start:
    """A button that opens the form of a service with what is known already filled in."""

    service: str
    words: str
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that an editor may change. `service` is a slug or empty."""

    title: str
    summary: str
    body: str
    say: str = ""
    short: str = ""
    service: str = ""
    areas: tuple[AreaWords, ...] = ()
    start: tuple[Start, ...] = ()
    related_services: tuple[str, ...] = ()
    related_articles: tuple[str, ...] = ()
    review_by: date | None = None


def as_json(content: Content) -> dict[str, Any]:
    """As it is kept with its version."""
    kept = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(content).items()
    }
    kept["review_by"] = content.review_by.isoformat() if content.review_by else None
    return kept


def from_json(kept: Mapping[str, Any]) -> Content:
    """What was kept; fields that a later release added have their defaults."""
    known = {one.name for one in fields(Content)}
    values = {key: value for key, value in kept.items() if key in known}
    day = values.get("review_by")
    return Content(
        **{
            **values,
            "areas": tuple(AreaWords(**one) for one in values.get("areas", ())),
            "start": tuple(Start(**one) for one in values.get("start", ())),
            "related_services": tuple(values.get("related_services", ())),
            "related_articles": tuple(values.get("related_articles", ())),
            "review_by": date.fromisoformat(day) if day else None,
        }
    )


def lists(content: Content) -> dict[str, Any]:
    """The parts that are lists, as columns keep them."""
    kept = as_json(content)
    return {
        key: list(kept[key]) for key in ("areas", "start", "related_services", "related_articles")
    }


def lists_of(row: Any) -> dict[str, Any]:
    """The same parts of a row, as a content has them."""
    return {
        "areas": tuple(AreaWords(**one) for one in row.areas),
        "start": tuple(Start(**one) for one in row.start),
        "related_services": tuple(row.related_services),
        "related_articles": tuple(row.related_articles),
    }


@dataclass(frozen=True, slots=True)
class Parts:
    """What a reader is shown: the words for all, then each area's own under its heading."""

    body: str
    areas: tuple[AreaWords, ...]


def for_area(body: str, areas: Iterable[AreaWords], codes: Iterable[str] | None) -> Parts:
    """The words for readers of these areas; with None, of nobody's in particular: all of them."""
    known = tuple(areas)
    if codes is None:
        return Parts(body, known)
    wanted = set(codes)
    theirs = tuple(one for one in known if one.code in wanted)
    instead = next((one for one in theirs if one.mode == REPLACE), None)
    if instead is not None:
        return Parts(instead.words, tuple(one for one in theirs if one.mode == ADD))
    return Parts(body, theirs)
