"""The steps of a history between receipt and end, as the actions of today would have left them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from core.audit import SYSTEM
from enquiries import clocks
from enquiries.histories import Act, Turn
from enquiries.lifecycle import OUTCOME_WORDS, Outcome, ReferralStatus, RejectReason, Status
from enquiries.models import Referral
from enquiries.queries.book import Book
from enquiries.retold import Placed, Told, by, line, move, settle
from enquiries.vocabulary import EventType

if TYPE_CHECKING:
    from accounts.models import Organisation


def play(told: Told, book: Book) -> None:
    """Every step, in the order of their times. Raises NotNow for what could not have happened."""
    for turn in sorted(told.history.turns, key=lambda one: one.at):
        _PLAYS[turn.act](told, turn, book)


def offer(told: Told, at: datetime) -> None:
    """The work is offered to whoever has it now."""
    placed = told.placed
    referral = Referral(
        organisation=placed.owner,
        team=placed.team,
        reason=placed.reason,
        offered_at=at,
        work_due_at=told.enquiry.due_at,
    )
    told.referrals.append(referral)
    keep(told, placed)
    move(
        told,
        Status.REFERRED,
        EventType.REFERRED,
        SYSTEM,
        at,
        to=placed.owner.slug,
        organisation=placed.owner.name,
        team=placed.team.name if placed.team else "",
        reason=placed.reason,
    )


def keep(told: Told, placed: Placed) -> None:
    """Says on the case who has it."""
    told.placed = placed
    enquiry = told.enquiry
    enquiry.owner, enquiry.team, enquiry.routing_reason = placed.owner, placed.team, placed.reason


def accept(told: Told, at: datetime) -> None:
    """Whoever was asked takes the work."""
    referral = told.live
    if referral is None:
        return
    settle(referral, ReferralStatus.ACCEPTED, at)
    referral.accepted_by = told.history.worked.accepted_by
    told.enquiry.responded_at = told.enquiry.responded_at or at
    name = told.placed.owner.name
    move(told, Status.IN_PROGRESS, EventType.ACCEPTED, by(told), at, organisation=name)


def _at(body: Organisation, book: Book, reason: str) -> Placed:
    return Placed(body, book.default_teams.get(body.pk), reason[:300])


def _offer(told: Told, turn: Turn, book: Book) -> None:
    body = book.bodies[turn.to]
    keep(told, _at(body, book, turn.words or f"Sent on to {body.name}"))
    offer(told, turn.at)


def _accept(told: Told, turn: Turn, _book: Book) -> None:
    accept(told, turn.at)


def _leave(
    told: Told, turn: Turn, book: Book, status: ReferralStatus, kind: EventType, **data: str
) -> None:
    """They have done with it without doing the work: the hub has it."""
    referral = told.live
    if referral is None:
        return
    settle(referral, status, turn.at)
    referral.answer_reason = turn.words[:300]
    name = referral.organisation.name
    actor = SYSTEM if status is ReferralStatus.EXPIRED else by(told)
    keep(told, _at(book.hub, book, f"{name}: {turn.words}"))
    where = {"organisation": name, "to": referral.organisation.slug}
    move(told, Status.OPEN, kind, actor, turn.at, **where, **data)


def _reject(told: Told, turn: Turn, book: Book) -> None:
    if told.live is not None:
        told.live.reject_reason = RejectReason.OTHER_BODY.value
    reason = RejectReason.OTHER_BODY.value
    _leave(
        told, turn, book, ReferralStatus.REJECTED, EventType.REJECTED,
        words=turn.words, reason=reason, suggested="", suggested_name="",
        service=told.history.service or "",
    )  # fmt: skip


def _return(told: Told, turn: Turn, book: Book) -> None:
    _leave(
        told, turn, book, ReferralStatus.RETURNED, EventType.RETURNED,
        reason="insufficient_information", question=turn.words, words="",
    )  # fmt: skip


def _expire(told: Told, turn: Turn, book: Book) -> None:
    _leave(told, turn, book, ReferralStatus.EXPIRED, EventType.EXPIRED)


def _ask(told: Told, turn: Turn, _book: Book) -> None:
    more = {} if turn.is_foreseeable else {"unforeseeable": True}
    name = told.placed.owner.name
    kind = EventType.INFO_REQUESTED
    told.enquiry.responded_at = told.enquiry.responded_at or turn.at
    move(told, Status.WAITING, kind, by(told), turn.at, words=turn.words, organisation=name, **more)
    told.waits.append((turn.at, None))


def _told(told: Told, turn: Turn, _book: Book) -> None:
    at_work = told.live is not None and told.live.accepted_at is not None
    target = Status.IN_PROGRESS if at_work else Status.OPEN
    move(told, target, EventType.INFO_RECEIVED, told.history.actor, turn.at, words=turn.words)
    if told.waits:
        told.waits[-1] = (told.waits[-1][0], turn.at)


def _hand_on(told: Told, turn: Turn, book: Book) -> None:
    """Put through without a word: who asked tells it all again."""
    line(
        told, EventType.TRANSFERRED, told.history.actor, turn.at, mode="cold", same_sitting=False,
        context_carried=True, to=book.hub.slug, name=turn.words,
    )  # fmt: skip


def _forced(told: Told, turn: Turn, _book: Book) -> None:
    actor = told.history.actor
    line(told, EventType.CHANNEL_FORCED, actor, turn.at, to=turn.to, owner="system")


def closes_at(told: Told, at: datetime, book: Book) -> datetime:
    """Until when what ended then may be opened again (actions.resolutions.closes_at)."""
    enquiry, contact = told.enquiry, told.contact
    klass = enquiry.service.resolution_class if enquiry.service else "REQUEST"
    window = clocks.window_end(
        "INFORM" if enquiry.article else klass,
        contact.ended_at or contact.started_at,
        enquiry.promised_on,
        book.calendar(enquiry.owner),
    )
    return max(window, clocks.plus_days(at, 7))


def _resolve(told: Told, turn: Turn, book: Book) -> None:
    """An end that was taken back later."""
    outcome, enquiry = Outcome.COMPLETED, told.enquiry
    finish(told, turn.at, outcome, turn.words)
    enquiry.responded_at = enquiry.responded_at or turn.at
    enquiry.public_words, enquiry.closes_at = turn.words, closes_at(told, turn.at, book)
    told.first_end = turn.at
    move(
        told, Status.RESOLVED, EventType.RESOLVED, by(told), turn.at,
        outcome_words=OUTCOME_WORDS[outcome], words=turn.words, outcome=outcome.value,
    )  # fmt: skip


def finish(told: Told, at: datetime, outcome: Outcome, words: str) -> None:
    """Whoever has the work has done it."""
    if told.live is not None:
        told.live.outcome, told.live.public_words = outcome.value, words
        settle(told.live, ReferralStatus.COMPLETED, at)


def _reopen(told: Told, turn: Turn, book: Book) -> None:
    told.reopened = turn.at
    actor = told.history.actor
    move(told, Status.OPEN, EventType.REOPENED, actor, turn.at, words=turn.words)
    keep(told, _at(book.hub, book, told.enquiry.routing_reason))


_PLAYS: dict[Act, Callable[[Told, Turn, Book], None]] = {
    Act.OFFER: _offer,
    Act.ACCEPT: _accept,
    Act.REJECT: _reject,
    Act.RETURN: _return,
    Act.EXPIRE: _expire,
    Act.ASK: _ask,
    Act.TOLD: _told,
    Act.HAND_ON: _hand_on,
    Act.FORCED: _forced,
    Act.RESOLVE: _resolve,
    Act.REOPEN: _reopen,
}
