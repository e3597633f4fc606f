"""The ledger folded into facts: only what changed, with everything whose verdict may hang on it.

Reading again is harmless, and folding step by step gives the rows that folding all at once gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

import enquiries.queries.ledger as source
from metrics import one_stop, reading, ties
from metrics.facts import Ledger
from metrics.models import Cursor, EnquiryFact
from metrics.one_stop import Judged

LEDGER = "ledger"
BATCH = 1000

_FIELDS = [field.name for field in EnquiryFact._meta.concrete_fields if not field.primary_key]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What one reading of the ledger did; `judged` counts neighbours too."""

    changed: int
    matured: int
    judged: int


def refresh(*, now: datetime) -> Refreshed:
    """Fold what the ledger says that was not folded yet, and decide windows that have closed.

    A page at a time, each in a transaction of its own: what a long run has done stays done,
    however it ends. Does nothing while another process is at it.
    """
    frame = [*source.organisations(), *source.services()]
    changed: set[int] = set()
    judged = 0
    while (page := _fold_page(frame, now)) is not None:
        if not page.changed:
            break
        changed |= page.changed
        judged += page.judged
    if page is None:
        return Refreshed(len(changed), 0, judged)
    due = _to_look_at_again(now) - changed
    for batch in _batches(due):
        with transaction.atomic():
            if _cursor() is None:
                break
            judged += _fold(batch, frame, now)
    return Refreshed(len(changed), len(due), judged)


@dataclass(frozen=True, slots=True)
class _Page:
    changed: frozenset[int]
    judged: int


def _fold_page(frame: list[source.Line], now: datetime) -> _Page | None:
    """The next lines of the ledger, folded; None while another process is at it."""
    with transaction.atomic():
        cursor = _cursor()
        if cursor is None:
            return None
        ids, reached = source.changed_since(cursor.value)
        judged = sum(_fold(batch, frame, now) for batch in _batches(ids))
        if reached != cursor.value:
            cursor.value, cursor.moved_at = reached, now
            cursor.save(update_fields=["value", "moved_at"])
        return _Page(frozenset(ids), judged)


def rebuild(*, now: datetime) -> Refreshed:
    """Throw the facts away and fold the whole ledger; readers see the old ones until it is done."""
    with transaction.atomic():
        Cursor.objects.get_or_create(name=LEDGER)
        Cursor.objects.select_for_update().get(name=LEDGER)
        EnquiryFact.objects.all().delete()
        Cursor.objects.filter(name=LEDGER).update(value="", moved_at=None)
        return refresh(now=now)


def _cursor() -> Cursor | None:
    Cursor.objects.get_or_create(name=LEDGER)
    return Cursor.objects.select_for_update(skip_locked=True).filter(name=LEDGER).first()


def _to_look_at_again(now: datetime) -> set[int]:
    """Windows closed, promises passed, contacts that had not ended: no ledger line tells us."""
    pending = Q(verdict=one_stop.Kind.PENDING.value)
    closed = pending & Q(window_end__lt=now)
    newly_late = pending & Q(broken=False, outcome_at=None, late_from__lt=now)
    rows = EnquiryFact.objects.filter(closed | newly_late | Q(unfinished=True))
    return set(rows.values_list("pk", flat=True))


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def _fold(ids: Collection[int], frame: list[source.Line], now: datetime) -> int:
    """Judge these enquiries with all that they are tied to, and keep the facts."""
    known = set(ids)
    lines = [*frame, *source.ledger(sorted(known))]
    read = reading.read(lines)
    tied = ties.of(read)
    frontier = _kept_ties(known).union(*tied.values())
    while found := _neighbours(frontier, read, known):
        known |= found
        more = list(source.ledger(sorted(found)))
        lines += more
        read = reading.read([*frame, *more])
        new = ties.of(read)
        tied |= new
        frontier = frozenset[str]().union(*new.values())
    ledger = reading.read(lines) if len(known) > len(ids) else read
    last = _latest(ledger)
    # The clock was read before the ledger. A line committed in between is later than `now`: once
    # the cursor has passed it, nobody would read it again.
    now = max([now, *(one.recorded_at for one in last.values())])
    rows = [
        _fact(ledger, judged, tied[judged.enquiry], last[judged.enquiry], now)
        for judged in one_stop.judge(ledger, now)
    ]
    EnquiryFact.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["enquiry"],
        update_fields=_FIELDS,
    )
    return len(rows)


def _kept_ties(ids: Collection[int]) -> frozenset[str]:
    """What they were tied to before: a link that was taken away changes its other end too."""
    kept = EnquiryFact.objects.filter(pk__in=ids).values_list("ties", flat=True)
    return frozenset(tie for row in kept for tie in row)


def _neighbours(frontier: Collection[str], read: Ledger, known: Collection[int]) -> set[int]:
    """Enquiries with a tie of the frontier, near enough in time to matter."""
    starts = [contact.start for contact in read.contacts.values()]
    if not frontier or not starts:
        return set()
    rows = EnquiryFact.objects.filter(
        ties__overlap=sorted(ties.wanted(frontier)),
        started_at__lte=max(starts) + ties.REACH,
        last_contact_at__gte=min(starts) - ties.REACH,
    )
    with _by_index():
        found = set(rows.values_list("pk", flat=True))
    return found.difference(known)


@contextmanager
def _by_index() -> Iterator[None]:
    """PostgreSQL takes many ties for a reason to read every row, which is thirty times slower."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


@dataclass(slots=True)
class _Last:
    """The latest contact about an enquiry, and when the ledger last learned anything of it."""

    contact_at: datetime
    recorded_at: datetime


def _latest(ledger: Ledger) -> dict[str, _Last]:
    latest: dict[str, _Last] = {}
    for item in ledger.items:
        start, recorded = ledger.contacts[item.contact].start, item.recorded
        last = latest.setdefault(item.enquiry, _Last(start, recorded))
        last.contact_at = max(last.contact_at, start)
        last.recorded_at = max(last.recorded_at, recorded)
    for enquiry, events in ledger.events.items():
        if enquiry in latest:
            known = latest[enquiry].recorded_at
            latest[enquiry].recorded_at = max(known, *(event.recorded for event in events))
    return latest


def _fact(
    ledger: Ledger, judged: Judged, tied: frozenset[str], last: _Last, now: datetime
) -> EnquiryFact:
    verdict = judged.verdict
    return EnquiryFact(
        enquiry_id=int(judged.enquiry),
        reference=ledger.enquiries[judged.enquiry].reference,
        channel=judged.channel,
        service=judged.service or "",
        klass=judged.klass,
        organisation=judged.organisation or "",
        team=judged.team or "",
        site=judged.site or "",
        linkable=judged.linkable,
        self_service=judged.self_service,
        first_contact=judged.first_contact,
        started_at=judged.started,
        opened_at=judged.opened,
        last_contact_at=last.contact_at,
        last_recorded_at=last.recorded_at,
        unfinished=judged.unfinished,
        window_end=judged.window_end,
        late_from=judged.late_from,
        outcome_at=judged.first_outcome,
        verdict=verdict.kind.value,
        reason=verdict.reason or "",
        owner=verdict.owner or "",
        recontacts=judged.recontacts,
        recontacted=judged.recontacts > 0,
        broken=judged.broken,
        capped=judged.capped,
        fcc=judged.first_contact_resolved,
        rftr=judged.right_first_time,
        links=[{"contact": link.contact, "tier": link.tier} for link in judged.links],
        ties=sorted(tied),
        version=one_stop.VERSION,
        folded_at=now,
    )
