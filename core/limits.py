"""How often one may knock at a door. Counted in PostgreSQL; whatever goes wrong, one is let in.

A limit protects us from machines, and people's enquiries from being guessed. It never costs a
person their enquiry: bounds are generous, many people share one network address, and a database
that does not answer at once is no reason to turn anybody away. Figures: docs/files-and-limits.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction

from core.models import LimitCount
from core.privacy import keyed_hash

# One row is written; what takes longer than this waits for somebody, and is not waited for.
STATEMENT_MS, LOCK_MS = 250, 100
KEPT: Final = timedelta(days=2)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bound:
    """So many in so many minutes."""

    most: int
    minutes: int


# For each door what is counted: a session, a network address, an enrolled kiosk, a reference that
# was typed, an address that is written to. All that somebody comes with must be within bounds.
DOORS: Final[Mapping[str, Mapping[str, Bound]]] = {
    "send": {
        "session": Bound(10, 10), "address": Bound(120, 10), "kiosk": Bound(60, 10),
    },
    "begin": {  # forms that are kept from their first answer; over it they live in the browser
        "session": Bound(20, 60), "address": Bound(300, 60),
    },
    "track": {  # only wrong tries are counted
        "session": Bound(10, 15), "address": Bound(60, 15), "reference": Bound(10, 60),
        "kiosk": Bound(60, 15),
    },
    "return": {  # to a form that was begun, by its code; only wrong tries are counted
        "session": Bound(10, 15), "address": Bound(60, 15), "kiosk": Bound(60, 15),
    },
    "staff_code": {"kiosk": Bound(10, 15)},  # who helps at a kiosk; only wrong tries are counted
    "upload": {
        "session": Bound(40, 10), "address": Bound(400, 10), "address_day": Bound(1_500, 24 * 60),
    },
    "suggest": {
        "session": Bound(240, 1), "address": Bound(2_400, 1), "kiosk": Bound(240, 1),
    },
    "tell": {"to": Bound(4, 24 * 60), "session": Bound(10, 60), "address": Bound(60, 60)},
    # Messages that somebody has sent to an address that they need not have: "we have it", and the
    # link of an enquiry. Over the bound the enquiry is kept and the message is not sent.
    "confirm": {"to": Bound(10, 24 * 60)},
    "link": {"to": Bound(6, 24 * 60), "kiosk": Bound(60, 60)},
    "magic_link": {"to": Bound(5, 60), "session": Bound(5, 60), "address": Bound(40, 60)},
    "form_code": {  # the code of a form that was saved, sent to somebody
        "to": Bound(4, 24 * 60), "session": Bound(6, 60), "address": Bound(40, 60),
        "kiosk": Bound(60, 60),
    },
    "test_message": {"person": Bound(20, 60)},  # staff who try whether messages go
    "feedback": {"session": Bound(20, 60), "address": Bound(200, 60), "kiosk": Bound(120, 60)},
    "same_words": {"words": Bound(3, 24 * 60)},
    # Words of a search that are none of ours: those of one connection are one search a week.
    "rare_words": {"words": Bound(1, 7 * 24 * 60)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one may come in, and if not, after how many seconds to try again."""

    allowed: bool
    retry_after: int = 0

    def __bool__(self) -> bool:
        return self.allowed


_LET_IN: Final = Verdict(allowed=True)
_UPSERT = """
    INSERT INTO core_limitcount (door, who, since, count)
    SELECT %s, new.who, new.since, 1
    FROM unnest(%s::text[], %s::timestamptz[]) AS new (who, since) ORDER BY new.who
    ON CONFLICT (door, who, since) DO UPDATE SET count = core_limitcount.count + 1
    RETURNING who, count"""
_SELECT = """
    SELECT row.who, row.count FROM core_limitcount AS row
    JOIN unnest(%s::text[], %s::timestamptz[]) AS asked (who, since)
      ON row.who = asked.who AND row.since = asked.since
    WHERE row.door = %s"""


