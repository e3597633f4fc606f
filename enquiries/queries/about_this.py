"""Which enquiries a contact may be about: of the person, of the number, of the place; best first.

Up to three statements, each by an index, each of few rows. What is sensitive is found by who may
find it, as everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.permissions import Permission, Viewer
from core.privacy import redact_text
from enquiries.channels import ItemKind
from enquiries.lifecycle import ENDED, LIVE, OUTCOME_WORDS, STAFF_WORDS, Outcome, Status
from enquiries.models import AboutOffer, Contact, Enquiry
from enquiries.queries import sensitive

# No window in which somebody comes back is longer (measures.md, resolution classes).
RECENT = timedelta(days=97)
SHOWN = 6
_READ = 20
_LIVE = [status.value for status in LIVE]
# What is the same as another one, or nothing, is never what somebody asks about.
_NOBODYS = [Outcome.DUPLICATE.value, Outcome.SPAM.value]
# Another person's report of the same: theirs is joined to it, and counted apart (R20).
TOO = "too"
# What an agent answered of one that was offered.
YES, NO = "yes", "no"


class Because(StrEnum):
    """What says that a contact may be about an enquiry, the strongest first."""

    PERSON = "person"
    NUMBER = "number"
    PLACE = "place"


LINK_WORDS: dict[str, str] = {
    ItemKind.CHASE.value: "Asks how it goes",
    ItemKind.REPEAT.value: "Not solved: open it again",
    ItemKind.REPLY_TO_US.value: "Answers our question",
    TOO: "Reports the same",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One enquiry that it may be about. `why` is for the agent to read; `kind` is what it is as a
    rule, in ItemKind's words or `too`; `needs_words` that this kind says nothing without words.

    Of somebody else's there is the service, the place and how it stands: no words of theirs."""

    reference: str
    service: str
    description: str
    status_words: str
    received_at: datetime
    owner: str
    because: str
    why: str
    kind: str
    kind_words: str
    needs_words: bool
    place: str = ""


def candidates(
    viewer: Viewer,
    *,
    person_id: int | None,
    theirs: Collection[str],
    address_hash: str,
    postcode: str,
    service: str,
    without: Collection[str],
    now: datetime,
) -> list[Candidate]:
    """What a contact may be about, best first; nothing for who sees no people.

    `theirs` are those of the person that may be shown, `without` those that it is about already;
    `service` is the one that is being asked about.
    """
    if not (viewer.is_hub and viewer.may(Permission.SEE_PEOPLE)):
        return []
    found: dict[int, tuple[int, Because, Enquiry]] = {}
    for because, rows in _sources(person_id, address_hash, postcode, now):
        kept = sensitive.findable(viewer, rows).exclude(outcome__in=_NOBODYS)
        for row in kept.select_related("service", "owner").order_by("-received_at", "-pk")[:_READ]:
            if because is Because.PERSON and row.reference not in theirs:
                continue
            if row.reference not in without and row.pk not in found:
                found[row.pk] = (_weight(row, because, service), because, row)
    best = sorted(found.values(), key=lambda one: (-one[0], -one[2].received_at.timestamp()))
    return [
        _candidate(row, because, is_known=person_id is not None, now=now)
        for _weight_of, because, row in best[:SHOWN]
    ]


def covered(viewer: Viewer, *, address_hash: str, now: datetime) -> int:
    """How many of somebody known were told from a number, of which a caller has proved nothing."""
    if not (address_hash and viewer.is_hub and viewer.may(Permission.SEE_PEOPLE)):
        return 0
    recent = Q(status__in=_LIVE) | Q(received_at__gt=now - RECENT)
    rows = Enquiry.objects.filter(
        recent, first_contact__address_hash=address_hash, person__isnull=False
    )
    return len(sensitive.findable(viewer, rows).values_list("pk")[:_READ])


