"""Texts as staff see them: what we wrote, how it travels, what it costs, when it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from core.privacy import without_secrets
from notifications import gsm, hiding, outcomes, quiet, rendering
from notifications.lifecycle import WORDS, State
from notifications.models import Notification
from notifications.queries import would_say

TROUBLE = frozenset({State.FAILED, State.EXPIRED, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class OurText:
    """A text of ours about a case, and what became of it."""

    event: str
    words: str
    at: datetime
    state: str
    state_words: str
    is_trouble: bool
    trouble: str
    segments: int
    hold_until: datetime | None


@dataclass(frozen=True, slots=True)
class Measured:
    """How a text would travel: its words as they arrive, characters, parts and pence. `odd` are
    the characters that double its price; `goes_at` is when it goes, where that is not at once."""

    words: str
    characters: int
    segments: int
    pence: Decimal
    odd: str
    goes_at: datetime | None


def of_case(reference: str, *, link: str) -> list[OurText]:
    """Our texts about a case, oldest first; `link` is as long as what stands in them alone."""
    rows = Notification.objects.filter(about=reference, medium="sms").exclude(body="")
    return [_ours(row, link) for row in rows]


def measured(
    *, event: str, context: Mapping[str, str], about: str, language: str, now: datetime
) -> Measured:
    """How the words of a text would travel. Nothing is written or sent. Raises CannotSay."""
    words = would_say(event=event, medium="sms", context=context, language=language)
    size = gsm.measure(words)
    return Measured(
        words=without_secrets(words),
        characters=len(words),
        segments=size.segments,
        pence=size.segments * settings.SMS_PENCE,
        odd=gsm.outside(words),
        goes_at=quiet.hold(event, "sms", whose=about, now=now),
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """A text to somebody who had no enquiry: what stands for that, by whom, when."""

    about: str
    organisation: str
    at: datetime


def begun_with(to: str, *, event: str, prefix: str, since: datetime) -> Begun | None:
    """The newest text to a number that no enquiry has come of."""
    rows = Notification.objects.filter(
        to=to, event=event, about__startswith=prefix, created_at__gt=since
    )
    row = rows.order_by("-created_at", "-pk").first()
    return Begun(row.about, row.organisation, row.created_at) if row else None


def _ours(row: Notification, link: str) -> OurText:
    state = State(row.state)
    is_held = state is State.QUEUED and row.hold_until is not None and not row.attempts
    is_held = is_held and row.held_for != outcomes.UNDO
    return OurText(
        event=row.event,
        words=without_secrets(row.body),
        at=row.created_at,
        state=row.state,
        state_words=WORDS[state],
        is_trouble=state in TROUBLE,
        trouble=row.error,
        segments=gsm.measure(row.body.replace(hiding.places({"link": ""})["link"], link)).segments,
        hold_until=row.hold_until if is_held else None,
    )


@dataclass(frozen=True, slots=True)
class Read:
    """A message as its reader gets it."""

    subject: str
    body: str


def would_read(
    *, event: str, medium: str, context: Mapping[str, str], language: str, organisation: str
) -> Read:
    """The words of a message with its subject. Nothing is written or sent. Raises CannotSay."""
    words = rendering.render(
        event=event, medium=medium, context=context, language=language, organisation=organisation
    )
    return Read(words.subject, words.body)
