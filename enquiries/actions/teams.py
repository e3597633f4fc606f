"""Which of the hub's teams has a case, and what a team is told of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import accounts.queries
import notifications.actions
from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions.resolutions import checked_words
from enquiries.actions.telling import OLD_NEWS, desk_url
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow
from enquiries.models import Enquiry
from enquiries.queries.access import for_desk, held_by


class NoTeam(DomainError):
    """No such team, or it cannot be given this."""

    code = "team_unknown"
    field = "team"


@transaction.atomic
def give(*, reference: str, viewer: Viewer, team_id: int, now: datetime) -> None:
    """Another team of the hub has it from now on; whoever had it in hand no longer has.

    A team that has it already changes nothing. Raises NoSuchCase, NotNow, NoTeam.
    """
    enquiry = for_desk(viewer, reference)
    team = accounts.queries.team(team_id)
    hub = accounts.queries.hub()
    if team is None or team.organisation_id != hub.pk:
        raise NoTeam("Choose a team of the hub")
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you give it to a team")
    if enquiry.owner_id is None:
        raise NotNow("The rules have not run yet. They do within seconds: try again")
    if enquiry.owner_id != hub.pk:
        raise NotNow(f"It is with {enquiry.owner}: only they choose the team")
    if enquiry.team_id == team.pk:
        return
    enquiry.team, enquiry.assignee = team, None
    enquiry.save(update_fields=["team", "assignee"])
    events.record(
        enquiry,
        EventType.TEAM_CHANGED,
        actor=viewer.actor,
        at=now,
        organisation=hub.name,
        team=team.name,
    )


def _has_part(enquiry: Enquiry, organisation: int) -> bool:
    if organisation == accounts.queries.hub().pk:
        return True
    return held_by(organisation).filter(enquiry=enquiry).exists()


@transaction.atomic
def tell(*, reference: str, viewer: Viewer, team_id: int, words: str, now: datetime) -> None:
    """Writes to a team about a case, by e-mail, and puts a note of it on the case.

    A team of ours, or of who has a part in it: others learn nothing of a case. The words stand in
    the message: nothing of a person belongs in them. Raises NoSuchCase, NoTeam, WordsMissing.
    """
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    team = accounts.queries.team(team_id)
    if team is None:
        raise NoTeam("Choose a team")
    if not _has_part(enquiry, team.organisation_id):
        raise NoTeam(f"{team.organisation} has no part in this enquiry. Send it to them first")
    to = team.email or team.organisation.email
    if not to:
        raise NoTeam(f"{team.name} has no email address")
    event = events.record(
        enquiry,
        EventType.NOTED,
        actor=viewer.actor,
        at=now,
        words=f"{team.name} was told: {words}",
    )
    if event.recorded_at - now < OLD_NEWS:
        notifications.actions.send(
            key=f"team_told:{enquiry.pk}:{event.sequence}",
            event="team_told",
            medium="email",
            to=to,
            context={
                "reference": enquiry.reference,
                "service": enquiry.service.name if enquiry.service else "",
                "words": words,
                "who": viewer.name,
                "desk_url": desk_url(enquiry),
            },
            about=enquiry.reference,
            now=now,
        )