@dataclass(frozen=True, slots=True)
class _Counted:
    """One thing that is counted at a door, in the stretch of time that now lies in."""

    who: str
    since: datetime
    bound: Bound

    @property
    def until(self) -> datetime:
        return self.since + timedelta(minutes=self.bound.minutes)


def allow(*, door: str, who: Mapping[str, str], now: datetime) -> Verdict:
    """Counts this knock, and says whether it is still within the bounds of the door."""
    counted = _counted(door, who, now)
    return _verdict(counted, _ask(counted, door, _UPSERT, writes=True), now)


def look(*, door: str, who: Mapping[str, str], now: datetime) -> Verdict:
    """Whether there is room for one more; counts nothing. For doors where only wrong tries count,
    together with `count`."""
    counted = _counted(door, who, now)
    return _verdict(counted, _ask(counted, door, _SELECT, writes=False), now, more=1)


def count(*, door: str, who: Mapping[str, str], now: datetime) -> int:
    """Counts this knock; how many there have been of what was counted most. 0 if nobody knows."""
    counted = _counted(door, who, now)
    return max(_ask(counted, door, _UPSERT, writes=True).values(), default=0)


def counted(*, door: str, who: Mapping[str, str], now: datetime) -> int:
    """How many there have been of what was counted most, this knock not counted. 0 if nobody
    knows."""
    found = _counted(door, who, now)
    return max(_ask(found, door, _SELECT, writes=False).values(), default=0)


def purge(*, before: datetime) -> None:
    """Forgets old counts; those of longer stretches once the stretch is over."""
    long = {door: max(bound.minutes for bound in DOORS[door].values()) for door in DOORS}
    long = {door: minutes for door, minutes in long.items() if timedelta(minutes=minutes) > KEPT}
    LimitCount.objects.filter(since__lt=before).exclude(door__in=long).delete()
    for door, minutes in long.items():
        over = before - timedelta(minutes=minutes)
        LimitCount.objects.filter(door=door, since__lt=over).delete()


def _counted(door: str, who: Mapping[str, str], now: datetime) -> list[_Counted]:
    found = []
    for kind, bound in DOORS[door].items():
        if value := who.get(kind):
            seconds = bound.minutes * 60
            since = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
            found.append(_Counted(keyed_hash(f"limit:{kind}", value), since, bound))
    return found


def _verdict(
    counted: list[_Counted], counts: Mapping[str, int], now: datetime, *, more: int = 0
) -> Verdict:
    over = [one for one in counted if counts.get(one.who, 0) + more > one.bound.most]
    if not over:
        return _LET_IN
    until = max(one.until for one in over)
    return Verdict(allowed=False, retry_after=max(1, int((until - now).total_seconds())))


def _ask(counted: list[_Counted], door: str, sql: str, *, writes: bool) -> dict[str, int]:
    """How often each was counted; nothing where the database does not say so at once."""
    if not counted:
        return {}
    keys: list[Any] = [[one.who for one in counted], [one.since for one in counted]]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            before = _hurry(cursor)
            cursor.execute(sql, [door, *keys] if writes else [*keys, door])
            found = dict(cursor.fetchall())
            _take_your_time(cursor, before)
    except (DatabaseError, InterfaceError) as error:
        log.warning("limit.not_counted", door=door, error=type(error).__name__)
        return {}
    return found


def _hurry(cursor: object) -> tuple[str, str]:
    cursor.execute(  # type: ignore[attr-defined]  # Django's cursors have no public type
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
        " set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)",
        [str(STATEMENT_MS), str(LOCK_MS)],
    )
    statement, lock, *_ = cursor.fetchone()  # type: ignore[attr-defined]  # as above
    return statement, lock


def _take_your_time(cursor: object, before: tuple[str, str]) -> None:
    """Within a transaction of the caller's, the rest of it has its own time again."""
    if connection.savepoint_ids:
        cursor.execute(  # type: ignore[attr-defined]  # as above
            "SELECT set_config('statement_timeout', %s, true),"
            " set_config('lock_timeout', %s, true)",
            list(before),
        )
