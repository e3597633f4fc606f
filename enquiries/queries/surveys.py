"""What a link to "Did you get what you needed today?" means, and what people said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import Combinable

from accounts.permissions import Permission, Viewer
from core.sealing import SealBroken, unseal
from enquiries.channels import Channel
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, SurveyAnswer
from enquiries.queries import sensitive, told

PURPOSE = "survey"
_SALT = "enquiries.survey"
PAGE = 50


class EndPoint(StrEnum):
    """Where somebody's errand ends, and we ask."""

    SENT = "sent"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    NOT_OURS = "not_ours"
    NOT_ELIGIBLE = "not_eligible"
    NOTICE = "notice"
    ANSWERED = "answered"


END_WORDS: dict[str, str] = {
    EndPoint.SENT: "After sending it",
    EndPoint.DONE: "When it had ended",
    EndPoint.WITHDRAWN: "After cancelling it",
    EndPoint.NOT_OURS: "Told that it is not ours",
    EndPoint.NOT_ELIGIBLE: "Told that they cannot have it",
    EndPoint.NOTICE: "Told that we know of it",
    EndPoint.ANSWERED: "Answered by the form",
}
ANSWER_WORDS: dict[str, str] = {"yes": "Yes", "partly": "Partly", "no": "No"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question at one end point of one sitting."""

    end_point: str
    sitting: str
    channel: str
    service: str = ""
    reference: str = ""

    @property
    def key(self) -> str:
        """The same for the same end point and sitting, whoever asks again."""
        said = f"{self.end_point}:{self.sitting}"
        return hashlib.sha256(said.encode()).hexdigest()


def seal(asked: Asked) -> str:
    """The question for a form or an address: signed, so that only what we asked is answered."""
    parts = [asked.end_point, asked.sitting, asked.channel, asked.service, asked.reference]
    return signing.dumps(parts, salt=_SALT, compress=True)


def opened(token: str) -> Asked | None:
    """What was asked; None where we never did."""
    try:
        asked = Asked(*signing.loads(token, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    known = asked.end_point in set(EndPoint) and asked.channel in set(Channel)
    return asked if known else None


def sitting_of(reference: str, reopened: int) -> str:
    """One end of an enquiry: asked by our message and by its page, it is answered once."""
    return f"{reference}:{reopened}"


def link(enquiry: Enquiry) -> str:
    """The address in our message that it has ended: it shows the question, and answers nothing."""
    is_off = enquiry.outcome == Outcome.WITHDRAWN.value
    asked = Asked(
        end_point=(EndPoint.WITHDRAWN if is_off else EndPoint.DONE).value,
        sitting=sitting_of(enquiry.reference, enquiry.reopened_count),
        channel=Channel.EMAIL.value,
        reference=enquiry.reference,
    )
    return f"{settings.HUB_BASE_URL}/said/{seal(asked)}/"


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody said in this sitting."""

    answer: str
    words: str


def given(asked: Asked) -> Given | None:
    """What was answered before; None while nobody has."""
    row = SurveyAnswer.objects.filter(key=asked.key).first()
    return Given(row.answer, _words(row)) if row is not None else None


def _words(row: SurveyAnswer) -> str:
    if not row.sealed:
        return ""
    try:
        return unseal(row.sealed, purpose=PURPOSE)
    except SealBroken:
        return ""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as managers read it; `words` are empty for who may not read them."""

    id: int
    at: datetime
    answer: str
    answer_words: str
    end_words: str
    service: str
    reference: str
    words: str


def _seen(viewer: Viewer) -> QuerySet[SurveyAnswer]:
    """The hub's managers see all; a partner's what was said of what it has or had."""
    rows = SurveyAnswer.objects.select_related("service", "enquiry__service")
    if not viewer.may(Permission.SEE_PERFORMANCE):
        return rows.none()
    if viewer.is_hub:
        return rows
    own = viewer.organisation_id or 0
    theirs = Enquiry.objects.filter(referrals__organisation_id=own)
    return rows.filter(enquiry__in=theirs)


def _between(
    rows: QuerySet[SurveyAnswer], since: datetime | None, until: datetime | None
) -> QuerySet[SurveyAnswer]:
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows.filter(at__lt=until) if until is not None else rows


def counts(
    viewer: Viewer, *, since: datetime | None, until: datetime | None, **chosen: str
) -> dict[str, int]:
    """How many said yes, partly and no; `chosen` may name a channel, a service's slug
    and the slug of whose the enquiry is."""
    rows = _chosen(_between(_seen(viewer), since, until), chosen)
    found = dict(rows.values_list("answer").annotate(number=Count("*")))
    return {answer: found.get(answer, 0) for answer in ANSWER_WORDS}


def counts_by(
    viewer: Viewer,
    part: Combinable,
    *,
    since: datetime | None,
    until: datetime | None,
    among: Any = None,
    **chosen: str,
) -> dict[Any, dict[str, int]]:
    """The same by the value of an expression over the answers.

    `among` (keys of enquiries, or a statement of them) leaves only answers about these.
    """
    rows = _chosen(_between(_seen(viewer), since, until), chosen)
    if among is not None:
        rows = rows.filter(enquiry__in=among)
    found: dict[Any, dict[str, int]] = {}
    grouped = rows.annotate(part=part).values_list("part", "answer")
    for key, answer, number in grouped.annotate(number=Count("*")):
        found.setdefault(key, {})[answer] = number
    return found


def _chosen(rows: QuerySet[SurveyAnswer], chosen: Mapping[str, str]) -> QuerySet[SurveyAnswer]:
    if chosen.get("channel"):
        rows = rows.filter(channel=chosen["channel"])
    if chosen.get("service"):
        slug = chosen["service"]
        rows = rows.filter(Q(service__slug=slug) | Q(enquiry__service__slug=slug))
    if chosen.get("organisation"):
        rows = rows.filter(enquiry__owner__slug=chosen["organisation"])
    return rows.order_by()


def said(
    viewer: Viewer,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    answer: str = "",
    before: int | None = None,
) -> list[Said]:
    """Answers, newest first, one more than a page holds; `before` is the last one's id.

    The words are the hub's to read, and of a sensitive case theirs who may read it.
    """
    rows = _between(_seen(viewer), since, until)
    if answer:
        rows = rows.filter(answer=answer)
    if before is not None:
        last = SurveyAnswer.objects.filter(pk=before).values_list("at", flat=True).first()
        if last is not None:
            rows = rows.filter(Q(at__lt=last) | Q(at=last, pk__lt=before))
    return [_said(viewer, row) for row in rows.order_by("-at", "-pk")[: PAGE + 1]]


def _said(viewer: Viewer, row: SurveyAnswer) -> Said:
    enquiry = row.enquiry
    service = row.service or (enquiry.service if enquiry is not None else None)
    if enquiry is not None:
        is_open = sensitive.finds(viewer, enquiry)
    else:
        is_plain = service is None or not service.sensitive
        is_open = is_plain or viewer.may(Permission.SEE_SENSITIVE)
    return Said(
        id=row.pk,
        at=row.at,
        answer=row.answer,
        answer_words=ANSWER_WORDS[row.answer],
        end_words=END_WORDS.get(row.end_point, row.end_point),
        service=service.name if service is not None else "",
        reference=enquiry.reference if enquiry is not None else "",
        words=_words(row) if is_open and viewer.is_hub else "",
    )


def ledger_lines(since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Every answer as a `survey` line of the open ledger: no words."""
    rows = SurveyAnswer.objects.select_related("service", "enquiry__service").order_by("pk")
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    said = {line["key"]: line for line in told.frame("survey")}
    for row in rows.iterator(chunk_size=2_000):
        if row.pk in said:
            yield said[row.pk]
            continue
        service = row.service or (row.enquiry.service if row.enquiry is not None else None)
        yield {
            "type": "survey",
            "id": row.pk,
            "answer": row.answer,
            "channel": row.channel,
            "service": service.slug if service is not None else None,
            "enquiry": row.enquiry_id,
            "end_point": row.end_point,
            "at": row.at,
            "recorded": row.changed_at,
        }
