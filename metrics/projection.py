"""The ledger folded into facts: only what changed, with everything whose verdict may hang on it.

Reading again is harmless, and folding step by step gives the rows that folding all at once gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

import customers.queries
import enquiries.queries.ledger as source
from metrics import fact_rows, gathering, one_stop, rollups
from metrics.facts import Ledger
from metrics.gathering import Gathered
from metrics.models import Cursor, EnquiryFact
from metrics.one_stop import Judged

LEDGER = "ledger"
# By which rules the facts stand; the cursor's value is their version.
RULES = "rules"
# Up to which address of people the facts were looked through; some before are looked at again,
# for those that were committed late.
POINTS, LATE_POINTS = "points", 100
# How far a rebuild has come that is not done (`metrics.rebuilding`), and how long we wait to hear
# of one before we take it to be cut off.
REBUILD, STANDS_BACK = "rebuild", timedelta(minutes=2)
BATCH = 1000


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
    if _is_rebuilt():
        return Refreshed(0, 0, 0)
    _start_again_under_new_rules()
    done = _refreshed(now)
    rollups.keep()
    return done


def _is_rebuilt() -> bool:
    """Whether a rebuild is on its way, and was heard of just now by the database's clock."""
    heard = Cursor.objects.filter(name=REBUILD, moved_at__gt=Now() - STANDS_BACK)
    return heard.exists()


def _refreshed(now: datetime) -> Refreshed:
    frame = gathering.framed()
    changed: set[int] = set()
    judged = 0
    while (page := _fold_page(frame, now)) is not None:
        if not page.changed:
            break
        changed |= page.changed
        judged += page.judged
    if page is None:
        return Refreshed(len(changed), 0, judged)
    theirs, reached = _newly_theirs()
    due = (_to_look_at_again(now) | theirs) - changed
    for batch in batches(due):
        with transaction.atomic():
            if _cursor() is None:
                break
            judged += fold(batch, frame, now)
    else:
        if reached:
            Cursor.objects.update_or_create(name=POINTS, defaults={"value": reached})
    return Refreshed(len(changed), len(due), judged)


@transaction.atomic
def _start_again_under_new_rules() -> None:
    """Facts of an earlier version are folded anew, a page at a time; until then they are shown."""
    if Cursor.objects.filter(name=RULES, value=one_stop.VERSION).exists():
        return
    cursor = _cursor()
    if cursor is not None:
        cursor.value = ""
        cursor.save(update_fields=["value"])
        Cursor.objects.update_or_create(name=RULES, defaults={"value": one_stop.VERSION})


@dataclass(frozen=True, slots=True)
class _Page:
    changed: frozenset[int]
    judged: int


def _fold_page(frame: Ledger, now: datetime) -> _Page | None:
    """The next lines of the ledger, folded; None while another process is at it."""
    with transaction.atomic():
        cursor = _cursor()
        if cursor is None:
            return None
        ids, reached = source.changed_since(cursor.value)
        judged = sum(fold(batch, frame, now) for batch in batches(ids))
        if reached != cursor.value:
            cursor.value, cursor.moved_at = reached, now
            cursor.save(update_fields=["value", "moved_at"])
        return _Page(frozenset(ids), judged)


def _cursor() -> Cursor | None:
    Cursor.objects.get_or_create(name=LEDGER)
    return Cursor.objects.select_for_update(skip_locked=True).filter(name=LEDGER).first()


def _to_look_at_again(now: datetime) -> set[int]:
    """Windows closed, promises passed, contacts that had not ended: no ledger line tells us."""
    pending = EnquiryFact.objects.filter(verdict=one_stop.Kind.PENDING.value)
    closed = pending.filter(window_end__lt=now)
    newly_late = pending.filter(broken=False, outcome_at=None, late_from__lt=now)
    # One statement each, and each has an index that holds just these.
    rows = (closed, newly_late, EnquiryFact.objects.filter(unfinished=True))
    return {key for found in rows for key in found.order_by().values_list("pk", flat=True)}


def _newly_theirs() -> tuple[set[int], str]:
    """Enquiries of people who are known by an address that their facts do not have (R18), and how
    far was looked: staff who write down a number write no line of any enquiry."""
    kept = Cursor.objects.filter(name=POINTS).values_list("value", flat=True).first()
    last = int(kept or 0)
    points = customers.queries.points_after(max(0, last - LATE_POINTS))
    if not points or points[-1][0] <= last:
        return set(), ""
    by_person: dict[str, set[str]] = defaultdict(set)
    for _, person, digest in points:
        by_person[f"p:{person}"].add(f"a:{digest}")
    rows = EnquiryFact.objects.filter(ties__overlap=sorted(by_person))
    found = set()
    with transaction.atomic(), gathering.by_index():
        for key, ties_of in rows.values_list("pk", "ties"):
            has = set(ties_of)
            if any(not by_person.get(tie, has) <= has for tie in ties_of):
                found.add(key)
    return found, str(points[-1][0])


def batches(ids: Collection[int]) -> Iterator[list[int]]:
    """These in their order, not too many at a time."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def fold(ids: Collection[int], frame: Ledger, now: datetime) -> int:
    """Judge these enquiries with all that they are tied to, and what may be of the same place
    after them, and keep the facts."""
    found = gathering.Gathered(frame)
    found.add(ids)
    theirs = set(found.known)
    now, verdicts = judged(found, now)
    begun = gathering.spots(verdicts, found.tied)
    later = gathering.later(gathering.moved(theirs, verdicts, found.tied))
    beside = gathering.earlier([*begun, *gathering.kept_spots(later - theirs)])
    theirs |= later
    if more := (later | beside) - found.known:
        found.add(more)
        now, verdicts = judged(found, now, gathering.given(found.known - theirs))
    return keep_judged(found, verdicts, theirs, now)


def judged(
    found: Gathered, now: datetime, given: Mapping[str, bool] | None = None
) -> tuple[datetime, list[Judged]]:
    """Verdicts on all that was gathered, and as of when.

    The clock was read before the ledger. A line committed in between is later than `now`: once
    the cursor has passed it, nobody would read it again.
    """
    last = fact_rows.latest(found.ledger)
    now = max([now, *(one.recorded_at for one in last.values())])
    return now, one_stop.judge(found.ledger, now, given)


def keep_judged(
    found: Gathered, verdicts: Iterable[Judged], ids: Collection[int], now: datetime
) -> int:
    """Writes the facts of these enquiries of what was judged; how many have a verdict."""
    last = fact_rows.latest(found.ledger)
    mine = [one for one in verdicts if int(one.enquiry) in ids]
    fact_rows.keep(
        [
            fact_rows.row(found.ledger, one, found.tied[one.enquiry], last[one.enquiry], now)
            for one in mine
        ],
        among=ids,
    )
    fact_rows.keep_items(mine)
    return len(mine)
