"""Words that may mean danger: found in what somebody wrote, and looked after by editors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from kb import questions, tongues
from kb.forms.schema import EndKind
from kb.models import Danger, Service
from kb.search_words import folded
from kb.synonyms import ChangedMeanwhile, phrases

LONGEST_LINE = 120
# So many other words may stand between two of a phrase: "my husband has just hit me".
BETWEEN = 2
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class NotALine(DomainError):
    """What would be said first is missing or too long for a text message."""

    code = "danger_line_not_valid"


def every() -> Sequence[Danger]:
    """All of them, in the order in which they are looked for."""
    return list(Danger.objects.all())


def one(slug: str) -> Danger | None:
    """One by its name in addresses."""
    return None if "\x00" in slug else Danger.objects.filter(slug=slug).first()


def said_in(text: str) -> Danger | None:
    """The first danger whose words somebody wrote, in English or in the language of the page."""
    told = words_of(text)
    if not told:
        return None
    for danger in Danger.objects.all():
        phrases_of_it = f"{danger.words},{tongues.said(danger.words)}".split(",")
        if any(has(told, words_of(phrase)) for phrase in phrases_of_it):
            return danger
    return None


def phone_of(service: Service | None) -> str:
    """Whom a service's form tells people to ring in an emergency; "" where it says nobody."""
    ends = questions.own_form(service).ends
    phones = (end.phone for end in ends if end.kind is EndKind.EMERGENCY and end.phone)
    return next(phones, "")


def words_of(text: str) -> list[str]:
    """The words of a text, however they are written: small or large, with or without accents."""
    return _WORD.findall(folded(text.replace("’", "'")))


def has(told: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of a phrase stand in a text in their order, close together."""
    return bool(phrase) and any(
        word == phrase[0] and _follows(told, at, phrase[1:]) for at, word in enumerate(told)
    )


def _follows(told: Sequence[str], at: int, rest: Sequence[str]) -> bool:
    if not rest:
        return True
    near = range(at + 1, min(at + 2 + BETWEEN, len(told)))
    return any(told[one] == rest[0] and _follows(told, one, rest[1:]) for one in near)


def mark(danger: Danger) -> str:
    """What a page showed, to tell whether it is still so."""
    return f"{danger.say}\n{danger.words}"


@transaction.atomic
def save(*, slug: str, say: str, text: str, seen: str, actor: Actor, now: datetime) -> Danger:
    """Keeps the words and what is said first; texts are read by them from now on.

    `seen` is what the page showed (`mark`). Raises NotALine, NotPhrases, ChangedMeanwhile.
    """
    danger = Danger.objects.select_for_update().get(slug=slug)
    if seen.replace("\r\n", "\n") != mark(danger):
        raise ChangedMeanwhile(
            "Somebody else changed this meanwhile. Look at theirs below, and save again"
        )
    line = " ".join(say.replace("\x00", " ").split())
    if not line or len(line) > LONGEST_LINE:
        raise NotALine(
            f"Write what is said first in {LONGEST_LINE} characters or fewer", field="say"
        )
    kept = phrases(text)
    before, danger.say, danger.words = mark(danger), line, ", ".join(kept)
    if mark(danger) != before:
        danger.save(update_fields=["say", "words"])
        audit.record(
            "danger.changed",
            actor=actor,
            target=f"danger:{slug}",
            at=now,
            data={"say": line, "count": len(kept)},
        )
    return danger
