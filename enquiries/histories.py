"""What has already happened, as values: one enquiry from its first contact to its end. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

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
    ended_at: datetime | None = None
    site: str = ""
    agent_id: int | None = None
    evidence: str = "agent_chose"


class Act(StrEnum):
    """What may happen to an enquiry on its way, beside being accepted and done."""

    OFFER = "offer"
    ACCEPT = "accept"
    REJECT = "reject"
    RETURN = "return"
    EXPIRE = "expire"
    ASK = "ask"
    TOLD = "told"
    HAND_ON = "hand_on"
    FORCED = "forced"
    RESOLVE = "resolve"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Turn:
    """One step on the way. `to` is the organisation of an offer, or the channel forced upon them;
    `is_foreseeable` says of a question that we should have asked it at once (R33)."""

    act: Act
    at: datetime
    to: str = ""
    words: str = ""
    is_foreseeable: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """What they answered when we asked whether they got what they needed: yes, partly or no."""

    answer: str
    end_point: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Worked:
    """What the owner did, and when: accepted (not always recorded) and ended.

    `next_step` is what a "no" tells them to do; None: the words say that, too (R36). `inside` is
    of a signposting: to somebody of the partnership (R35).
    """

    accepted_at: datetime | None = None
    accepted_by: str = ""
    resolved_at: datetime | None = None
    outcome: Outcome = Outcome.COMPLETED
    words: str = ""
    next_step: str | None = None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """One enquiry as it was. Times are its own.

    `external_id` is unique within the channel, as at intake. `otherwise` is the slug of the
    organisation that had it where no rule of ours decides. `answered` ends it inside its first
    contact. `entered_by` is who is named in the ledger for what was done. With `turns` the owner's
    acceptance is one of them, and `worked` says how it ended. `article` is the answer that they
    read, `left_at` the last question of a form that they left; neither promises anything.
    `withdrawn` says that the last of `later` called it off.
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
    turns: tuple[Turn, ...] = ()
    signals: tuple[str, ...] = ()
    article: str = ""
    left_at: str = ""
    pointed: bool = False
    withdrawn: bool = False
    desk_answer: str = ""
    avoidable: str = ""
    waited: int | None = None
    said: Said | None = None

    def up_to(self, now: datetime) -> History:
        """The part of it that has happened by now."""
        worked = self.worked
        if worked.accepted_at and worked.accepted_at > now:
            worked = replace(worked, accepted_at=None, accepted_by="")
        if worked.resolved_at and worked.resolved_at > now:
            worked = replace(worked, resolved_at=None)
        return replace(
            self,
            worked=worked,
            later=tuple(one for one in self.later if one.at <= now),
            turns=tuple(one for one in self.turns if one.at <= now),
            said=self.said if self.said is not None and self.said.at <= now else None,
        )
