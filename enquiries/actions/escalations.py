"""What happens when a promised date passes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import accounts.queries
from core.audit import SYSTEM
from enquiries import events
from enquiries.actions import telling
from enquiries.events import EventType
from enquiries.lifecycle import LIVE, Status
from enquiries.models import Enquiry
from enquiries.models.referrals import LIVE_REFERRAL


@transaction.atomic
def escalate_overdue(*, now: datetime, limit: int = 200) -> int:
    """Says once, on the case and to the team and the hub, that a date was missed."""
    late = list(
        Enquiry.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("service", "owner", "team")
        .filter(
            status__in=[status.value for status in LIVE if status is not Status.WAITING],
            due_at__lt=now,
            escalated_at=None,
        )
        .order_by("due_at", "pk")[:limit]
    )
    hub = accounts.queries.hub() if late else None
    for enquiry in late:
        enquiry.escalated_at = now
        enquiry.save(update_fields=["escalated_at"])
        events.record(enquiry, EventType.ESCALATED, actor=SYSTEM, at=now)
        _tell(enquiry, hub.email if hub else "", now=now)
    return len(late)


def _tell(enquiry: Enquiry, hub_address: str, *, now: datetime) -> None:
    """The team that has it at its own page, the hub at the case, the citizen in plain words."""
    team = enquiry.team.email if enquiry.team else ""
    owner = team or (enquiry.owner.email if enquiry.owner else "")
    referral = enquiry.referrals.filter(status__in=LIVE_REFERRAL).order_by("-pk").first()
    case_url = telling.desk_url(enquiry)
    if owner != hub_address:
        url = telling.referral_url(referral) if referral else case_url
        telling.overdue(enquiry, owner, url=url, now=now)
    telling.overdue(enquiry, hub_address, url=case_url, now=now)
    telling.late(enquiry, now=now)
