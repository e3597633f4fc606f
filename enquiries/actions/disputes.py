"""Who said that a need is not theirs, and what happens when it goes round (docs/adr/0010)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import accounts.colleagues
import accounts.queries
from core.audit import SYSTEM
from enquiries import events
from enquiries.actions import deadlines, telling_partners
from enquiries.events import EventType
from enquiries.lifecycle import REJECT_WORDS, RejectReason, Status
from enquiries.models import Enquiry, EnquiryEvent

if TYPE_CHECKING:
    from accounts.models import Organisation

DUTY_TEAM = "duty-managers"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One organisation's no to a need: its reason from the list, its words, whom it suggests."""

    organisation_id: int
    organisation: str
    reason: str
    words: str
    suggested: str

    @property
    def short(self) -> str:
        """Without what somebody wrote."""
        why = REJECT_WORDS[RejectReason(self.reason)] if self.reason in set(RejectReason) else ""
        who = f"It suggests {self.suggested}" if self.suggested else ""
        return f"{self.organisation}: {'. '.join(part for part in (why, who) if part)}"

    @property
    def full(self) -> str:
        """With what they wrote."""
        return f"{self.short}. “{self.words}”" if self.words else self.short


def rejections(enquiry: Enquiry) -> list[Rejection]:
    """Who rejected it, oldest first. A no to what it was taken for before counts no more."""
    service = enquiry.service.slug if enquiry.service else ""
    lines = EnquiryEvent.objects.filter(enquiry=enquiry, type=EventType.REJECTED.value)
    return [
        Rejection(
            organisation_id=line.organisation_id or 0,
            organisation=str(line.data.get("organisation", "")),
            reason=str(line.data.get("reason", "")),
            words=str(line.data.get("words", "")),
            suggested=str(line.data.get("suggested_name", "")),
        )
        for line in lines.order_by("sequence")
        if line.data.get("service", service) == service
    ]


def was_rejected_by(enquiry: Enquiry, owner: Organisation) -> bool:
    """Whether an organisation has said of this need that it is not theirs."""
    return any(one.organisation_id == owner.pk for one in rejections(enquiry))


def goes_round(enquiry: Enquiry, owner: Organisation) -> bool:
    """Whether an offer would come back to who rejected it, before a duty manager has looked."""
    if enquiry.status == Status.NEW.value or enquiry.disputed_at is not None:
        return False
    return was_rejected_by(enquiry, owner)


def begin(
    enquiry: Enquiry,
    *,
    now: datetime,
    back_to: Organisation | None = None,
    done: Sequence[str] = (),
) -> None:
    """Puts a locked enquiry before the hub's duty managers, with every reason that was given.

    `back_to` is who would have got it a second time; `done` names whose parts of it are done.
    """
    hub = accounts.queries.hub()
    team = accounts.colleagues.team_named(hub.pk, DUTY_TEAM)
    team = team or accounts.queries.default_team(hub.pk)
    found = rejections(enquiry)
    enquiry.owner, enquiry.team, enquiry.assignee = hub, team, None
    enquiry.disputed_at = now
    kept = (
        f"Done and kept: {' and '.join(done)}. Nobody says the rest" if done else "Nobody says it"
    )
    enquiry.routing_reason = f"{kept} is theirs. {'; '.join(r.short for r in found)}"[:300]
    event = events.move(
        enquiry,
        Status.OPEN,
        EventType.DISPUTED,
        # Nobody's line but the hub's: it says what each of them wrote.
        actor=SYSTEM,
        at=now,
        why="loop" if back_to else "second_rejection",
        back_to=back_to.slug if back_to else "",
        words="\n".join(one.full for one in found),
        saving=["owner", "team", "assignee", "disputed_at", "routing_reason"],
    )
    deadlines.turned(enquiry, at=now)
    reasons = "\n".join(one.short for one in found)
    telling_partners.disputed(enquiry, reasons, sequence=event.sequence, now=now)
