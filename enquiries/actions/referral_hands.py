"""Who has a referral within the organisation: a colleague, a team. One has it; others are told."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

import accounts.colleagues
import accounts.queries
from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions import telling_partners
from enquiries.actions.assignments import AlreadyTaken, NotYours
from enquiries.actions.referral_states import AlreadyAnswered
from enquiries.actions.resolutions import WordsMissing
from enquiries.events import EventType
from enquiries.models import Enquiry, Referral
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries.access import referral_locked

MAX_WORDS = 300


class NoColleague(DomainError):
    code = "colleague_unknown"
    field = "colleague"


class NoSuchTeam(DomainError):
    code = "team_unknown"
    field = "team"


def _live(viewer: Viewer, public_id: uuid.UUID) -> tuple[Referral, Enquiry]:
    referral, enquiry = referral_locked(viewer, public_id)
    if referral.status not in LIVE_REFERRAL:
        raise AlreadyAnswered(f"This referral is {referral.status}, so nobody has it any more")
    return referral, enquiry


def _give(
    referral: Referral,
    enquiry: Enquiry,
    user_id: int | None,
    *,
    name: str,
    viewer: Viewer,
    now: datetime,
    words: str = "",
) -> None:
    referral.assignee_id = user_id
    referral.save(update_fields=["assignee"])
    events.record(
        enquiry,
        EventType.HANDED,
        actor=viewer.actor,
        at=now,
        name=name,
        organisation=referral.organisation.name,
        words=words,
    )


@transaction.atomic
def take(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """The viewer has it now. Raises AlreadyTaken with the name of who was quicker.

    Whoever has left the organisation has nothing any more.
    """
    referral, enquiry = _live(viewer, public_id)
    if viewer.kind != "staff" or referral.assignee_id == viewer.id:
        return
    held = referral.assignee_id
    if held is not None and accounts.colleagues.colleague(viewer.organisation_id, held) is not None:
        raise AlreadyTaken(f"{referral.assignee} has this one already")
    _give(referral, enquiry, viewer.id, name=viewer.name, viewer=viewer, now=now)


@transaction.atomic
def hand_over(
    *, public_id: uuid.UUID, viewer: Viewer, to_user_id: int, words: str = "", now: datetime
) -> None:
    """Gives it to a colleague. What somebody else has is given away only with a reason.

    Raises NoColleague, WordsMissing, AlreadyAnswered.
    """
    referral, enquiry = _live(viewer, public_id)
    colleague = accounts.colleagues.colleague(viewer.organisation_id, to_user_id)
    if colleague is None:
        raise NoColleague("Choose a colleague who answers referrals")
    if referral.assignee_id == to_user_id:
        return
    words = words.replace("\x00", "").strip()[:MAX_WORDS]
    if referral.assignee_id not in (None, viewer.id) and not words:
        raise WordsMissing(f"{referral.assignee} has this one. Say why somebody else gets it")
    _give(referral, enquiry, to_user_id, name=colleague.name, viewer=viewer, now=now, words=words)


@transaction.atomic
def put_back(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """For anybody of the team to take. Raises NotYours with the name of who has it."""
    referral, enquiry = _live(viewer, public_id)
    if referral.assignee_id is None:
        return
    if referral.assignee_id != viewer.id:
        raise NotYours(f"{referral.assignee} has this one, and only they can put it back")
    _give(referral, enquiry, None, name="nobody", viewer=viewer, now=now)


@transaction.atomic
def move_team(*, public_id: uuid.UUID, viewer: Viewer, team_id: int, now: datetime) -> None:
    """Passes it to another team of the organisation, for anybody there to take.

    Raises NoSuchTeam, AlreadyAnswered.
    """
    referral, enquiry = _live(viewer, public_id)
    team = accounts.queries.team(team_id)
    if team is None or team.organisation_id != referral.organisation_id:
        raise NoSuchTeam("Choose a team of your organisation")
    if referral.team_id == team.pk:
        return
    referral.team, referral.assignee = team, None
    referral.save(update_fields=["team", "assignee"])
    if enquiry.owner_id == referral.organisation_id:
        enquiry.team = team
        enquiry.save(update_fields=["team"])
    event = events.record(
        enquiry,
        EventType.TEAM_CHANGED,
        actor=viewer.actor,
        at=now,
        team=team.name,
        organisation=referral.organisation.name,
    )
    telling_partners.moved(enquiry, referral, sequence=event.sequence, now=now)


__all__ = [
    "AlreadyTaken",
    "NoColleague",
    "NoSuchTeam",
    "NotYours",
    "hand_over",
    "move_team",
    "put_back",
    "take",
]
