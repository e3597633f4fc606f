"""What is needed to judge some enquiries: everything that they are tied to, and what was told
before of the same place.

People, addresses and conversations tie both ways and through others. A place does not: a report
there can only be another party's of an earlier one that is still in its window (R20), and
otherwise it changes nothing. So a town does not hang together because many of its bins were
forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

import enquiries.queries.ledger as source
from metrics import reading, ties
from metrics.facts import Ledger
from metrics.models import EnquiryFact
from metrics.one_stop import Judged, Kind

DUPLICATE = "duplicate"


# By their index alone: with the moments beside it PostgreSQL prefers another index, and compares
# the ties of every row that is near in time, which takes a second where this takes milliseconds.
_OF_TIES = "(SELECT * FROM metrics_enquiryfact WHERE ties && %s::varchar[] OFFSET 0) AS tied"
_TIED = f"""
SELECT enquiry_id FROM {_OF_TIES}
WHERE started_at <= %s AND (last_contact_at >= %s OR window_end >= %s)"""  # noqa: S608  no value from outside is in it


@dataclass(slots=True)
class Gathered:
    """Enquiries (`known`) with their ledger, and by what each is found."""

    frame: Ledger
    known: set[int] = field(default_factory=set)
    tied: dict[str, frozenset[str]] = field(default_factory=dict)
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = self.frame

    def read(self, ids: Collection[int]) -> Ledger:
        """These, and nothing that they are tied to; what was read of them alone."""
        new = reading.read(source.ledger(sorted(ids)), within=self.frame)
        self.known |= set(ids)
        self.tied |= ties.of(new)
        self.ledger = self.ledger.with_more(new) if self.ledger is not self.frame else new
        return new

    def add(self, ids: Iterable[int]) -> None:
        """These with all that they are tied to, or were."""
        fresh = set(ids) - self.known
        wanted = _kept_ties(fresh)
        while fresh:
            new = self.read(fresh)
            wanted = wanted.union(*(self.tied[key] for key in new.enquiries))
            fresh = _tied(ties.without_places(wanted), new) - self.known
            wanted = frozenset()


def framed() -> Ledger:
    """Bodies, services and what was agreed: what every enquiry is judged by."""
    return reading.read(source.frame())


def _kept_ties(ids: Collection[int]) -> frozenset[str]:
    """What they were tied to before: a link that was taken away changes its other end too."""
    kept = EnquiryFact.objects.filter(pk__in=ids).values_list("ties", flat=True)
    return frozenset(tie for row in kept for tie in row)


def _tied(wanted: Collection[str], read: Ledger) -> set[int]:
    """Enquiries with one of these ties, near enough in time to matter."""
    starts = [contact.start for contact in read.contacts.values()]
    if not wanted or not starts:
        return set()
    with by_index() as cursor:
        cursor.execute(
            _TIED,
            [sorted(wanted), ties.until(read), min(starts) - ties.REACH, min(starts)],
        )
        return {row[0] for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where and while a report is one that another party's can be a duplicate of; of what never
    is one that (STAGED), its moment."""

    places: frozenset[str]
    since: datetime
    until: datetime


def spots(found: Iterable[Judged], tied: Mapping[str, frozenset[str]]) -> list[Spot]:
    """Those of enquiries that have just been judged."""
    return [
        Spot(places, one.started, one.window_end or one.started)
        for one in found
        if (places := ties.places(tied[one.enquiry]))
    ]


def kept_spots(ids: Collection[int]) -> list[Spot]:
    """Those that the facts of these enquiries say."""
    rows = EnquiryFact.objects.filter(pk__in=ids).values_list("started_at", "window_end", "ties")
    return [
        Spot(places, since, until or since)
        for since, until, tied in rows
        if (places := ties.places(tied))
    ]


