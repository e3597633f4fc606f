"""Plays the stories through intake and the actions that staff use, at the times of the stories."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import areas
from accounts.permissions import Viewer
from core import outbox
from core.audit import CITIZEN, Actor
from core.privacy import address_hash
from customers.contact import read_phone
from enquiries import clocks, intake
from enquiries.actions import assignments, referrals, replies, resolutions, triage
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Place
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.queries import referrals as referral_queries
from hub.demo.stories import Ask, Step, Story, stories

STAFFED = (Channel.PHONE, Channel.COUNTER)
# What one of several organisations does: the step names it after a colon.
ANSWERS = frozenset({"accept", "complete", "provide", "refuse", "return", "ask"})
KINDS = {
    "chase": (ItemKind.CHASE, "progress_chasing"),
    "repeat": (ItemKind.REPEAT, "closed_too_early"),
    "info": (ItemKind.NEW_INFORMATION, ""),
    "reply": (ItemKind.REPLY_TO_US, ""),
    "thanks": (ItemKind.THANKS, ""),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: the hub's agents, their leader and the manager, and one officer for each
    organisation by its slug."""

    agent: Viewer
    second: Viewer
    leader: Viewer
    manager: Viewer
    officers: dict[str, Viewer]


@dataclass(frozen=True, slots=True)
class _Scene:
    """One step of one enquiry, ready to be played."""

    cast: Cast
    story: Story
    reference: str
    step: Step
    at: datetime

    def referral(self) -> tuple[Viewer, uuid.UUID]:
        """The officer of the organisation that has the enquiry now, and the referral.

        Where several have it, the step says whose it is.
        """
        named = self.step.to if self.step.verb in ANSWERS else ""
        row = referral_queries.live(self.cast.agent, self.reference, organisation=named)
        if row is not None:
            return self.cast.officers[row.organisation.slug], row.public_id
        raise LookupError(f"{self.story.key}: nobody has it to {self.step.verb}")


def tell(cast: Cast, *, now: datetime) -> int:
    """Every story that was not told before; returns how many enquiries came of them."""
    told = sum(_tell(story, cast, now=now) for story in stories(clocks.london_date(now)))
    day = now - timedelta(days=100)
    while day <= now:
        resolutions.close_due(now=day)
        day += timedelta(days=1)
    return told


@transaction.atomic
def _tell(story: Story, cast: Cast, *, now: datetime) -> int:
    """A story with all its steps, or nothing of it: what was cut short is told anew."""
    if intake.known(story.channel, story.key) is not None:
        return 0
    received_at = story.received_at(now)
    staffed = story.channel in STAFFED
    received = intake.receive_within(
        InboundContact(
            channel=story.channel,
            external_id=story.key,
            received_at=received_at,
            needs=tuple(_need(ask) for ask in story.asks),
            sender=story.sender,
            started_at=received_at,
            ended_at=received_at + timedelta(minutes=4 * len(story.asks) if staffed else 0),
            site=_site(story),
            agent=cast.agent if staffed else None,
            thread=_thread(story),
            actor=cast.agent.actor if staffed else _actor(story),
        ),
        now=received_at,
    )
    for ask, taken in zip(story.asks, received.enquiries, strict=True):
        if ask.answer is None:
            _triage(taken.enquiry_id, at=received_at + timedelta(seconds=3))
        for step in ask.then:
            at = step.at(received_at)
            if at <= now:
                PLAYS[step.verb](_Scene(cast, story, taken.reference, step, at))
    return len(received.enquiries)


def _triage(enquiry_id: int, *, at: datetime) -> None:
    """In the story's own time. Its bell must not be answered today: the worker would tell somebody
    that we have what came weeks ago, with a day that has passed."""
    triage.triage(enquiry_id=enquiry_id, now=at)
    outbox.settle_by_key(f"triage:{enquiry_id}", now=at)


def _need(ask: Ask) -> Need:
    postcode = ask.postcode or areas.find_in(ask.words) or ""
    place = Place(postcode=postcode) if postcode else None
    return Need(ask.words, ask.service, place, answer=ask.answer)


def _site(story: Story) -> str | None:
    return story.site or ("contact-centre" if story.channel is Channel.PHONE else None)


def _thread(story: Story) -> str:
    if story.channel is not Channel.SMS:
        return ""
    return address_hash("phone", read_phone(story.sender.phone))


