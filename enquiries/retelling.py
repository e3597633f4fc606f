"""Retells a history as rows, by the rules that hold for what comes in today."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from core.audit import SYSTEM
from enquiries import clocks, lifecycle, retold_clocks, retold_turns
from enquiries.channels import CHANNEL_WORDS, KIND_WORDS, Channel, ItemKind
from enquiries.histories import History, Later
from enquiries.lifecycle import OUTCOME_WORDS, Outcome, ReferralStatus, Status
from enquiries.models import Enquiry, SurveyAnswer
from enquiries.queries.book import Book
from enquiries.queries.surveys import ANSWER_WORDS
from enquiries.retold import Placed, Told, by, line, move, settle
from enquiries.retold_rows import ContactRow, ItemRow
from enquiries.vocabulary import EventType

# Ends that have an event of their own: nobody decided them, or nobody had an outcome.
_ENDS = {Outcome.SPAM: EventType.SPAM, Outcome.UNANSWERED: EventType.UNANSWERED}


def retell(history: History, *, book: Book, now: datetime) -> Told:
    """The rows that this history leaves by now. Raises KeyError for a service nobody knows."""
    history = history.up_to(now)
    service = book.services[history.service] if history.service else None
    placed = _placed(history, book)
    promised = not (history.article or history.left_at)
    promise = (
        book.promise(service, placed.owner, placed.named_team, history.received_at)
        if promised
        else None
    )
    enquiry = Enquiry(
        service=service,
        article=history.article,
        owner=placed.owner if history.article else None,
        description=history.description,
        person_id=history.person_id,
        received_at=history.received_at,
        promised_on=promise.on if promise else None,
        due_at=promise.due_at if promise else None,
        status=Status.NEW.value,
        **history.place.columns(),
    )
    told = Told(history, _first_contact(history, book), enquiry, [_first_item(history)], placed)
    _received(told)
    if history.answered:
        _end(told, book, now)
    else:
        _place(told)
        _work(told, book, now)
    _come_back(told, book)
    if promised:
        told.clocks += retold_clocks.of(told, placed, promise, book=book)
    return told


def _first_contact(history: History, book: Book) -> ContactRow:
    ended_at = history.ended_at or history.received_at
    return ContactRow(
        channel=history.channel.value,
        started_at=history.started_at or history.received_at,
        # An e-mail contact is open until we answer (measures.md R11).
        ended_at=None if history.channel is Channel.EMAIL else ended_at,
        person_id=history.person_id,
        address_hash=history.address_hash,
        site_id=book.sites.get(history.site),
        agent_id=history.agent_id,
        thread=history.thread,
        digest=history.fingerprint,
        signals=list(history.signals),
        queue_wait=history.waited,
    )


def _first_item(history: History) -> ItemRow:
    return ItemRow(
        kind=ItemKind.NEW.value,
        words=history.description,
        at=history.received_at,
        avoidable=history.avoidable,
        desk_answer=history.desk_answer,
    )


def _received(told: Told) -> None:
    history, promised_on = told.history, told.enquiry.promised_on
    words = CHANNEL_WORDS[history.channel].lower()
    pointed = {"pointed": True} if history.pointed else {}
    at = history.received_at
    line(told, EventType.RECEIVED, history.actor, at, channel=words, contact=0, **pointed)
    if promised_on is not None:
        line(told, EventType.PROMISE_SET, SYSTEM, at, date=promised_on.isoformat())


def _placed(history: History, book: Book) -> Placed:
    service = book.services[history.service] if history.service else None
    found = book.destination(service, history.place, clocks.london_date(history.received_at))
    owner = book.by_id[found.organisation_id] if found.organisation_id else None
    reason = found.reason
    if owner is None and history.otherwise in book.bodies:
        owner = book.bodies[history.otherwise]
        reason = f"{owner.name} had it in the system that it comes from"
    owner = owner or book.hub
    named = book.teams.get(found.team_id or 0)
    return Placed(owner, named or book.default_teams.get(owner.pk), reason[:300], named)


def _place(told: Told) -> None:
    placed, at = told.placed, told.history.received_at
    if not placed.owner.is_hub:
        retold_turns.offer(told, at)
        return
    retold_turns.keep(told, placed)
    words = "In the hub's own queue"
    move(told, Status.OPEN, EventType.TRIAGED, SYSTEM, at, found=words, reason=placed.reason)


def _work(told: Told, book: Book, now: datetime) -> None:
    worked = told.history.worked
    if worked.accepted_at is not None:
        retold_turns.accept(told, worked.accepted_at)
    retold_turns.play(told, book)
    if worked.resolved_at is None:
        return
    if told.history.withdrawn and told.live is not None:
        referral = told.live
        settle(referral, ReferralStatus.WITHDRAWN, worked.resolved_at)
        said = {"to": referral.organisation.slug, "organisation": referral.organisation.name}
        kind = EventType.OFFER_WITHDRAWN
        line(told, kind, told.history.actor, worked.resolved_at, **said)
    retold_turns.finish(told, worked.resolved_at, worked.outcome, worked.words)
    _end(told, book, now)


def _end(told: Told, book: Book, now: datetime) -> None:
    enquiry, history = told.enquiry, told.history
    worked = history.worked
    at = history.ended_at if history.answered and history.turns else None
    at = at or (history.received_at if history.answered else worked.resolved_at)
    if at is None:
        return
    enquiry.outcome, enquiry.public_words, enquiry.resolved_at = worked.outcome, worked.words, at
    enquiry.responded_at = enquiry.responded_at or at
    told.first_end = told.first_end or at
    if history.answered:
        retold_turns.play(told, book)
    actor = history.actor if history.answered or history.withdrawn else by(told)
    kind = EventType.ABANDONED if history.left_at else _ENDS.get(worked.outcome, EventType.RESOLVED)
    move(told, Status.RESOLVED, kind, actor, at, **_said_at_end(told), outcome=worked.outcome.value)
    enquiry.closes_at = retold_turns.closes_at(told, at, book)
    if enquiry.closes_at <= now:
        enquiry.closed_at = enquiry.closes_at
        move(told, Status.CLOSED, EventType.CLOSED, SYSTEM, enquiry.closes_at)


def _said_at_end(told: Told) -> dict[str, Any]:
    """What the line of an end says beside its outcome."""
    history, worked = told.history, told.history.worked
    if history.left_at:
        return {"stage": "online", "last_question": history.left_at}
    data: dict[str, Any] = {"outcome_words": OUTCOME_WORDS[worked.outcome], "words": worked.words}
    if worked.outcome is lifecycle.Outcome.DECIDED_NO:
        next_step = worked.words if worked.next_step is None else worked.next_step
        data |= {"reason": worked.words, "next_step": next_step}
    if worked.outcome is lifecycle.Outcome.WITHDRAWN:
        data |= {"by": "citizen"}  # in which contact, other systems do not say (R34)
        data |= {"contact": len(history.later)} if history.withdrawn else {}
    if worked.outcome is lifecycle.Outcome.SIGNPOSTED:
        data |= {"inside": worked.inside}
    if told.referrals:
        data |= {"organisation": told.placed.owner.name, "parts": 1}
    return data


def _come_back(told: Told, book: Book) -> None:
    """Later contacts, as items and as lines of the ledger at their own times."""
    history = told.history
    for number, one in enumerate(sorted(history.later, key=lambda later: later.at), 1):
        told.later_contacts.append(_later_contact(history, one, book))
        told.items.append(
            ItemRow(
                kind=one.kind.value,
                avoidable=one.avoidable,
                evidence=[one.evidence],
                words=one.words,
                at=one.at,
            )
        )
        line(
            told,
            EventType.CONTACTED,
            history.actor,
            one.at,
            kind=one.kind.value,
            kind_words=KIND_WORDS[one.kind].lower(),
            words=one.words,
            contact=number,
        )
    _asked_whether(told)
    # sorted() keeps the order of equal times, so that an answer follows its question.
    told.events.sort(key=lambda event: event.at)


def _later_contact(history: History, one: Later, book: Book) -> ContactRow:
    return ContactRow(
        channel=one.channel.value,
        started_at=one.at,
        ended_at=None if one.channel is Channel.EMAIL else one.ended_at or one.at,
        person_id=history.person_id,
        address_hash=history.address_hash,
        site_id=book.sites.get(one.site),
        agent_id=one.agent_id,
    )


def _asked_whether(told: Told) -> None:
    """What they said when we asked whether they got what they needed."""
    history, said = told.history, told.history.said
    if said is None:
        return
    key = hashlib.sha256(f"{said.end_point}:{history.external_id}".encode()).hexdigest()
    told.survey = SurveyAnswer(
        key=key,
        end_point=said.end_point,
        channel=history.channel.value,
        service=told.enquiry.service,
        answer=said.answer,
        at=said.at,
        changed_at=said.at,
    )
    words = ANSWER_WORDS[said.answer]
    line(
        told, EventType.SURVEYED, history.actor, said.at, answer=said.answer, answer_words=words,
        end_point=said.end_point, words="",
    )  # fmt: skip
