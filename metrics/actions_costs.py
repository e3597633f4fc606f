"""What a contact costs, as each partner enters it: published figures differ five- to tenfold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

import accounts.queries
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from enquiries.channels import Channel
from metrics.models import UnitCost

MOST = Decimal(10_000)
_PENNY = Decimal("0.01")


class CostRefused(DomainError):
    code = "cost_refused"


@transaction.atomic
def enter(
    *, organisation: str, channel: str, pounds: Decimal, since: date, viewer: Viewer, now: datetime
) -> None:
    """From a day on a contact of this channel costs its taker so much; said again, it is mended.

    The hub may enter anybody's, a partner its own. Raises CostRefused.
    """
    body = accounts.queries.organisation(organisation)
    is_theirs = viewer.is_hub or viewer.organisation_slug == organisation
    if body is None or not is_theirs or not viewer.may(Permission.ENTER_COSTS):
        raise CostRefused("Choose your own organisation")
    if channel not in set(Channel):
        raise CostRefused("Choose a channel from the list")
    if not pounds.is_finite() or not 0 <= pounds <= MOST:
        raise CostRefused("Enter an amount in pounds, such as 4.50")
    UnitCost.objects.update_or_create(
        organisation_id=body.pk,
        channel=channel,
        since=since,
        defaults={
            "pounds": pounds.quantize(_PENNY),
            "entered_by": viewer.name[:120],
            "entered_at": now,
        },
    )
    audit.record(
        "cost.entered",
        actor=viewer.actor,
        target=f"organisation:{organisation}",
        at=now,
        data={"channel": channel, "pounds": str(pounds.quantize(_PENNY)), "since": str(since)},
    )
