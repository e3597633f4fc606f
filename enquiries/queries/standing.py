"""What was promised and still stands: for those who are about to change when people work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count

from accounts.permissions import Permission, Viewer
from enquiries.lifecycle import LIVE
from enquiries.models import Enquiry


def promised_days(
    viewer: Viewer,
    *,
    since: date,
    organisation_id: int | None = None,
    team_id: int | None = None,
    but_teams: Collection[int] = (),
) -> dict[date, int]:
    """How many open enquiries are promised for each day from a day on.

    Of everybody, of an organisation but for some of its teams, or of one team. Administrators
    of the hub alone are told: nobody else changes hours.
    """
    if not viewer.may(Permission.ADMINISTER):
        return {}
    rows = Enquiry.objects.filter(
        status__in=[status.value for status in LIVE], promised_on__gte=since
    )
    if organisation_id is not None:
        rows = rows.filter(owner_id=organisation_id).exclude(team_id__in=list(but_teams))
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    counted = rows.order_by().values_list("promised_on").annotate(number=Count("pk"))
    return {day: number for day, number in counted if day is not None}
