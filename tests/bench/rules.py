"""Intake and triage with twenty routing rules and with two thousand, turn about in one run."""

from __future__ import annotations

import statistics
import time
import uuid
from datetime import UTC, datetime
from typing import Any

FEW, MANY = 20, 2_000
ROUNDS, EACH = 6, 40


def routing() -> dict[str, Any]:
    """The ratio of the medians, also of this process's own time alone; the bound is 1.3.

    Publishes versions, and the one before again. The deciding rule is the last of each list. Of two
    thousand every fifth is about the service that is asked for: four hundred are walked through
    before one fits.
    """
    from core.audit import SYSTEM
    from enquiries.actions import versions
    from enquiries.models import RuleSet
    from enquiries.queries import versions as reading

    before = reading.live_number(datetime.now(UTC))
    took: dict[int, list[tuple[float, float]]] = {FEW: [], MANY: []}
    first: list[float] = []
    for _ in range(ROUNDS):
        for count in (FEW, MANY):
            now = datetime.now(UTC)
            versions.publish_rows(_rules(count), name=f"{count} rules", actor=SYSTEM, now=now)
            reading_them, _ = _one()
            if count == MANY:
                first.append(reading_them)
            took[count] += [_one() for _ in range(EACH)]
    if before is not None:
        rules = versions.copies(RuleSet.objects.get(number=before))
        versions.publish_rows(rules, name="As before", actor=SYSTEM, now=datetime.now(UTC))
    (few, few_own), (many, many_own) = (_medians(took[count]) for count in (FEW, MANY))
    return {
        "few_ms": round(few * 1000, 2),
        "many_ms": round(many * 1000, 2),
        "ratio": round(many / few, 3),
        "ratio_own_time": round(many_own / few_own, 3),
        "first_after_publishing_ms": round(statistics.median(first) * 1000, 1),
        "n": ROUNDS * EACH,
    }


def _rules(count: int) -> list[Any]:
    """So many rules, unsaved; the last one decides about a hole in the road."""
    import accounts.queries
    import kb.queries
    from enquiries.models import RoutingRule

    body = accounts.queries.organisation("worcestershire-county")
    hole = kb.queries.service("pothole")
    if body is None or hole is None:
        raise SystemExit("The demo has no county, or no potholes")
    others = [one for one in kb.queries.services() if one.pk != hole.pk]
    areas = sorted(accounts.queries.area_codes())
    rules = [
        RoutingRule(
            position=position,
            service=hole if position % 5 == 0 else others[position % len(others)],
            area_code=areas[position % len(areas)],
            answers={"road": ["motorway"]} if position % 2 else {},
            channels=["sms"],
            organisation=body,
        )
        for position in range(1, count)
    ]
    return [*rules, RoutingRule(position=count, service=hole, organisation=body)]


def _medians(samples: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(one for one, _ in samples), statistics.median(
        own for _, own in samples
    )


def _one() -> tuple[float, float]:
    """Seconds for one enquiry through intake and triage: on the wall, and of this process."""
    from enquiries import intake
    from enquiries.actions import triage
    from enquiries.channels import Channel
    from enquiries.inbound import InboundContact, Need, Place, Sender

    at = datetime.now(UTC)
    began, own = time.perf_counter(), time.process_time()
    received = intake.receive(
        InboundContact(
            channel=Channel.WEB,
            external_id=uuid.uuid4().hex,
            received_at=at,
            needs=(Need("A hole", service="pothole", place=Place("WR1 3EZ")),),
            sender=Sender(name="Bench", email=f"{uuid.uuid4().hex}@example.com"),
        ),
        now=at,
    )
    triage.triage(enquiry_id=received.enquiries[0].enquiry_id, now=at)
    return time.perf_counter() - began, time.process_time() - own
