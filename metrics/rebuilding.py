"""Every fact folded anew, by as many processes as there are cores, while readers see the old ones.

First whole groups of what is tied (`metrics.groups`), in any order: no group knows another. Then,
each service by itself in the order of time, reports that may be another party's of an earlier one
at the same place (R20), which alone hang on other groups: who is near is found in what the facts
say (`metrics.same_place`), and only what is another's report again is judged anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.db.models.functions import Now

import customers.queries
import enquiries.queries.ledger as source
from core.processes import Hands, hands
from enquiries.queries import ledger_pairs
from metrics import gathering, groups, linking, one_stop, projection, reading, same_place
from metrics.facts import Ledger
from metrics.models import Cursor, EnquiryFact
from metrics.one_stop import Kind
from metrics.projection import LEDGER, POINTS, REBUILD, RULES, Refreshed
from metrics.same_place import DUPLICATE, Near, Report

BATCH = 500
# No group goes by a number as high as this.
_ALL = 1 << 62

# Facts of one service that have a place, with it.
_REPORTS = """
SELECT * FROM (
    SELECT enquiry_id, started_at, first_contact, window_end, verdict, reason,
        ARRAY(SELECT tie FROM unnest(ties) AS tie WHERE starts_with(tie, 'g:')) AS places
    FROM metrics_enquiryfact WHERE service = %s
) AS told WHERE places <> '{}'"""


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
    with hands(processes) as many:
        tied = _tied()
        changed = _groups(begun, tied, many, now, told)
        placed = _places(begun, tied, many, now)
    joined = _joined_since(now)
    _done(begun, now)
    after = projection.refresh(now=now)
    judged = changed + placed + joined + after.judged
    return Refreshed(changed + after.changed, after.matured, judged)


@dataclass(frozen=True, slots=True)
class _Begun:
    """After which group to go on, or then after which service's places, and where ledger and
    addresses ended when it all began.

    Kept as words with the database's time: the fold of every few seconds stands back meanwhile.
    """

    last: int
    end: str
    points: int
    service: str = ""

    def keep(self, last: int, service: str = "") -> None:
        """All groups up to this one are done, and all services up to this one."""
        words = f"{one_stop.VERSION} {last} {self.end or '-'} {self.points} {service}"
        Cursor.objects.update_or_create(name=REBUILD, defaults={"value": words, "moved_at": Now()})

    def is_heard(self) -> None:
        """Nothing more is done, but somebody is at it."""
        Cursor.objects.filter(name=REBUILD).update(moved_at=Now())


@transaction.atomic
def _begun(again: bool) -> _Begun:
    Cursor.objects.get_or_create(name=LEDGER)
    row = Cursor.objects.filter(name=REBUILD).first()
    said = row.value.split(" ", 4) if row is not None else []
    if len(said) == 5 and said[0] == one_stop.VERSION and not again:
        begun = _Begun(int(said[1]), said[2].removeprefix("-"), int(said[3]), said[4])
    else:
        begun = _Begun(-1, source.end(), customers.queries.last_point())
    begun.keep(begun.last, begun.service)
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


@cache
def _frame() -> Ledger:
    return gathering.framed()


def _tied() -> groups.Groups:
    """What hangs together, as the ledger says it now."""
    tied = groups.Groups()
    for one, other in ledger_pairs.pairs():
        tied.join(one, other)
    return tied


def _groups(
    begun: _Begun, tied: groups.Groups, many: Hands, now: datetime, told: Callable[[int], None]
) -> int:
    """Whole groups, those first that are not done; how many enquiries that were."""
    left = (
        ((last, len(ids)), (ids, now))
        for last, ids in groups.batches(tied, _every_id(), BATCH)
        if last > begun.last
    )
    changed = 0
    for (last, count), _ in many.each(fold_groups, left, begun.is_heard):
        begun.keep(last)
        told(count)
        changed += count
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


def _places(begun: _Begun, tied: groups.Groups, many: Hands, now: datetime) -> int:
    """Reports of places that others told of: each service by itself, in the order of names."""
    services = sorted(key for key, one in _frame().services.items() if one.subject == "place")
    left = (
        (service, (list(same_place.near(_reports(service), tied.of)), now))
        for service in services
        if service > begun.service
    )
    judged = 0
    for service, count in many.each(fold_places, left, begun.is_heard):
        begun.keep(_ALL, service)
        judged += count
    return judged


def _reports(service: str) -> Iterator[Report]:
    return map(Report._make, ledger_pairs.rows(_REPORTS, [service]))


def fold_places(told: Sequence[Near], now: datetime) -> int:
    """Say of reports of one service, in the order in which they came, which are others' again; how
    many had to be judged anew for that.

    Facts of all that came before are right by then, and say what they are.
    """
    judged = 0
    for start in range(0, len(told), BATCH):
        with _stand_back():
            twins, unsure = _looked_at(told[start : start + BATCH])
            if twins:
                found = gathering.Gathered(_frame())
                found.add(twins)
                given = gathering.given(found.known) | {str(key): True for key in twins}
                judged += _kept(found, twins, given, now)
            if unsure:
                found = gathering.Gathered(_frame())
                found.add({*unsure, *gathering.earlier(gathering.kept_spots(unsure))})
                judged += _kept(found, unsure, gathering.given(found.known - unsure), now)
    return judged


def _kept(
    found: gathering.Gathered, ids: set[int], given: Mapping[str, bool], now: datetime
) -> int:
    moment, verdicts = projection.judged(found, now, given)
    return projection.keep_judged(found, verdicts, ids, moment)


def _looked_at(told: Sequence[Near]) -> tuple[set[int], set[int]]:
    """Which of these are another party's report again, and do not say so; and of which only a walk
    through the whole ledger of all of them tells, because one of their own group is near."""
    mine = {one.enquiry for one in told}
    keys = mine.union(*(one.others for one in told))
    rows = EnquiryFact.objects.filter(pk__in=keys).values_list("pk", "verdict", "reason")
    said = {key: (verdict, reason) for key, verdict, reason in rows}
    needs = reading.read(source.needs(sorted(keys)), within=_frame()).enquiries
    stands = {key for key, (verdict, _) in said.items() if verdict != Kind.EXCLUDED.value}
    twins: set[int] = set()
    unsure: set[int] = set()
    for one in told:
        place = needs[str(one.enquiry)].place
        if one.of_own or place is None or not unsure.isdisjoint(one.others):
            unsure.add(one.enquiry)
            continue
        is_twin = any(
            linking.one_spot(place, needs[str(other)].place)
            for other in stands.intersection(one.others)
        )
        is_said = said[one.enquiry][1] == DUPLICATE
        if is_twin and not is_said:
            twins.add(one.enquiry)
            stands.discard(one.enquiry)
        elif is_said and not is_twin:
            unsure.add(one.enquiry)
    return twins, unsure
