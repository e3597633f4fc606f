"""In whose hours the promise of a case is counted: those that its clock runs on, which stay when
the case goes into other hands. One number is said of it, wherever it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from enquiries.clocks import Calendar
from enquiries.lifecycle import ENDED, ClockKind, Status
from enquiries.models import Clock
from enquiries.queries import timeleft
from enquiries.queries.timeleft import NO_DATE, PAUSED, TimeLeft

OF_CITIZEN = [ClockKind.RESOLUTION.value, ClockKind.FINAL.value]


def of_case() -> Subquery:
    """The clock of the promise of each case of a list: its organisation, its team's own hours and
    whether it counts all time; null where none runs. The one after a reopening goes first."""
    rows = Clock.objects.filter(enquiry_id=OuterRef("pk"), referral=None)
    rows = rows.filter(kind__in=OF_CITIZEN).order_by("kind")
    # Not joined: hardly any clock runs on a team's own hours.
    team: Any = Clock._meta.get_field("team").related_model
    hours = Subquery(team.objects.filter(pk=OuterRef("team_id")).order_by().values("calendar")[:1])
    said = JSONObject(owner="organisation_id", team=hours, elapsed="elapsed")
    return Subquery(rows.values(said=said)[:1])


def left(due_at: datetime | None, status: str, now: datetime, hours: Calendar) -> TimeLeft:
    """What is left of the promise of a case; nothing once it ended."""
    if status in ENDED or due_at is None:
        return NO_DATE
    if status == Status.WAITING.value:
        return PAUSED
    return timeleft.left(due_at, now, hours)
