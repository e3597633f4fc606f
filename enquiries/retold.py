"""A history on its way into rows: what is known of it so far, and how lines are added to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.audit import Actor
from enquiries import events, lifecycle
from enquiries.histories import History
from enquiries.lifecycle import Status
from enquiries.models import Enquiry, Referral, ReferralStatus, SurveyAnswer
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.retold_rows import ClockRow, ContactRow, ItemRow, LedgerLine
from enquiries.turns import Waits
from enquiries.vocabulary import EventType

if TYPE_CHECKING:
    from accounts.models import Organisation, Team


@dataclass(frozen=True, slots=True)
class Placed:
    """Who had it, and why. `named_team` is the one that a rule names: its hours count."""

    owner: Organisation
    team: Team | None
    reason: str
    named_team: Team | None = None


@dataclass(slots=True)
class Told:
    """The rows of one history, without the keys that tie them together.

    `placed` is who has it now; `waits` when it was the citizen's turn; `first_end` and `reopened`
    what a clock after a reopening goes on from (R48).
    """

    history: History
    contact: ContactRow
    enquiry: Enquiry
    items: list[ItemRow]
    placed: Placed
    later_contacts: list[ContactRow] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    events: list[LedgerLine] = field(default_factory=list)
    clocks: list[ClockRow] = field(default_factory=list)
    waits: Waits = field(default_factory=list)
    first_end: datetime | None = None
    reopened: datetime | None = None
    survey: SurveyAnswer | None = None

    @property
    def live(self) -> Referral | None:
        """The work that somebody is asked to do now."""
        last = self.referrals[-1] if self.referrals else None
        return last if last is not None and last.status in LIVE_REFERRAL else None


def line(told: Told, event: EventType, actor: Actor, at: datetime, /, **data: Any) -> None:
    """Adds a line to its ledger."""
    told.events.append(
        LedgerLine(
            type=event.value,
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name[:120],
            organisation_id=actor.organisation_id,
            data=data,
        )
    )


def move(
    told: Told, target: Status, kind: EventType, actor: Actor, at: datetime, **data: Any
) -> None:
    """Takes it to another status by the rules of today, with its line. Raises NotNow."""
    chosen = lifecycle.Outcome(data["outcome"]) if "outcome" in data else None
    events.step(told.enquiry, target, at=at, outcome=chosen)
    line(told, kind, actor, at, **data)


def settle(referral: Referral, status: ReferralStatus, at: datetime) -> None:
    """What became of an offer."""
    referral.status = status.value
    if status is ReferralStatus.ACCEPTED:
        referral.accepted_at = at
    else:
        referral.settled_at = at


def by(told: Told) -> Actor:
    """Who did the owner's work: as named, in the name of whoever has it."""
    entered = told.history.entered_by
    name = told.history.worked.accepted_by or entered.name
    return Actor(entered.kind, entered.id, name, told.placed.owner.pk)
