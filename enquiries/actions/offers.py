"""Work sent to an organisation, or kept in the hub's own queue."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

import accounts.queries
from accounts.permissions import Viewer
from core.audit import Actor
from core.errors import DomainError
from enquiries import events
from enquiries.actions import deadlines, disputes, promising, resolutions, telling
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow, Status
from enquiries.models import Enquiry, Referral
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries.access import for_desk

if TYPE_CHECKING:
    from accounts.models import Organisation, Team


class NobodyToReferTo(DomainError):
    code = "organisation_unknown"


def refer(
    enquiry: Enquiry,
    *,
    owner: Organisation,
    team_id: int | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Referral | None:
    """Offers a locked enquiry to an organisation, which owns it from now on.

    None when they rejected it before: then the duty manager decides, and their offer stands.
    """
    if disputes.goes_round(enquiry, owner):
        disputes.begin(enquiry, now=now, back_to=owner)
        return None
    team = accounts.queries.team(team_id) or accounts.queries.default_team(owner.pk)
    enquiry.owner, enquiry.team, enquiry.assignee = owner, team, None
    enquiry.routing_reason = reason[:300]
    saving = ["owner", "team", "assignee", "routing_reason"]
    if enquiry.disputed_at is not None:
        enquiry.disputed_at = None
        saving.append("disputed_at")
    referral = _offered(enquiry, owner, team, reason=reason, now=now)
    waited = enquiry.status == Status.WAITING.value
    events.move(
        enquiry,
        Status.REFERRED,
        EventType.REFERRED,
        actor=actor,
        at=now,
        saving=saving,
        **_said_of(referral),
    )
    if waited:
        deadlines.turned(enquiry, at=now)
    telling.offered(enquiry, referral, now=now)
    return referral


def _offered(
    enquiry: Enquiry, owner: Organisation, team: Team | None, *, reason: str, now: datetime
) -> Referral:
    referral = Referral(
        enquiry=enquiry, organisation=owner, team=team, reason=reason[:300], offered_at=now
    )
    deadlines.offered(referral, now=now)
    return referral


def _said_of(referral: Referral) -> dict[str, Any]:
    return {
        "to": referral.organisation.slug,
        "organisation": referral.organisation.name,
        "team": referral.team.name if referral.team else "",
        "reason": referral.reason,
    }


def refer_beside(
    enquiry: Enquiry,
    *,
    owner: Organisation,
    team_id: int | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Referral:
    """Offers a part of the work to one more organisation; whoever has the case keeps it."""
    if enquiry.referrals.filter(organisation=owner, status__in=LIVE_REFERRAL).exists():
        raise NotNow(f"{owner.name} has it already")
    if disputes.was_rejected_by(enquiry, owner):
        raise NotNow(f"{owner.name} rejected it. Send it there alone, and a duty manager decides")
    team = accounts.queries.team(team_id) or accounts.queries.default_team(owner.pk)
    referral = _offered(enquiry, owner, team, reason=reason, now=now)
    said = {**_said_of(referral), "beside": True}
    if enquiry.status == Status.WAITING.value:
        said["waits"] = True
    events.record(enquiry, EventType.REFERRED, actor=actor, at=now, **said)
    telling.offered(enquiry, referral, now=now)
    return referral


def keep(
    enquiry: Enquiry, *, team_id: int | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Puts a locked enquiry into the hub's own queue, with the reason."""
    hub = accounts.queries.hub()
    enquiry.owner = hub
    enquiry.team = accounts.queries.team(team_id) or accounts.queries.default_team(hub.pk)
    enquiry.routing_reason = reason[:300]
    events.move(
        enquiry,
        Status.OPEN,
        EventType.TRIAGED,
        actor=actor,
        at=now,
        found="In the hub's own queue",
        reason=reason,
        saving=["owner", "team", "routing_reason"],
    )
    deadlines.turned(enquiry, at=now)


def take_back(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    """Ends every live offer of a locked enquiry, so that it can be sent elsewhere."""
    resolutions.withdraw_offers(enquiry, actor=actor, now=now)


@transaction.atomic
def offer(
    *,
    reference: str,
    viewer: Viewer,
    organisation: str,
    reason: str,
    now: datetime,
    team_id: int | None = None,
    alongside: bool = False,
) -> uuid.UUID | None:
    """An agent sends a case to an organisation by hand; `alongside` leaves it with who has it too.

    None when they rejected it before: a duty manager decides then. Raises NoSuchCase, NotNow,
    NobodyToReferTo.
    """
    enquiry = for_desk(viewer, reference)
    owner = accounts.queries.organisation(organisation)
    if owner is None or owner.is_hub or not owner.is_active:
        raise NobodyToReferTo("Choose an organisation to send it to")
    team = accounts.queries.team(team_id)
    if team is not None and team.organisation_id != owner.pk:
        raise NobodyToReferTo(f"Choose a team of {owner.name}")
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you send it on")
    words = reason.strip() or f"Sent by {viewer.name}"
    send = refer
    if alongside and enquiry.referrals.filter(status__in=LIVE_REFERRAL).exists():
        send = refer_beside
    else:
        take_back(enquiry, actor=viewer.actor, now=now)
        # Handed off, opened again and sent here by hand: nothing was promised yet.
        promising.promise(enquiry, owner, team, actor=viewer.actor, now=now)
    referral = send(
        enquiry, owner=owner, team_id=team_id, reason=words, actor=viewer.actor, now=now
    )
    return referral.public_id if referral is not None else None
