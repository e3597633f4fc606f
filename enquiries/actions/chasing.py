"""When people ask, by service: counted every night from the ledger, and set by administrators."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

import kb.queries
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from enquiries import chase_points
from enquiries.models import ChasePoint

# A year: later than that nobody waits any more.
MOST_HOURS = 366 * 24

# From receipt to the first chase of each enquiry, of which that first one lies in the time looked
# at: the median by service.
_MEDIANS = """
    SELECT enquiry.service_id, count(*),
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY extract(epoch FROM item.at - enquiry.received_at)) / 3600.0
    FROM enquiries_contactitem item
    JOIN enquiries_enquiry enquiry ON enquiry.id = item.enquiry_id
    WHERE item.kind = 'chase' AND item.at > %(since)s AND item.at <= %(now)s
      AND item.at >= enquiry.received_at AND enquiry.service_id IS NOT NULL
      AND NOT EXISTS (
          SELECT 1 FROM enquiries_contactitem earlier
          WHERE earlier.enquiry_id = item.enquiry_id AND earlier.kind = 'chase'
            AND (earlier.at, earlier.id) < (item.at, item.id))
    GROUP BY enquiry.service_id
"""


class NotATime(DomainError):
    """Hours that are none, or too many."""

    code = "chase_hours_not_valid"
    field = "own_hours"


class NoSuchService(DomainError):
    code = "service_unknown"


@transaction.atomic
def count(*, now: datetime) -> int:
    """Counts anew when people ask, for every service; how many services have a time of their own.

    All in one transaction: who is killed half way has changed nothing, and the next run does it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS, {"since": now - chase_points.LOOKS_BACK, "now": now})
        medians = {service: (chases, median) for service, chases, median in cursor.fetchall()}
    services = {service.pk: service for service in kb.queries.services()}
    _make_missing(services)
    rows = list(ChasePoint.objects.select_for_update().filter(service_id__in=list(services)))
    for row in rows:
        row.chases, row.median_hours = medians.get(row.service_id, (0, None))
        row.computed_at = now
        _settle(row, services[row.service_id].promise_wd)
    ChasePoint.objects.bulk_update(rows, ["chases", "median_hours", "computed_at", "after"])
    return sum(row.after is not None for row in rows)


def _make_missing(services: Iterable[int]) -> None:
    ChasePoint.objects.bulk_create(
        [ChasePoint(service_id=pk) for pk in services], ignore_conflicts=True
    )


def _settle(row: ChasePoint, promise_wd: int | None) -> None:
    row.after = chase_points.after(
        is_on=row.is_on,
        own_hours=row.own_hours,
        chases=row.chases,
        median_hours=row.median_hours,
        promise_wd=promise_wd,
    )


@transaction.atomic
def set_point(
    *, viewer: Viewer, service: str, is_on: bool, own_hours: int | None, now: datetime
) -> None:
    """Says whether, and when, citizens of a service are told before they ask.

    `own_hours` after receipt; None as the ledger says. Raises NoSuchService, NotATime.
    """
    found = kb.queries.service(service)
    if found is None or not viewer.may(Permission.ADMINISTER):
        raise NoSuchService("There is no such service")
    if own_hours is not None and not 1 <= own_hours <= MOST_HOURS:
        raise NotATime(f"Enter hours from 1 to {MOST_HOURS:,}, or leave it empty")
    _make_missing([found.pk])
    row = ChasePoint.objects.select_for_update().get(service_id=found.pk)
    was = (row.is_on, row.own_hours)
    if was == (is_on, own_hours):
        return
    row.is_on, row.own_hours = is_on, own_hours
    row.changed_at, row.changed_by = now, viewer.name[:120]
    _settle(row, found.promise_wd)
    row.save()
    audit.record(
        "chase_point.set",
        actor=viewer.actor,
        target=f"service:{service}",
        at=now,
        data={"is_on": is_on, "own_hours": own_hours, "was": list(was)},
    )
