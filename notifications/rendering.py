"""Turns an event and its facts into words. What people wrote is data: it is never a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.template import Context
from django.template.backends.django import Template
from django.template.loader import get_template
from django.utils import translation

from core.errors import DomainError
from notifications import gsm
from notifications.events import EVENTS, SMS

# Room for what a person wrote, so that a text stays within about three parts.
WORDS_IN_TEXT = 280
SUBJECT_LIMIT = 180
# What we write in where nobody chose another.
LANGUAGE = "en-gb"


class CannotSay(DomainError):
    """The event has no words for this medium, or lacks a fact that its words need."""

    code: ClassVar[str] = "message_cannot_be_written"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words; texts have no subject."""

    subject: str
    body: str


def render(
    *, event: str, medium: str, context: Mapping[str, str], language: str = LANGUAGE
) -> Rendered:
    """The words of an event for a medium, in a language. Raises CannotSay."""
    known = EVENTS.get(event)
    if known is None or medium not in known.media:
        raise CannotSay(f"There are no words for {event} by {medium}")
    missing = known.keys - context.keys()
    if missing:
        raise CannotSay(f"{event} needs {', '.join(sorted(missing))}")
    facts = {key: " ".join(value.split()) if key not in known.words else value.strip()
             for key, value in context.items()}  # fmt: skip
    if medium == SMS:
        for key in known.words & facts.keys():
            facts[key] = gsm.shorten(" ".join(facts[key].split()), WORDS_IN_TEXT)
    with translation.override(language):
        text = _fill(f"notifications/{event}.{medium}.txt", facts)
    return _text(text) if medium == SMS else _mail(text)


def _fill(name: str, facts: Mapping[str, str]) -> str:
    template = get_template(name)
    if not isinstance(template, Template):
        raise CannotSay(f"{name} is not a template of ours")
    # Plain text: what HTML would escape is to be read as it was written.
    return str(template.template.render(Context(dict(facts), autoescape=False)))


def _text(text: str) -> Rendered:
    return Rendered("", gsm.shorten(gsm.plain(" ".join(text.split())), gsm.LONGEST))


def _mail(text: str) -> Rendered:
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("Subject: "):
        raise CannotSay("The first line of an e-mail says its subject")
    subject = " ".join(first.removeprefix("Subject: ").split())[:SUBJECT_LIMIT]
    paragraphs = [part.strip() for part in rest.split("\n\n")]
    return Rendered(subject, "\n\n".join(part for part in paragraphs if part) + "\n")
