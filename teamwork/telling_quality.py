"""Tells the hub's managers, once, that a checked sample found links below what the rate needs."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

import accounts.colleagues
import notifications.actions
from teamwork import quality, quality_rows
from teamwork.models import QualityRound


def tell(round_id: int, *, now: datetime) -> bool:
    """Within the transaction of a mark: whether it was the last one, and there is an alarm.

    The round is held, so that of two last marks at once the later one sees the other.
    """
    row = QualityRound.objects.select_for_update().get(pk=round_id)
    found = quality_rows.figures(row)
    if found.left or not found.low:
        return False
    mail = accounts.colleagues.mail_of(accounts.colleagues.hubs_managers())
    for user, address in mail.items():
        notifications.actions.send(
            key=f"links_low:{row.number}:{user}",
            event="links_low",
            medium="email",
            to=address,
            context={
                "sample": str(row.number),
                "figures": "; ".join(quality.alarms(found)),
                "desk_url": f"{settings.HUB_BASE_URL}/desk/team/quality/",
            },
            about="",
            now=now,
        )
    return True
