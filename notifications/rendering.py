"""Turns an event and its facts into words. What people wrote is data: it is never a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings

from core.errors import DomainError
from notifications import facts, gsm, live, rich, wording
from notifications.events import EVENTS, SMS, Event
from notifications.live import Said
from notifications.shipped import ENGLISH

# Room for what a person wrote, so that a text stays within about three parts.
WORDS_IN_TEXT = 280
LANGUAGE = ENGLISH
SUBJECT_LIMIT = 180


class CannotSay(DomainError):
    """The event has no words for this medium, or lacks a fact that its words need."""

    code: ClassVar[str] = "message_cannot_be_written"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words. Texts have no subject and no HTML. `language`: of the words."""

    subject: str
    body: str
    html: str = ""
    language: str = LANGUAGE


def render(
    *,
    event: str,
    medium: str,
    context: Mapping[str, str],
    language: str = LANGUAGE,
    organisation: str = "",
) -> Rendered:
    """The words of an event for a medium, in a language, as an organisation says it.

    Raises CannotSay.
    """
    known = event_of(event, medium)
    missing = known.keys - context.keys()
    if missing:
        raise CannotSay(f"{event} needs {', '.join(sorted(missing))}")
    words = live.said(event=event, medium=medium, language=language, organisation=organisation)
    if words is None:
        raise CannotSay(f"Nobody has written what {event} says by {medium}")
    return fill(words, known, medium, context)


def house() -> dict[str, str]:
    """What every message may say of the hub itself."""
    return {"hub_phone": settings.HUB_PHONE, "track_page": f"{settings.HUB_BASE_URL}/track/"}


def event_of(event: str, medium: str) -> Event:
    """An event that is said by a medium. Raises CannotSay."""
    known = EVENTS.get(event)
    if known is None or medium not in known.media:
        raise CannotSay(f"There are no words for {event} by {medium}")
    return known


def fill(words: Said, known: Event, medium: str, context: Mapping[str, str]) -> Rendered:
    """These words with these facts."""
    whole = known.words | known.lines
    given = facts.with_following(
        {**house(), **{key: " ".join(value.split()) if key not in whole else value.strip()
         for key, value in context.items()}}
    )  # fmt: skip
    if medium == SMS:
        for key in known.words & given.keys():
            given[key] = gsm.shorten(" ".join(given[key].split()), WORDS_IN_TEXT)
        return Rendered("", _text(wording.text(words.body, given)), language=words.language)
    subject = " ".join(wording.text(words.subject, given).split())[:SUBJECT_LIMIT]
    both = rich.both(wording.fill(words.body, given), is_url=facts.is_url)
    return Rendered(subject, both.plain, both.html, words.language)


def _text(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return gsm.shorten(gsm.plain("\n".join(filter(None, lines))), gsm.LONGEST)
