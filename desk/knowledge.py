"""Knowledge beside a contact or a case: what to read out, what to start. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

import kb.queries_beside
from accounts.permissions import Permission, Viewer
from desk.forms import KeyedForm
from enquiries.queries import beside
from enquiries.queries.beside import AtHand
from enquiries.queries.contacts import OpenContact
from kb.queries_beside import Answer, Beside

if TYPE_CHECKING:
    from enquiries.models import Enquiry
    from kb.models import Service

# Of what somebody types as they are told it.
LONGEST = 200
MOST_WORDS = 2_000


class SayForm(KeyedForm):
    """What was read out, as it is kept and told again: the article's words, or changed ones."""

    article = forms.SlugField(widget=forms.HiddenInput, error_messages={"required": "Choose one"})
    # The caller's words, as they were searched for.
    asked = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)
    service = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    words = forms.CharField(
        label="What you told them",
        max_length=MOST_WORDS,
        error_messages={
            "required": "Write what you told them",
            "max_length": f"What you told them must be {MOST_WORDS:,} characters or fewer",
        },
        widget=forms.Textarea(attrs={"data-rows": "3"}),
    )


@dataclass(frozen=True, slots=True)
class Begin:
    """A button that begins the script of a service with what is known put in."""

    service: str
    words: str
    known: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An answer with its forms. `first` stands open, and its keys are those of the page."""

    answer: Answer
    form: SayForm
    starts: tuple[Begin, ...]
    first: bool


def words_of(text: str) -> str:
    """The caller's words, as far as they are looked for."""
    return text.replace("\x00", "").strip()[:LONGEST]


def board(
    who: Viewer,
    at: AtHand,
    text: str,
    *,
    service: str = "",
    refused: SayForm | None = None,
    most: int = kb.queries_beside.MOST_ANSWERS,
) -> dict[str, Any]:
    """What templates/desk/knowledge/found.html shows."""
    text, service = words_of(text), service or at.service
    today = timezone.localdate()
    found = kb.queries_beside.beside(
        who, text, service=service, codes=at.codes, most=most, today=today
    )
    answers = _with_refused(who, at, found.answers, refused, today)
    return {
        "at": at,
        "q": text,
        "service_slug": service,
        "services": found.services,
        "begin": _first(found, service),
        "rows": [_row(one, at, text, refused) for one in _numbered(answers, refused)],
        "reference": found.found.reference if who.may(Permission.SEE_QUEUE) else "",
        "is_contact": at.arose_in.startswith("contact:"),
        "refused_say": refused,
    }


def _first(found: Beside, chosen: str) -> Begin | None:
    """The script that a key begins: of the service that was chosen, else the one that fits best."""
    best = next(iter(found.services), None)
    hit = next((one for one in found.services if one.slug == chosen), best)
    return Begin(hit.slug, f"Start: {hit.title}", ()) if hit is not None else None


def _with_refused(
    who: Viewer, at: AtHand, found: Sequence[Answer], refused: SayForm | None, today: date
) -> list[Answer]:
    """The answers, and the one whose form was refused where the words no longer find it."""
    answers = list(found)
    slug = refused.data.get("article", "") if refused is not None else ""
    if slug and all(one.slug != slug for one in answers):
        missing = kb.queries_beside.one(who, slug, codes=at.codes, today=today)
        answers = [missing, *answers] if missing is not None else answers
    return answers


def _numbered(answers: Sequence[Answer], refused: SayForm | None) -> list[tuple[Answer, bool]]:
    slug = refused.data.get("article", "") if refused is not None else ""
    opened = slug or (answers[0].slug if answers else "")
    return [(one, one.slug == opened) for one in answers]


def _row(one: tuple[Answer, bool], at: AtHand, text: str, refused: SayForm | None) -> Row:
    answer, first = one
    form = refused if refused is not None and first else None
    if form is None:
        initial = {
            "article": answer.slug,
            "asked": text,
            "service": answer.service,
            "words": answer.say[:MOST_WORDS],
        }
        form = SayForm(initial=initial, auto_id=f"say-{answer.slug}-%s")
    return Row(answer, form, _starts(answer), first)


def _starts(answer: Answer) -> tuple[Begin, ...]:
    """The buttons that its editors gave it, else the service that it is about."""
    found = tuple(
        Begin(
            one.service, one.words, tuple((f"a.{key}", said) for key, said in one.answers.items())
        )
        for one in answer.starts
    )
    if found or not answer.service:
        return found
    return (Begin(answer.service, f"Start: {answer.service_name}", ()),)


def of_contact(
    who: Viewer, contact: OpenContact, text: str, service: Service | None
) -> dict[str, Any]:
    """The board of a contact that was read already."""
    postcode = contact.person.postcode if contact.person else ""
    at = beside.of_contact(contact.public_id, contact.channel, postcode, contact.ended_at is None)
    return board(who, at, text, service=service.slug if service else "")


def of_case(who: Viewer, enquiry: Enquiry) -> dict[str, Any]:
    """The board of a case that was read already: a few answers about its service."""
    return board(who, beside.of_case(who, enquiry), "", most=3)
