"""Services that another hub's ledger names: ours of that name, or new ones not on offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max

from kb.models import Service

# Beyond every number of the national list.
_FIRST_NUMBER = 900_000


@dataclass(frozen=True, slots=True)
class ToldService:
    """What a ledger says of a service."""

    name: str
    resolution_class: str
    family: str
    promise_wd: int | None
    subject: str


def take(services: Iterable[ToldService]) -> dict[str, int]:
    """Our keys of these services by their names. Those that we know stay as they are."""
    found = dict(Service.objects.values_list("slug", "pk"))
    highest = Service.objects.aggregate(most=Max("lgsl"))["most"] or 0
    number = max(highest, _FIRST_NUMBER)
    rows = []
    for one in services:
        if one.name in found:
            continue
        number += 1
        rows.append(
            Service(
                slug=one.name,
                lgsl=number,
                label=one.name,
                name=one.name,
                group="From a ledger",
                summary="",
                owner_tier="",
                resolution_class=one.resolution_class,
                promise_wd=one.promise_wd,
                location="none",
                subject=one.subject or "person",
                family=one.family[:40],
                is_active=False,
            )
        )
    Service.objects.bulk_create(rows)
    return found | {row.slug: row.pk for row in rows}
