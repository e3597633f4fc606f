"""Asks "Did you get what you needed today?" where somebody's errand ends, and takes the answer.

A page that is such an end puts `{% survey_at … as asked %}` of `hub_survey` before
`components/survey.html`; the answer goes to `/said/<token>/`, at a kiosk to `/kiosk/said/<token>/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.errors import DomainError
from enquiries.actions import surveys
from enquiries.channels import Channel
from enquiries.queries.surveys import Asked, EndPoint, Given, given, opened, seal


@dataclass(frozen=True, slots=True)
class Question:
    """The question of one end point, and what was said to it so far."""

    token: str
    given: Given | None


def at(
    end: str, sitting: str, *, channel: str = Channel.WEB, service: str = "", reference: str = ""
) -> Question:
    """The question for a page. The same end of the same sitting is answered once.

    Raises ValueError for an end point or a channel that there is not.
    """
    asked = Asked(EndPoint(end).value, sitting, Channel(channel).value, service, reference)
    return Question(seal(asked), given(asked))


def asked_by(token: str) -> tuple[Asked, Question] | None:
    """What a link or a form asks; None where we never asked it."""
    asked = opened(token)
    return (asked, Question(token, given(asked))) if asked is not None else None


def take(asked: Asked, *, answer: str, words: str | None, now: datetime) -> str:
    """Keeps what was said. Returns what is wrong with it, or nothing."""
    try:
        surveys.answer(asked, answer=answer, words=words, now=now)
    except DomainError as error:
        return error.message
    return ""
