"""Every fact folded anew, by as many processes as there are cores, while readers see the old ones.

First whole groups of what is tied (`metrics.groups`), in any order: no group knows another. Then,
each service by itself in the order of time, reports that may be another party's of an earlier one
at the same place (R20), which alone hang on other groups.
"""

from __future__ import annotations

import multiprocessing
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

import django
from django.db import connection, connections, transaction
from django.db.models.functions import Now

import customers.queries
import enquiries.queries.ledger as source
from enquiries.queries import ledger_pairs
from metrics import gathering, groups, one_stop, projection
from metrics.facts import Ledger
from metrics.models import Cursor, EnquiryFact
from metrics.projection import LEDGER, POINTS, REBUILD, RULES, Refreshed

BATCH = 500
# No group goes by a number as high as this.
_ALL = 1 << 62
# Batches that wait for each process: few, so that a list of millions is not held twice.
_AHEAD = 4

# Reports at a place that may be another party's of an earlier one there: with their service and
# moment. What is said to be one is looked at again in any case.
_PLACED = """
WITH spots AS MATERIALIZED (
    SELECT enquiry_id, started_at, window_end,
        verdict <> 'excluded' OR reason = 'duplicate' AS stands,
        split_part(tie, ':', 2) AS service, split_part(tie, ':', 3) AS east,
        split_part(tie, ':', 4) AS north
    FROM metrics_enquiryfact CROSS JOIN LATERAL unnest(ties) AS tie WHERE tie LIKE 'g:%%'
), near AS (
    SELECT enquiry_id, started_at, service, east, '' AS north FROM spots WHERE north = ''
    UNION ALL
    SELECT enquiry_id, started_at, service, (east::integer + e)::text, (north::integer + n)::text
    FROM spots CROSS JOIN generate_series(-1, 1) AS e CROSS JOIN generate_series(-1, 1) AS n
    WHERE north <> ''
)
SELECT near.service, near.started_at, near.enquiry_id FROM near
JOIN spots USING (service, east, north)
WHERE spots.stands AND spots.enquiry_id <> near.enquiry_id
    AND spots.started_at <= near.started_at AND near.started_at <= spots.window_end
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


def rebuild(
    *,
    now: datetime,
    again: bool = False,
    processes: int = 1,
    told: Callable[[int], None] = lambda _: None,
) -> Refreshed:
    """Fold every enquiry anew, in place: readers see what was there until its new row is.

    A batch at a time, each in a transaction of its own. Cut off at any instant, the next call goes
    on where it was (`again`: from the beginning). `told` hears how many enquiries each batch had.
    """
    _frame.cache_clear()
    begun = _begun(again)
    with _hands(processes) as hands:
        changed = _groups(begun, hands, now, told)
        placed = _places(begun, hands, now)
    joined = _joined_since(now)
    _done(begun, now)
    after = projection.refresh(now=now)
    judged = changed + placed + joined + after.judged
    return Refreshed(changed + after.changed, after.matured, judged)


@dataclass(frozen=True, slots=True)
class _Begun:
    """After which group to go on, and where ledger and addresses ended when it all began.

    Kept as words with the database's time: the fold of every few seconds stands back meanwhile.
    """

    last: int
    end: str
    points: int

    def keep(self, last: int) -> None:
        """All groups up to this one are done."""
        words = f"{one_stop.VERSION} {last} {self.end or '-'} {self.points}"
        Cursor.objects.update_or_create(name=REBUILD, defaults={"value": words, "moved_at": Now()})


@transaction.atomic
def _begun(again: bool) -> _Begun:
    Cursor.objects.get_or_create(name=LEDGER)
    row = Cursor.objects.filter(name=REBUILD).first()
    said = row.value.split(" ") if row is not None else []
    if len(said) == 4 and said[0] == one_stop.VERSION and not again:
        begun = _Begun(int(said[1]), said[2].removeprefix("-"), int(said[3]))
    else:
        begun = _Begun(-1, source.end(), customers.queries.last_point())
    begun.keep(begun.last)
    return begun


@transaction.atomic
def _done(begun: _Begun, now: datetime) -> None:
    """The facts are those of these rules, and of all of the ledger as it was at the beginning."""
    Cursor.objects.select_for_update().get(name=LEDGER)
    # Also what was folded since: it may have been tied to what was not.
    _keep(LEDGER, begun.end, now)
    _keep(RULES, one_stop.VERSION, now)
    points = Cursor.objects.filter(name=POINTS).first()
    if points is None or int(points.value or 0) < begun.points:
        _keep(POINTS, str(begun.points), now)
    Cursor.objects.filter(name=REBUILD).delete()


def _keep(name: str, value: str, now: datetime) -> None:
    Cursor.objects.update_or_create(name=name, defaults={"value": value, "moved_at": now})


@dataclass(frozen=True, slots=True)
class _Hands:
    """Who folds: `submit` gives them work, of which so much may wait for its end."""

    submit: Callable[..., Future[int]]
    ahead: int


def _at_once(work: Callable[..., int], *given: object) -> Future[int]:
    """Done by this process."""
    done: Future[int] = Future()
    done.set_result(work(*given))
    return done


@contextmanager
def _hands(processes: int) -> Iterator[_Hands]:
    if processes < 2:
        yield _Hands(_at_once, 1)
        return
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, django.setup) as pool:
        try:
            yield _Hands(lambda *work: pool.submit(_elsewhere, name, *work), processes * _AHEAD)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _elsewhere(database: str, work: Callable[..., int], *given: object) -> int:
    """Done by a process of its own, which found the database's name in its surroundings."""
    connection.settings_dict["NAME"] = database
    return work(*given)


