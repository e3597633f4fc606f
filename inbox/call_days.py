"""The calls of each London day counted, before they are forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from inbox.calls import REDIAL, UNANSWERED, Direction
from inbox.models import Call, CallDay

PROMPT = timedelta(seconds=20)
# News of a call comes hours later at most; whoever rings again has two hours for it.
_ANEW = timedelta(days=2)


def fold(*, now: datetime) -> None:
    """Writes the figures of today and of the two days before; running it again changes nothing."""
    since = timezone.localdate(now) - _ANEW
    begins = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    calls = Call.objects.filter(direction=Direction.INBOUND.value)
    again = calls.filter(
        caller_hash=OuterRef("caller_hash"),
        rang_at__gt=OuterRef("rang_at"),
        rang_at__lte=OuterRef("ended_at") + REDIAL,
    ).exclude(caller_hash="")
    closed = Q(heard__has_key="closed", answered_at=None)
    found = (
        calls.filter(rang_at__gte=begins, rang_at__lte=now)
        .exclude(closed)
        .order_by()
        .annotate(day=TruncDate("rang_at"), again=Exists(again))
        .values("day")
        .annotate(
            rang=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            prompt=Count("pk", filter=Q(answered_at__lte=F("rang_at") + PROMPT)),
            given_up=Count("pk", filter=Q(state__in=list(UNANSWERED), again=False)),
        )
    )
    CallDay.objects.bulk_create(
        [CallDay(**row) for row in found],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["rang", "answered", "prompt", "given_up"],
    )


def days(since: date, until: date) -> list[CallDay]:
    """The days from one to before another on which somebody rang, the oldest first."""
    return list(CallDay.objects.filter(day__gte=since, day__lt=until))
