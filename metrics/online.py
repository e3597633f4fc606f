"""What can be done online, written down by day and partner (BVPI 157): types, never use."""

from __future__ import annotations

from datetime import date, datetime

import accounts.queries
import kb.queries_interactions
from enquiries.clocks import london_date
from metrics.models import OnlineDay
from metrics.value import Electronic

# Every body does these services for itself.
_EVERYBODYS = "all"


def keep(now: datetime) -> None:
    """Writes what the catalogue offers today for each partner; again on a day, it is written over.

    A service is a partner's if it is of its tier, or of every tier.
    """
    pairs = kb.queries_interactions.interactions()
    rows = []
    for body in accounts.queries.organisations(acting=True):
        mine = [one for one in pairs if one.tier in (body.kind, _EVERYBODYS) and one.permissible]
        if mine:
            rows.append(
                OnlineDay(
                    day=london_date(now),
                    organisation_id=body.pk,
                    permissible=len(mine),
                    enabled=sum(one.enabled for one in mine),
                )
            )
    OnlineDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "day"],
        update_fields=["permissible", "enabled"],
    )


def known(day: date) -> list[Electronic]:
    """The last snapshot of each partner on or before a day, by the partner's slug."""
    rows = (
        OnlineDay.objects.filter(day__lte=day)
        .order_by("organisation_id", "-day")
        .distinct("organisation_id")
        .values_list("organisation__slug", "day", "permissible", "enabled")
    )
    return sorted((Electronic(*row) for row in rows), key=lambda one: one.organisation)


def snapshots(organisation: str) -> list[Electronic]:
    """Every day on which a partner's was written down, the oldest first."""
    rows = OnlineDay.objects.filter(organisation__slug=organisation).order_by("day")
    return [
        Electronic(*row)
        for row in rows.values_list("organisation__slug", "day", "permissible", "enabled")
    ]
