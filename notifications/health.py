"""Which carriers are ill: told by their answers, kept as rows, asked anew by one message at a time.

A carrier that has failed too often within a minute is ill. Then others carry what waits, and every
half minute one message is tried with it; when it answers that one, it is well. No row: it is well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection

from core import audit
from core.audit import SYSTEM
from core.privacy import redact_text
from notifications.models import Attempt, CarrierHealth

# No clear answer, or surely not taken; a refusal is a clear answer, and "not so fast" no illness.
BAD = frozenset({"later", "unclear"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many failures on a carrier is ill, within how long.

    One that hangs fails seldom, because it keeps the workers waiting: so many seconds that were
    waited in vain within that time are as bad as so many failures.
    """

    failures: int
    within: timedelta
    waited: timedelta
    probe_every: timedelta
    # Fewer than so many in a hundred are a bad minute of a busy day, whatever their number.
    share: int = 20


def limits() -> Limits:
    """As the settings say."""
    return Limits(
        settings.CARRIER_ILL_AFTER,
        timedelta(seconds=settings.CARRIER_ILL_WITHIN_SECONDS),
        timedelta(seconds=settings.CARRIER_ILL_AFTER_WAITING_SECONDS),
        timedelta(seconds=settings.CARRIER_PROBE_EVERY_SECONDS),
        settings.CARRIER_ILL_SHARE_PERCENT,
    )


def is_much(took_ms: Sequence[int], bounds: Limits) -> bool:
    """Whether failures that took so long each, all within the time that counts, are many."""
    waited = timedelta(milliseconds=sum(took_ms))
    return len(took_ms) >= bounds.failures or waited >= bounds.waited


def is_share(failures: int, tried: int, bounds: Limits) -> bool:
    """Whether so many failures are more than a busy day has, of all that was tried meanwhile."""
    return failures * 100 >= tried * bounds.share


def ill(carriers: Iterable[str]) -> frozenset[str]:
    """Those of these carriers that are ill."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT carrier FROM notifications_carrierhealth"
            " WHERE carrier = ANY(%s) AND ill_since IS NOT NULL",
            [list(carriers)],
        )
        return frozenset(carrier for (carrier,) in cursor.fetchall())


def claim_probe(carrier: str, *, now: datetime, is_urgent: bool = False) -> bool:
    """Whether the asker's message is the one that is tried with an ill carrier now.

    One that somebody waits for is spared, unless for another half minute nothing else has come.
    """
    every = limits().probe_every
    claimed = CarrierHealth.objects.filter(
        carrier=carrier,
        ill_since__isnull=False,
        probe_at__lte=now - every if is_urgent else now,
    ).update(probe_at=now + every)
    return claimed == 1


def heard_bad(carrier: str, why: str, *, was_probe: bool, now: datetime) -> None:
    """A hand-over failed: the carrier may be ill from now on."""
    bounds = limits()
    if was_probe:
        return
    known = CarrierHealth.objects.filter(carrier=carrier).first()
    if known is not None and known.ill_since is not None:
        return
    since = now - bounds.within
    if known is not None and known.well_since is not None:
        # What was sent before it got well again says nothing of how it is now.
        since = max(since, known.well_since)
    recent = Attempt.objects.filter(carrier=carrier, at__gt=since)
    bad = recent.filter(result__in=sorted(BAD)).order_by("-at")
    took = list(bad.values_list("took_ms", flat=True)[: bounds.failures])
    if not is_much(took, bounds) or not is_share(bad.count(), recent.count(), bounds):
        return
    CarrierHealth.objects.bulk_create([CarrierHealth(carrier=carrier)], ignore_conflicts=True)
    first = CarrierHealth.objects.filter(carrier=carrier, ill_since__isnull=True).update(
        ill_since=now, probe_at=now + bounds.probe_every, why=redact_text(why)[:200]
    )
    if first:
        failures = len(took)
        audit.record("carrier.ill", actor=SYSTEM, target=carrier, at=now,
                     data={"failures": failures})  # fmt: skip
        log.error("carrier.ill", carrier=carrier, failures=failures, why=redact_text(why)[:200])


def heard_well(carrier: str, *, now: datetime) -> None:
    """The message that was tried with an ill carrier got a clear answer: all may go there again."""
    row = CarrierHealth.objects.filter(carrier=carrier, ill_since__isnull=False).first()
    if row is None:
        return
    done = CarrierHealth.objects.filter(carrier=carrier, ill_since=row.ill_since).update(
        ill_since=None, probe_at=None, well_since=now, why=""
    )
    if done and row.ill_since is not None:
        seconds = round((now - row.ill_since).total_seconds())
        audit.record("carrier.well", actor=SYSTEM, target=carrier, at=now,
                     data={"ill_for_seconds": seconds})  # fmt: skip
        log.warning("carrier.well", carrier=carrier, ill_for_seconds=seconds)
