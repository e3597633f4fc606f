"""Alerts of somebody as a page shows them; that somebody read one that not all may is kept."""

from __future__ import annotations

from datetime import datetime

import customers.queries_lives
from accounts.permissions import Viewer
from core import audit
from customers.queries import PersonRow
from customers.queries_lives import AlertShown
from enquiries.queries import people_story


def read(who: Viewer, shown: PersonRow, now: datetime) -> list[AlertShown]:
    """What a viewer reads of somebody's alerts; that they read one that not all may is kept."""
    handles = people_story.handles(who, shown.id)
    alerts = customers.queries_lives.alerts(who, shown.id, handles=handles)
    for one in alerts:
        if one.may_read and one.is_restricted:
            audit.record(
                "alert.viewed",
                actor=who.actor,
                target=f"person:{shown.public_id}",
                at=now,
                data={"alert": str(one.public_id), "kind": one.kind},
            )
    return alerts
