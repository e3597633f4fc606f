"""The words that come with the hub: a file for each event, medium and language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from notifications.events import SMS

WORDS = Path(__file__).resolve().parent / "words"
# What we write in where nobody chose another, and where a language has no words.
ENGLISH = "en-gb"
_SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Source:
    """A wording as it is written; texts have no subject."""

    subject: str
    body: str


@lru_cache(maxsize=1)
def _all() -> dict[tuple[str, str, str], Source]:
    found = {}
    for path in sorted(WORDS.glob("*/*.txt")):
        event, medium, _ = path.name.split(".")
        found[(event, medium, path.parent.name)] = _read(path.read_text(encoding="utf-8"), medium)
    return found


def source(event: str, medium: str, language: str) -> Source | None:
    """What we ship for an event by a medium in a language."""
    return _all().get((event, medium, language))


def languages() -> list[str]:
    """The languages that have words, English first."""
    found = {language for _, _, language in _all()}
    return sorted(found, key=lambda one: (one != ENGLISH, one))


def _read(text: str, medium: str) -> Source:
    if medium == SMS:
        return Source("", text.strip("\n"))
    first, _, rest = text.partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError("The first line of an e-mail or a letter says its subject")
    return Source(first.removeprefix(_SUBJECT), rest.strip("\n"))
