"""Contacts that nobody has wrapped up: their agents are reminded, and then their leader sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from core import live
from enquiries.models import Contact
from enquiries.queries.reminders import OVERDUE, SITTING

# So long after it stands on its agent's pages, and again after so long.
FIRST, AGAIN = OVERDUE, timedelta(hours=1)
MOST = 3
_BATCH = 500


@transaction.atomic
def chase(*, now: datetime) -> int:
    """Reminds agents of what they have parked, at most three times. Returns of how many contacts.

    A run that is killed has reminded nobody or everybody; another one right after it nobody.
    """
    since = Coalesce(F("parked_at"), F("started_at") + SITTING)
    due = Q(chased_at=None, since__lte=now - FIRST) | Q(chased_at__lte=now - AGAIN)
    rows = (
        Contact.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .filter(ended_at=None, agent__isnull=False, chases__lt=MOST)
        .annotate(since=since)
        .filter(due)
        .order_by("started_at", "pk")[:_BATCH]
    )
    found = list(rows)
    ids = [row.pk for row in found]
    Contact.objects.filter(pk__in=ids).update(chased_at=now, chases=F("chases") + 1)
    for agent in sorted({row.agent_id for row in found if row.agent_id is not None}):
        live.say(f"staff:{agent}", {"what": "unfinished"})
    return len(ids)