def _sources(
    person_id: int | None, address_hash: str, postcode: str, now: datetime
) -> Iterable[tuple[Because, QuerySet[Enquiry]]]:
    recent = Q(status__in=_LIVE) | Q(received_at__gt=now - RECENT)
    rows = Enquiry.objects.filter(recent)
    if person_id is not None:
        yield Because.PERSON, rows.filter(person_id=person_id)
    if address_hash:
        told_from = rows.filter(first_contact__address_hash=address_hash)
        # Two known, different persons with one telephone are not linked (R18); of somebody known
        # nothing is shown to who has not proved to be them.
        yield Because.NUMBER, told_from.filter(person=None)
    if postcode:
        there = rows.filter(postcode=postcode, service__subject="place")
        yield Because.PLACE, there.exclude(person_id=person_id) if person_id else there


def _weight(row: Enquiry, because: Because, service: str) -> int:
    """How likely it is. What waits for them comes first, then what is theirs and open."""
    weight = {Because.PERSON: 60, Because.NUMBER: 45, Because.PLACE: 20}[because]
    if because is not Because.PLACE and row.status == Status.WAITING.value:
        weight += 35
    elif row.status in LIVE:
        weight += 25
    elif row.status == Status.RESOLVED.value:
        weight += 10
    if service and row.service is not None and row.service.slug == service:
        weight += 30
    return weight


def _kind(row: Enquiry, because: Because) -> str:
    if because is Because.PLACE:
        return TOO
    if row.status in ENDED:
        return ItemKind.REPEAT.value
    if row.status == Status.WAITING.value:
        return ItemKind.REPLY_TO_US.value
    return ItemKind.CHASE.value


def _candidate(row: Enquiry, because: Because, *, is_known: bool, now: datetime) -> Candidate:
    kind = _kind(row, because)
    words, place = row.description[:140], ""
    if because is Because.PLACE:
        words, place = "", redact_text(row.address) or row.postcode
    elif because is Because.NUMBER:
        # A number proves nobody.
        words = redact_text(words) if is_known else ""
    return Candidate(
        reference=row.reference,
        service=row.service.name if row.service else "Service not yet known",
        description=words,
        status_words=STAFF_WORDS[Status(row.status)],
        received_at=row.received_at,
        owner=row.owner.short_name if row.owner else "Hub",
        because=because.value,
        why=f"{_whose(because, is_known=is_known)}: {_stands(row, now)}",
        kind=kind,
        kind_words=LINK_WORDS[kind],
        needs_words=kind == ItemKind.REPLY_TO_US.value,
        place=place,
    )


def _whose(because: Because, *, is_known: bool) -> str:
    if because is Because.PERSON:
        return "Theirs"
    if because is Because.NUMBER:
        return "From this number" if is_known else "From this number, nobody confirmed yet"
    return "Somebody else’s, same postcode"


def _stands(row: Enquiry, now: datetime) -> str:
    if row.status == Status.WAITING.value:
        return "we wait for their answer"
    if row.status in ENDED:
        how = OUTCOME_WORDS[Outcome(row.outcome)].lower() if row.outcome else "ended"
        return f"{how} {_ago(row.resolved_at, now)}" if row.resolved_at else how
    if row.due_at is not None and row.due_at < now:
        return f"{_span(now - row.due_at)} late"
    return f"open since {_span(now - row.received_at)}"


def _ago(at: datetime, now: datetime) -> str:
    span = _span(now - at)
    return "just now" if span == "a moment" else f"{span} ago"


def _span(span: timedelta) -> str:
    if span >= timedelta(days=1):
        days = span // timedelta(days=1)
        return f"{days} day{'' if days == 1 else 's'}"
    if span >= timedelta(hours=1):
        return f"{span // timedelta(hours=1)} h"
    minutes = span // timedelta(minutes=1)
    return f"{minutes} min" if minutes else "a moment"


def refused(contact: Contact) -> set[str]:
    """What the agent said no to in a contact, by reference."""
    rows = AboutOffer.objects.filter(contact=contact, answer=NO)
    return set(rows.values_list("enquiry__reference", flat=True))
