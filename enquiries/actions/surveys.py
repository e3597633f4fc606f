"""Keeps what people say when we ask whether they got what they needed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

import kb.queries
from core.audit import CITIZEN
from core.errors import DomainError
from core.sealing import seal
from enquiries import events
from enquiries.events import EventType
from enquiries.models import Enquiry, SurveyAnswer
from enquiries.queries.surveys import ANSWER_WORDS, PURPOSE, Asked, given

MAX_WORDS = 1_000


class NoAnswer(DomainError):
    code = "survey_answer_missing"
    field = "answer"


class WordsTooLong(DomainError):
    code = "survey_words_too_long"
    field = "words"


@transaction.atomic
def answer(asked: Asked, *, answer: str, words: str | None = None, now: datetime) -> None:
    """Keeps one answer for an end point of a sitting; later in it the answer may be another one.

    `words` None leaves what was written before. The same again changes nothing. Where an enquiry is
    known, its ledger has it, too. Raises NoAnswer, WordsTooLong.
    """
    if answer not in ANSWER_WORDS:
        raise NoAnswer(_("Choose yes, partly or no"))
    if words is not None:
        words = words.replace("\x00", "").replace("\r\n", "\n").strip()
        if len(words) > MAX_WORDS:
            raise WordsTooLong(_("Use %(number)s characters or fewer") % {"number": "1,000"})
    # The enquiry is locked first, everywhere; without one, the unique key makes a second one wait.
    enquiry = _locked(asked.reference)
    before = given(asked)
    kept = words if words is not None else (before.words if before else "")
    if before is not None and (before.answer, before.words) == (answer, kept):
        return
    service = kb.queries.service(asked.service) if asked.service else None
    values = {
        "answer": answer,
        "sealed": seal(kept, purpose=PURPOSE) if kept else "",
        "changed_at": now,
    }
    fixed = {
        "end_point": asked.end_point,
        "channel": asked.channel,
        "service": service,
        "enquiry": enquiry,
        "at": now,
    }
    SurveyAnswer.objects.update_or_create(
        key=asked.key, defaults=values, create_defaults={**fixed, **values}
    )
    if enquiry is not None:
        events.record(
            enquiry,
            EventType.SURVEYED,
            actor=CITIZEN,
            at=now,
            answer=answer,
            answer_words=ANSWER_WORDS[answer],
            end_point=asked.end_point,
            words=kept,
        )


def _locked(reference: str) -> Enquiry | None:
    pk = Enquiry.objects.filter(reference=reference).values_list("pk", flat=True).first()
    return events.locked(pk) if pk is not None else None
