"""What we tell teams about work that was offered to them, once each. Nothing personal."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

import accounts.queries
import notifications.actions
from enquiries.actions.telling import OLD_NEWS, desk_url, moment_words, referral_url
from enquiries.models import Enquiry, Referral


def _send(
    enquiry: Enquiry, event: str, to: str, *, key: str, url: str, now: datetime, **more: str
) -> None:
    if not to or timezone.now() - now > OLD_NEWS:
        return
    notifications.actions.send(
        key=key,
        event=event,
        medium="email",
        to=to,
        context={
            "reference": enquiry.reference,
            "service": enquiry.service.name if enquiry.service else "",
            "desk_url": url,
            **more,
        },
        about=enquiry.reference,
        now=now,
    )


def address_of(referral: Referral) -> str:
    """Where a partner's team reads its mail."""
    return (referral.team.email if referral.team else "") or referral.organisation.email


def lapsed(enquiry: Enquiry, referral: Referral, *, now: datetime) -> None:
    """ "You did not answer in time": the work went back to the hub."""
    to, url = address_of(referral), f"{settings.HUB_BASE_URL}/desk/referrals/"
    _send(enquiry, "lapsed", to, key=f"lapsed:{referral.pk}", url=url, now=now)


def taken_back(enquiry: Enquiry, referral: Referral, *, now: datetime) -> None:
    """ "Nothing more to do": the hub took it back."""
    to, url = address_of(referral), f"{settings.HUB_BASE_URL}/desk/referrals/"
    _send(enquiry, "taken_back", to, key=f"taken_back:{referral.pk}", url=url, now=now)


def moved(enquiry: Enquiry, referral: Referral, *, sequence: int, now: datetime) -> None:
    """Tells a team that colleagues of another team passed work on to it."""
    due = referral.work_due_at if referral.accepted_at else referral.accept_due_at
    words = moment_words(due) if due else ""
    key = f"moved:{referral.pk}:{sequence}"
    url = referral_url(referral)
    _send(enquiry, "moved", address_of(referral), key=key, url=url, due=words, now=now)


def part_left(enquiry: Enquiry, referral: Referral, *, now: datetime) -> None:
    """Tells the hub that one of several is out; what the others do, or have done, is kept."""
    hub = accounts.queries.hub()
    team = accounts.queries.default_team(hub.pk)
    to = (team.email if team else "") or hub.email
    _send(
        enquiry,
        "part_left",
        to,
        key=f"part_left:{referral.pk}",
        url=desk_url(enquiry),
        organisation=referral.organisation.name,
        now=now,
    )


def disputed(enquiry: Enquiry, reasons: str, *, sequence: int, now: datetime) -> None:
    """Tells the duty managers that a case went round, with the reasons from the list."""
    team = enquiry.team
    to = (team.email if team else "") or (enquiry.owner.email if enquiry.owner else "")
    key = f"disputed:{enquiry.pk}:{sequence}"
    _send(enquiry, "disputed", to, key=key, url=desk_url(enquiry), reasons=reasons, now=now)
