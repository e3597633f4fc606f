"""What the holder of a telephone may learn about their enquiries by text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext

import customers.queries
import notifications.queries
from core.privacy import address_hash, keyed_hash
from enquiries import clocks
from enquiries.lifecycle import ENDED, LIVE, OUTCOME_WORDS, PUBLIC_WORDS, Outcome, Status
from enquiries.models import Enquiry
from enquiries.queries import of_kiosks
from enquiries.queries.either import either
from enquiries.queries.tracking import tracked
from enquiries.queries.ways import speaks_for

# So long after its end a case is still what "thanks" or "still not done" is most likely about.
FRESH = timedelta(days=14)
# What staff wrote by text is answered by text, for so long and about one of so many cases.
WRITTEN = frozenset({"asked", "replied", "texted"})
ANSWERED = timedelta(days=7)
_NEWEST = 8


@dataclass(frozen=True, slots=True)
class TextedCase:
    """An enquiry as far as its own telephone may know it. `is_theirs` is false for any other."""

    reference: str
    status: Status
    status_words: str
    promised_on: date | None
    service: str | None
    district_code: str
    is_theirs: bool
    received_at: datetime
    service_name: str = ""

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


def thread_of(phone: str, line: str = "") -> str:
    """What stands for what a telephone says and hears by an account: the partnership's, or the own
    one of a body (its slug). "" where there is no number.

    Who has the keys of an account can say anything in anybody's name: by one of a body nothing is
    heard or said of what was told elsewhere.
    """
    if not phone:
        return ""
    digest = address_hash("phone", phone)
    return keyed_hash("line", f"{line}:{digest}") if line else digest


def by_reference(reference: str, phone: str, line: str = "") -> TextedCase | None:
    """The case with this reference; whether it is this telephone's is said with it.

    By a body's own `line`, here and below, only what is that body's, or began by that line, is.
    """
    row = (
        Enquiry.objects.filter(reference=of_kiosks.leads_to(reference))
        .select_related("service", "owner", "first_contact")
        .first()
    )
    return _case(row, is_theirs=_is_theirs(row, phone, line)) if row else None


def status_by_reference(reference: str, phone: str, line: str = "") -> TextedCase | None:
    """The case, only for the telephone that is on it: anybody else learns nothing."""
    case = by_reference(reference, phone, line)
    return case if case and case.is_theirs else None


def latest(phone: str, line: str = "", *, now: datetime) -> TextedCase | None:
    """The newest live case of a telephone, else one that ended a short while ago."""
    if not phone:
        return None
    mine = (
        Enquiry.objects.filter(_theirs(phone, line))
        .select_related("service", "owner")
        .order_by("-received_at", "-pk")
    )
    row = (
        mine.filter(status__in=[s.value for s in LIVE]).first()
        or mine.filter(status__in=[s.value for s in ENDED], resolved_at__gte=now - FRESH).first()
    )
    return _case(row, is_theirs=True) if row else None


def written_to(phone: str, line: str = "", *, now: datetime) -> TextedCase | None:
    """The case about which staff wrote to this telephone by text last, a short while ago."""
    if not phone:
        return None
    mine = Enquiry.objects.filter(_theirs(phone, line)).select_related("service", "owner")
    rows = {row.reference: row for row in mine.order_by("-received_at", "-pk")[:_NEWEST]}
    sent = [
        one
        for one in notifications.queries.texts_sent(rows)
        if one.event in WRITTEN and one.to == phone and one.at > now - ANSWERED
    ]
    row = rows[sent[-1].about] if sent else None
    return _case(row, is_theirs=True) if row and Status(row.status) is not Status.CLOSED else None


def open_services(phone: str, line: str = "") -> list[str]:
    """What this telephone's open cases are about, newest first."""
    if not phone:
        return []
    mine = Enquiry.objects.filter(_theirs(phone, line), status__in=[s.value for s in LIVE])
    rows = mine.exclude(service=None).order_by("-received_at", "-pk")
    return list(dict.fromkeys(rows.values_list("service__slug", flat=True)[:_NEWEST]))


def language_of(phone: str) -> str:
    """The language in which this telephone asked something last; "" where it never did."""
    if not phone:
        return ""
    mine = Enquiry.objects.filter(_theirs(phone, "")).order_by("-received_at", "-pk")
    return mine.values_list("language", flat=True).first() or ""


def _theirs(phone: str, line: str) -> Q:
    digest = address_hash("phone", phone)
    for_one = customers.queries.with_phone(phone, for_one=True)
    theirs = either(
        Q(person_id__in=customers.queries.with_phone(phone)),
        Q(person_id__in=for_one, tell_to=digest),
        Q(first_contact__address_hash=digest),
    )
    if not line:
        return theirs
    return theirs & (Q(owner__slug=line) | Q(first_contact__thread=thread_of(phone, line)))


def _is_theirs(row: Enquiry, phone: str, line: str) -> bool:
    if not phone:
        return False
    is_of_line = row.first_contact.thread == thread_of(phone, line) or speaks_for(row) == line
    if line and not is_of_line:
        return False
    if address_hash("phone", phone) in (row.first_contact.address_hash, row.tell_to):
        return True
    return row.person_id is not None and row.person_id in customers.queries.with_phone(phone)


def _case(row: Enquiry, *, is_theirs: bool) -> TextedCase:
    status = Status(row.status)
    is_double = row.outcome == Outcome.DUPLICATE.value
    words, promised_on = _joined(row) if is_double else (_words(row, status), row.promised_on)
    return TextedCase(
        reference=row.reference,
        status=status,
        status_words=words,
        promised_on=promised_on if status in LIVE or is_double else None,
        service=row.service.slug if row.service else None,
        district_code=row.district_code,
        is_theirs=is_theirs,
        received_at=row.received_at,
        service_name=row.service.name if row.service else "",
    )


def _joined(row: Enquiry) -> tuple[str, date | None]:
    """Of a report that ended in another: how that one stands, as the page of this one says it."""
    page = tracked(row, clocks.london_date(row.received_at))
    if page.is_done:
        return f"{page.outcome_words}. {page.public_words}".strip(), None
    return f"{page.status_words} ({page.owner}).", page.promised_on


def _words(row: Enquiry, status: Status) -> str:
    if status in ENDED:
        ended = OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else PUBLIC_WORDS[status]
        return f"{gettext(ended)}. {row.public_words}".strip()
    who = f" ({row.owner.name})" if row.owner else ""
    return f"{gettext(PUBLIC_WORDS[status])}{who}."