def _actor(story: Story) -> Actor:
    return Actor("kiosk") if story.channel is Channel.KIOSK else CITIZEN


def _accept(scene: _Scene) -> None:
    viewer, referral = scene.referral()
    referrals.accept(public_id=referral, viewer=viewer, now=scene.at)


def _complete(outcome: Outcome) -> Callable[[_Scene], None]:
    def play(scene: _Scene) -> None:
        viewer, referral = scene.referral()
        referrals.complete(
            public_id=referral,
            viewer=viewer,
            outcome=outcome,
            words=scene.step.words,
            now=scene.at,
        )

    return play


def _reject(scene: _Scene) -> None:
    viewer, referral = scene.referral()
    referrals.reject(
        public_id=referral,
        viewer=viewer,
        reason=RejectReason.OTHER_BODY,
        suggested=scene.step.to,
        words=scene.step.words,
        now=scene.at,
    )


def _give_back(scene: _Scene) -> None:
    viewer, referral = scene.referral()
    referrals.give_back(public_id=referral, viewer=viewer, question=scene.step.words, now=scene.at)


def _ask_citizen(scene: _Scene) -> None:
    viewer, referral = scene.referral()
    referrals.ask(public_id=referral, viewer=viewer, question=scene.step.words, now=scene.at)


def _send(scene: _Scene) -> None:
    referrals.offer(
        reference=scene.reference,
        viewer=scene.cast.agent,
        organisation=scene.step.to,
        reason=scene.step.words,
        now=scene.at,
    )


def _send_beside(scene: _Scene) -> None:
    referrals.offer(
        reference=scene.reference,
        viewer=scene.cast.agent,
        organisation=scene.step.to,
        reason=scene.step.words,
        alongside=True,
        now=scene.at,
    )


def _resolve(outcome: Outcome) -> Callable[[_Scene], None]:
    def play(scene: _Scene) -> None:
        resolutions.resolve(
            reference=scene.reference,
            viewer=scene.cast.agent,
            outcome=outcome,
            words=scene.step.words,
            now=scene.at,
        )

    return play


def _take(scene: _Scene) -> None:
    assignments.take(reference=scene.reference, viewer=scene.cast.agent, now=scene.at)


def _note(scene: _Scene) -> None:
    agent = scene.cast.agent
    replies.note(reference=scene.reference, viewer=agent, words=scene.step.words, now=scene.at)


def _tell_citizen(scene: _Scene) -> None:
    agent = scene.cast.agent
    replies.reply(reference=scene.reference, viewer=agent, words=scene.step.words, now=scene.at)


def _come_back(scene: _Scene) -> None:
    kind, avoidable = KINDS[scene.step.verb]
    channel = Channel(scene.step.to)
    staffed = channel in STAFFED
    evidence = "agent_chose" if staffed else "reference_quoted"
    agent = scene.cast.agent if staffed else None
    intake.receive_within(
        InboundContact(
            channel=channel,
            external_id=f"{scene.story.key}-{scene.reference}-{scene.step.after}",
            received_at=scene.at,
            needs=(
                Need(
                    scene.step.words,
                    kind=kind.value,
                    about=scene.reference,
                    avoidable=avoidable,
                    evidence=(evidence,),
                ),
            ),
            sender=scene.story.sender,
            ended_at=scene.at + timedelta(minutes=2 if staffed else 0),
            site="contact-centre" if channel is Channel.PHONE else None,
            agent=agent,
            thread=_thread(scene.story) if channel is Channel.SMS else "",
            actor=agent.actor if agent else CITIZEN,
        ),
        now=scene.at,
    )


PLAYS: dict[str, Callable[[_Scene], None]] = {
    "accept": _accept,
    "complete": _complete(Outcome.COMPLETED),
    "provide": _complete(Outcome.FULFILLED),
    "refuse": _complete(Outcome.DECIDED_NO),
    "reject": _reject,
    "return": _give_back,
    "ask": _ask_citizen,
    "send": _send,
    "beside": _send_beside,
    "resolve": _resolve(Outcome.ANSWERED),
    "signpost": _resolve(Outcome.SIGNPOSTED),
    "take": _take,
    "note": _note,
    "tell": _tell_citizen,
    **dict.fromkeys(KINDS, _come_back),
}
