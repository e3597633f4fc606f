"""Several organisations at once: each does its part, and the citizen gets one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import accounts.queries
from core.audit import Actor
from enquiries.actions import resolutions
from enquiries.events import EventType
from enquiries.lifecycle import OUTCOME_WORDS, Outcome, RejectReason
from enquiries.models import Enquiry, EnquiryEvent, Referral

_READ = [
    EventType.REFERRED.value,
    EventType.PART_COMPLETED.value,
    EventType.REJECTED.value,
    EventType.RETURNED.value,
    EventType.EXPIRED.value,
    EventType.REOPENED.value,
]


@dataclass(frozen=True, slots=True)
class Part:
    """What one organisation did, kept until the last of them has done with it."""

    organisation: str
    outcome: Outcome
    words: str
    next_step: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Kept:
    """The parts that are done, first offered first, and the lines of what came back undone."""

    done: tuple[Part, ...]
    undone: tuple[EnquiryEvent, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to settle a part before the citizen can be answered."""
        return bool(self.undone)

    @property
    def is_rejected(self) -> bool:
        """Whether some of what came back was not theirs."""
        return any(line.type == EventType.REJECTED for line in self.undone)


def comes_back(kind: str, said: Mapping[str, Any]) -> bool:
    """Whether a part that ended so is still to be settled.

    Only what has been done already needs nobody else. Another report that covers it is joined by
    the hub, and a no because nobody has a duty is told to the citizen with its next step (R36).
    """
    if kind == EventType.REJECTED:
        return said.get("reason") != RejectReason.ALREADY_DONE
    return kind in (EventType.RETURNED, EventType.EXPIRED)


def kept(enquiry: Enquiry) -> Kept:
    """What is in since the enquiry was opened, by its ledger.

    A part that was rejected, returned or not answered is open until the hub sends the case on.
    """
    # By the organisation's slug, in the order in which they were asked.
    parts: dict[str, Part | None] = {}
    undone: list[EnquiryEvent] = []
    for line in EnquiryEvent.objects.filter(enquiry=enquiry, type__in=_READ).order_by("sequence"):
        slug = str(line.data.get("to", ""))
        if line.type == EventType.REOPENED:
            parts, undone = {}, []
        elif line.type == EventType.REFERRED:
            parts.setdefault(slug, None)
            undone = []
        elif line.type == EventType.PART_COMPLETED:
            parts[slug] = _part(line)
        elif comes_back(line.type, line.data):
            undone.append(line)
    done = tuple(part for part in parts.values() if part is not None)
    return Kept(done, tuple(undone))


def kept_words(done: Iterable[Part], because: str) -> str:
    """Why a case is with the hub, after whose parts are done; as it is where none is."""
    names = " and ".join(part.organisation for part in done)
    return f"Done and kept: {names}. {because}" if names else because


def _part(line: EnquiryEvent) -> Part:
    actor = Actor(line.actor_kind, line.actor_id, line.actor_name, line.organisation_id)
    return part_of(line.data, actor)


def part_of(said: Mapping[str, str], actor: Actor) -> Part:
    """One organisation's part, as the ledger keeps it."""
    return Part(
        organisation=said.get("organisation", ""),
        outcome=Outcome(said["ended_as"]),
        words=said.get("words", ""),
        next_step=said.get("next_step", ""),
        actor=actor,
    )


def said_of(referral: Referral, next_step: str) -> dict[str, str]:
    """What the ledger keeps of one organisation's part."""
    outcome = Outcome(referral.outcome)
    return {
        "to": referral.organisation.slug,
        "organisation": referral.organisation.name,
        "ended_as": outcome.value,
        "outcome_words": OUTCOME_WORDS[outcome],
        "words": referral.public_words,
        "next_step": next_step,
    }


def answer(enquiry: Enquiry, done: tuple[Part, ...], *, now: datetime) -> None:
    """One answer for all parts, in the name of whoever was asked first."""
    whole, saving = joint(done), []
    first = whole.actor.organisation_id
    if first is not None and enquiry.owner_id != first:
        enquiry.owner = accounts.queries.organisation_by_id(first)
        enquiry.team = accounts.queries.default_team(first)
        saving = ["owner", "team"]
    # R36: a no needs its next step; where nobody wrote one apart, the words say it.
    more = {"next_step": whole.next_step} if whole.next_step else {}
    resolutions.settle(
        enquiry,
        outcome=whole.outcome,
        words=whole.words,
        actor=whole.actor,
        now=now,
        saving=saving,
        organisation=whole.organisation,
        parts=len(done),
        **more,
    )


def joint(done: tuple[Part, ...]) -> Part:
    """Several answers as one. It is a no only if all say no; else it is the first that is not."""
    first = done[0]
    if len(done) == 1:
        return first
    yes = [part.outcome for part in done if part.outcome is not Outcome.DECIDED_NO]
    return Part(
        organisation=" and ".join(part.organisation for part in done),
        outcome=yes[0] if yes else Outcome.DECIDED_NO,
        words="\n\n".join(f"{part.organisation}: {part.words}" for part in done),
        next_step="\n\n".join(part.next_step for part in done if part.next_step),
        actor=first.actor,
    )
