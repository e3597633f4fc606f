"""What the demonstration's manager says of figures: what they should be, and what happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import metrics.actions_targets
import metrics.queries_targets
from enquiries.clocks import london_date
from hub.demo.telling import Cast
from metrics.actions_targets import Bounds

# By how many days ago it began, how many days it lasted, and what it was.
HAPPENED = (
    (38, 3, "Flood warnings on the Severn and Teme"),
    (17, 0, "New questions for missed bins"),
)


def show(cast: Cast, *, now: datetime) -> None:
    """Says it once: whatever a manager has said since stays."""
    if metrics.queries_targets.aims(cast.manager):
        return
    today = london_date(now)
    metrics.actions_targets.aim(
        figure="osr",
        organisation="",
        bounds=Bounds(Decimal(80), None, None),
        viewer=cast.manager,
        now=now,
    )
    for ago, lasted, words in HAPPENED:
        day = today - timedelta(days=ago)
        metrics.actions_targets.annotate(
            organisation="",
            day=day,
            until=day + timedelta(days=lasted) if lasted else None,
            words=words,
            viewer=cast.manager,
            now=now,
        )
