"""The share of messages handed over within ten seconds of being due, by day in London.

Due is when it was asked for, or when the hours or the limit that held it were over. Letters count
when they are handed to who prints them. What newer news overtook was never due; a message that was
sent again because of a refusal counts once, by its first.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest

from notifications.lifecycle import State
from notifications.models import HandoverDay, Notification
from notifications.outcomes import AGAIN

PROMPT = timedelta(seconds=10)
# A message can be held over a night and a bank holiday's morning, no longer.
HELD_AT_MOST = timedelta(days=3)
# Answers within the request of a text are handed over by being given.
ANSWER = "answer"


def fold(*, now: datetime) -> None:
    """Writes the figures of today and of the day before; running it again changes nothing."""
    today = now.astimezone(_zone()).date()
    for day in (today - timedelta(days=1), today):
        _fold_day(day, now=now)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _fold_day(day: date, *, now: datetime) -> None:
    since = datetime.combine(day, time.min, _zone())
    until = datetime.combine(day + timedelta(days=1), time.min, _zone())
    found = (
        _due(since, until)
        .values("medium")
        .order_by("medium")
        .annotate(
            asked=Count("pk", filter=Q(handed__isnull=False) | Q(due__lt=now - PROMPT)),
            prompt=Count("pk", filter=Q(handed__lte=F("due") + PROMPT)),
        )
    )
    rows = [
        HandoverDay(day=day, medium=row["medium"], due=row["asked"], prompt=row["prompt"])
        for row in found
    ]
    HandoverDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day", "medium"],
        update_fields=["due", "prompt"],
    )


def _due(since: datetime, until: datetime) -> QuerySet[Notification]:
    refused = When(Q(state=State.FAILED, attempts__gt=0), then=F("settled_at"))
    return (
        Notification.objects.filter(created_at__gte=since - HELD_AT_MOST, created_at__lt=until)
        .exclude(state=State.OVERTAKEN)
        .exclude(provider=ANSWER)
        .exclude(key__endswith=AGAIN)
        .annotate(
            # GREATEST of PostgreSQL passes over what is not known.
            due=Greatest("created_at", "hold_until"),
            handed=Coalesce("sent_at", Case(refused, default=None, output_field=DateTimeField())),
        )
        .filter(due__gte=since, due__lt=until)
    )