def moved(
    ids: Collection[int], found: Iterable[Judged], tied: Mapping[str, frozenset[str]]
) -> list[Spot]:
    """Where and when one of these reports stood, or stands now, if it is not as its fact says: it
    is new, gone, told elsewhere, by somebody else or at another time, or in a figure or in none."""
    rows = EnquiryFact.objects.filter(pk__in=ids).values_list(
        "pk", "first_contact", "started_at", "window_end", "verdict", "ties"
    )
    kept = {row[0]: row for row in rows}
    others: list[Judged] = []
    for one in found:
        was = kept.get(int(one.enquiry))
        if was is not None and _stands_as_before(was, one, tied[one.enquiry]):
            del kept[int(one.enquiry)]
        else:
            others.append(one)
    before = [
        Spot(places, since, until or since)
        for _, _, since, until, _, tied_before in kept.values()
        if (places := ties.places(tied_before))
    ]
    return before + spots(others, tied)


def _stands_as_before(was: tuple[Any, ...], one: Judged, tied: frozenset[str]) -> bool:
    _, first, started, window_end, verdict, ties_before = was
    excluded = one.verdict.kind is Kind.EXCLUDED
    return (first, started, window_end) == (one.first_contact, one.started, one.window_end) and (
        (verdict == Kind.EXCLUDED.value) == excluded and set(ties_before) == tied
    )


_LATER = f"""
SELECT enquiry_id, started_at, window_end, ties FROM {_OF_TIES}
WHERE started_at BETWEEN %s AND %s"""  # noqa: S608  no value from outside is in it
_EARLIER = f"""
SELECT enquiry_id, started_at, window_end, ties FROM {_OF_TIES}
WHERE window_end >= %s AND started_at <= %s AND verdict <> 'excluded'"""  # noqa: S608  as above


def later(begun: Iterable[Spot]) -> set[int]:
    """Reports there that may be of what was told at one of the spots, or at one of these again."""
    found: set[int] = set()
    fresh = list(begun)
    while fresh:
        index = _Index(fresh)
        since, until = min(one.since for one in fresh), max(one.until for one in fresh)
        fresh = []
        for key, spot in index.near(_LATER, since, until):
            if key not in found and any(
                one.since <= spot.since <= one.until for one in index.at(spot)
            ):
                found.add(key)
                fresh.append(spot)
    return found


def earlier(begun: Collection[Spot]) -> set[int]:
    """Reports there of which those at the spots may be others; not what is in no figure."""
    if not begun:
        return set()
    index = _Index(begun)
    since, until = min(one.since for one in begun), max(one.since for one in begun)
    return {
        key
        for key, spot in index.near(_EARLIER, since, until)
        if any(spot.since <= one.since <= spot.until for one in index.at(spot))
    }


def given(ids: Iterable[int]) -> dict[str, bool]:
    """Of these enquiries, which their facts say to be another party's report again."""
    rows = EnquiryFact.objects.filter(pk__in=list(ids)).values_list("pk", "reason")
    return {str(key): reason == DUPLICATE for key, reason in rows}


class _Index:
    """Spots by the places in whose reach they are."""

    def __init__(self, begun: Iterable[Spot]) -> None:
        self._at: dict[str, list[Spot]] = defaultdict(list)
        for one in begun:
            for place in ties.wanted(one.places):
                self._at[place].append(one)

    def at(self, spot: Spot) -> Iterator[Spot]:
        """Those near one of its places."""
        for place in spot.places:
            yield from self._at.get(place, ())

    def near(self, statement: str, *moments: datetime) -> Iterator[tuple[int, Spot]]:
        """What the facts say of enquiries near one of them."""
        if not self._at:
            return
        with by_index() as cursor:
            cursor.execute(statement, [sorted(self._at), *moments])
            rows = cursor.fetchall()
        for key, since, until, tied in rows:
            yield key, Spot(ties.places(tied), since, until or since)


@contextmanager
def by_index() -> Iterator[CursorWrapper]:
    """PostgreSQL takes many ties for a reason to read every row, which is thirty times slower."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor
        cursor.execute("SET LOCAL enable_seqscan = on")