@cache
def _frame() -> Ledger:
    return gathering.framed()


def _groups(begun: _Begun, hands: _Hands, now: datetime, told: Callable[[int], None]) -> int:
    """Whole groups, those first that are not done; how many enquiries that were."""
    tied = groups.Groups()
    for one, other in ledger_pairs.pairs():
        tied.join(one, other)
    left = (
        (last, ids) for last, ids in groups.batches(tied, _every_id(), BATCH) if last > begun.last
    )
    changed = 0
    waiting: deque[tuple[int, int, Future[int]]] = deque()

    def is_kept() -> int:
        last, count, done = waiting.popleft()
        done.result()
        begun.keep(last)
        told(count)
        return count

    for last, ids in left:
        waiting.append((last, len(ids), hands.submit(fold_groups, ids, now)))
        while len(waiting) >= hands.ahead:
            changed += is_kept()
    while waiting:
        changed += is_kept()
    return changed


def _every_id() -> Iterator[int]:
    for ids in _pages():
        yield from ids


def _pages() -> Iterator[list[int]]:
    last = 0
    while ids := source.all_ids(last, 20_000):
        yield ids
        last = ids[-1]


def _joined_since(now: datetime) -> int:
    """Enquiries without a fact: those that were tied, while we were cut off, to what was done."""
    judged = 0
    for ids in _pages():
        facts = EnquiryFact.objects.filter(pk__gte=ids[0], pk__lte=ids[-1]).values_list(
            "pk", flat=True
        )
        for left in projection.batches(set(ids).difference(facts)):
            with _stand_back():
                judged += projection.fold(left, _frame(), now)
    return judged


def fold_groups(ids: Collection[int], now: datetime) -> int:
    """Judge whole groups, and keep their facts; how many have a verdict."""
    with _stand_back():
        found = gathering.Gathered(_frame())
        found.read(ids)
        now, verdicts = projection.judged(found, now)
        return projection.keep_judged(found, verdicts, found.known, now)


@contextmanager
def _stand_back() -> Iterator[None]:
    """A transaction in which nobody folds but those who rebuild."""
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("SELECT FROM metrics_cursor WHERE name = %s FOR SHARE", [LEDGER])
        yield


def _places(begun: _Begun, hands: _Hands, now: datetime) -> int:
    """Reports of places that others told of; each service by itself, the largest first."""
    by_service: dict[str, list[int]] = defaultdict(list)
    for service, _, enquiry in ledger_pairs.rows(_PLACED):
        by_service[service].append(enquiry)
    work = sorted(by_service.values(), key=len, reverse=True)
    judged = 0
    for task in as_completed([hands.submit(fold_places, ids, now) for ids in work]):
        judged += task.result()
        begun.keep(_ALL)
    return judged


def fold_places(ids: Iterable[int], now: datetime) -> int:
    """Judge reports of one service in the order in which they came; how many they were.

    Facts of all that came before are right by then, and say what they are.
    """
    left, judged = iter(ids), 0
    while batch := list(islice(left, BATCH)):
        with _stand_back():
            found = gathering.Gathered(_frame())
            found.add({*batch, *gathering.earlier(gathering.kept_spots(batch))})
            given = gathering.given(found.known.difference(batch))
            moment, verdicts = projection.judged(found, now, given)
            judged += projection.keep_judged(found, verdicts, set(batch), moment)
    return judged
