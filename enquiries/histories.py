"""What has already happened, as values: one enquiry from its first contact to its end. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.audit import CITIZEN, SYSTEM, Actor
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import Located
from enquiries.lifecycle import Outcome

NOWHERE = Located()


@dataclass(frozen=True, slots=True)
class Later:
    """A later contact about the same enquiry, such as "how is it going?"."""

    channel: Channel
    at: datetime
    kind: ItemKind = ItemKind.CHASE
    avoidable: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """What the owner did, and when: accepted (not always recorded) and ended."""

    accepted_at: datetime | None = None
    accepted_by: str = ""
    resolved_at: datetime | None = None
    outcome: Outcome = Outcome.COMPLETED
    words: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """One enquiry as it was. Times are its own.

    `external_id` is unique within the channel, as at intake. `otherwise` is the slug of the
    organisation that had it where no rule of ours decides. `answered` ends it inside its first
    contact. `entered_by` is who is named in the ledger for what was done.
    """

    channel: Channel
    external_id: str
    fingerprint: str
    received_at: datetime
    description: str
    service: str | None = None
    place: Located = NOWHERE
    person_id: int | None = None
    address_hash: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    site: str = ""
    agent_id: int | None = None
    thread: str = ""
    otherwise: str = ""
    answered: bool = False
    worked: Worked = Worked()
    later: tuple[Later, ...] = ()
    actor: Actor = CITIZEN
    entered_by: Actor = SYSTEM

    def up_to(self, now: datetime) -> History:
        """The part of it that has happened by now."""
        worked = self.worked
        if worked.accepted_at and worked.accepted_at > now:
            worked = replace(worked, accepted_at=None, accepted_by="")
        if worked.resolved_at and worked.resolved_at > now:
            worked = replace(worked, resolved_at=None)
        later = tuple(one for one in self.later if one.at <= now)
        return replace(self, worked=worked, later=later)
