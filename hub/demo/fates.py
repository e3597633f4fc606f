"""What becomes of a made-up need: answered, done, late, sent back, asked again. Pure.

Partners and services have habits of their own, so that a performance page has something to find:
one partner is slow since a year, one returns much for want of information, one service has an
answer that people do not understand.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from enquiries.channels import Channel, ItemKind
from enquiries.clocks import LONDON
from enquiries.histories import Act, Later, Said, Turn, Worked
from enquiries.lifecycle import Outcome
from hub.demo.seasons import STAFFED, Asked

UNCLEAR = "council-tax-discount"
_NAME = "Officer of the demonstration"
_NOTHING = Worked()


@dataclass(frozen=True, slots=True)
class Habit:
    """How often, of what an organisation is asked to do, each of these comes of it."""

    late: float = 0.065
    chased: float = 0.085
    returned: float = 0.018
    asked: float = 0.025
    rejected: float = 0.03
    reopened: float = 0.022
    expired: float = 0.006


_USUAL = Habit()
HABITS: Mapping[str, Habit] = {
    "redditch": replace(_USUAL, returned=0.14),
    "malvern-hills": Habit(0.025, 0.045, 0.008, 0.012, 0.015, 0.01, 0.002),
    "bromsgrove": replace(_USUAL, reopened=0.06),
    "worcester-city": replace(_USUAL, rejected=0.09),
    "worcestershire-county": replace(_USUAL, asked=0.045),
    "evesham-town": replace(_USUAL, expired=0.09),
}
# Since its contractor changed, half way through the two years.
SLOW = "wyre-forest"
_SLOW_NOW = replace(_USUAL, late=0.24, chased=0.15)


def habit_of(slug: str, progress: float) -> Habit:
    """What an organisation is like at a time of the two years (0 to 1)."""
    if slug == SLOW and progress > 0.5:
        return _SLOW_NOW
    return HABITS.get(slug, _USUAL)


@dataclass(frozen=True, slots=True)
class Need:
    """What a fate hangs on. `owner` is who will be asked, `other` who may be asked instead."""

    asked: Asked
    klass: str
    promise_wd: int | None
    owner: str
    other: str
    known: bool
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of it; `again` says after how many days they come back with the same."""

    worked: Worked = _NOTHING
    answered: bool = False
    turns: tuple[Turn, ...] = ()
    later: tuple[Later, ...] = ()
    withdrawn: bool = False
    said: Said | None = None
    again: float | None = None


def after_working_days(at: datetime, days: int, chance: random.Random) -> datetime:
    """Some time in office hours so many weekdays later; the same day means hours later."""
    if days <= 0:
        return at + timedelta(minutes=chance.uniform(40, 300))
    there = at.astimezone(LONDON)
    weekday = min(there.weekday(), 4)
    moved = there + timedelta(days=weekday - there.weekday() + days + 2 * ((weekday + days) // 5))
    moved = moved.replace(hour=chance.randrange(9, 16), minute=chance.randrange(60))
    return moved.astimezone(UTC)


def at_once(need: Need, ends: datetime, chance: random.Random) -> Fate:
    """Answered, or finished, while they are with us."""
    asked = need.asked
    outcome = Outcome.ANSWERED if need.klass == "INFORM" else Outcome.COMPLETED
    words = "Answered while you were with us."
    again: float | None = None
    if chance.random() < (0.5 if asked.service == UNCLEAR else 0.1):
        again = chance.uniform(0.4, 6.0)
    turns: tuple[Turn, ...] = ()
    if asked.channel in STAFFED:
        drawn = chance.random()
        if drawn < 0.05:
            turns = (Turn(Act.HAND_ON, asked.at + timedelta(seconds=50), words="Another desk"),)
        elif drawn < 0.08:
            told = Worked(outcome=Outcome.SIGNPOSTED, words="Please ring them.", inside=True)
            return Fate(told, answered=True, said=_said(need, ends, False, chance))
    happy = again is None and not turns
    return Fate(
        Worked(outcome=outcome, words=words),
        answered=True,
        turns=turns,
        said=_said(need, ends, happy, chance),
        again=again,
    )


def later(need: Need, chance: random.Random) -> Fate:
    """Done, or not, by whoever is asked to."""
    habit, drawn = habit_of(need.owner, need.asked.progress), chance.random()
    chased = habit.chased if need.known else 0.0
    shares = (
        (habit.late, _late), (chased, _chased), (habit.returned, _returned),
        (habit.asked, _asked), (habit.rejected, _rejected), (habit.reopened, _reopened),
        (habit.expired, _expired), (0.012 if need.known else 0.0, _withdrawn),
        (0.012, _a_half_no), (0.002, _never),
    )  # fmt: skip
    for share, tell in shares:
        if drawn < share:
            return tell(need, chance)
        drawn -= share
    return _well(need, chance)


def _promise(need: Need) -> int:
    return need.promise_wd or 5


def _in_time(need: Need, chance: random.Random) -> datetime:
    most = max(_promise(need) - 1, 0)
    return after_working_days(need.asked.at, round(most * chance.betavariate(2, 2)), chance)


def _accepted(at: datetime, by: datetime, chance: random.Random) -> datetime:
    return min(at + timedelta(hours=chance.expovariate(1 / 5)), at + (by - at) * 0.6)


def _done(at: datetime, chance: random.Random) -> Worked:
    outcome = chance.choices(
        (Outcome.COMPLETED, Outcome.FULFILLED, Outcome.DECIDED_NO, Outcome.ANSWERED),
        (70, 15, 8, 7),
    )[0]
    words = "It is done."
    if outcome is Outcome.DECIDED_NO:
        words = "We cannot do this here. You can ask for a review within 20 working days."
    return Worked(None, _NAME, at, outcome, words)


def _well(need: Need, chance: random.Random) -> Fate:
    asked = need.asked
    ends = _in_time(need, chance)
    worked = replace(_done(ends, chance), accepted_at=_accepted(asked.at, ends, chance))
    drawn = chance.random()
    more: tuple[Later, ...] = ()
    if need.known and drawn < 0.045:
        at = asked.at + (ends - asked.at) * chance.uniform(0.1, 0.8)
        more = (_again(need, at, ItemKind.NEW_INFORMATION, "It has got bigger.", chance),)
    elif need.known and drawn < 0.07:
        at = ends + timedelta(hours=chance.uniform(2, 40))
        more = (_again(need, at, ItemKind.THANKS, "Thank you.", chance),)
    again = chance.uniform(0.5, 9.0) if chance.random() < 0.075 else None
    said = _said(need, ends, again is None, chance)
    return Fate(worked, later=more, said=said, again=again)


def _late(need: Need, chance: random.Random) -> Fate:
    asked, promise = need.asked, _promise(need)
    due = after_working_days(asked.at, promise, chance)
    over = after_working_days(asked.at, promise + 2 + chance.randrange(3 + promise), chance)
    accepted = _accepted(asked.at, due, chance)
    more: tuple[Later, ...] = ()
    if need.known and chance.random() < 0.5:
        more = (_chase(need, due + (over - due) * chance.uniform(0.3, 0.9), chance),)
    worked = replace(_done(over, chance), accepted_at=accepted)
    return Fate(worked, later=more, said=_said(need, over, False, chance))


def _chased(need: Need, chance: random.Random) -> Fate:
    asked, ends = need.asked, _in_time(need, chance)
    times = 1 + (chance.random() < 0.25)
    chases = [
        _chase(need, asked.at + (ends - asked.at) * chance.uniform(0.35, 0.95), chance)
        for _ in range(times)
    ]
    worked = replace(_done(ends, chance), accepted_at=_accepted(asked.at, ends, chance))
    return Fate(worked, later=tuple(chases), said=_said(need, ends, False, chance))


def _returned(need: Need, chance: random.Random) -> Fate:
    words = "Which side of the road is it?"
    return _twice(need, Act.RETURN, words, need.owner, timedelta(hours=5), chance)


def _rejected(need: Need, chance: random.Random) -> Fate:
    return _twice(need, Act.REJECT, "Not our road.", need.other, timedelta(hours=6), chance)


def _expired(need: Need, chance: random.Random) -> Fate:
    return _twice(need, Act.EXPIRE, "No answer in time.", need.owner, timedelta(days=6), chance)


def _twice(
    need: Need, act: Act, words: str, then: str, waits: timedelta, chance: random.Random
) -> Fate:
    """Offered, given back, offered again, done."""
    at = need.asked.at
    back = at + waits * chance.uniform(0.5, 1.5)
    offered = back + timedelta(hours=chance.uniform(0.5, 5))
    accepted = offered + timedelta(hours=chance.uniform(0.5, 6))
    ends = max(_in_time(need, chance), accepted + timedelta(hours=2))
    turns = (
        Turn(act, back, words=words),
        Turn(Act.OFFER, offered, to=then),
        Turn(Act.ACCEPT, accepted),
    )
    happy = act is not Act.RETURN
    return Fate(_done(ends, chance), turns=turns, said=_said(need, ends, happy, chance))


def _asked(need: Need, chance: random.Random) -> Fate:
    at = need.asked.at
    accepted = at + timedelta(hours=chance.uniform(1, 9))
    asks = accepted + timedelta(hours=chance.uniform(1, 20))
    tells = asks + timedelta(hours=chance.uniform(2, 70))
    ends = after_working_days(tells, max(_promise(need) // 2, 1), chance)
    turns = (
        Turn(Act.ACCEPT, accepted),
        Turn(
            Act.ASK, asks, words="Could you send us a photo?",
            is_foreseeable=chance.random() < 0.8,
        ),
        Turn(Act.TOLD, tells, words="Here it is."),
    )  # fmt: skip
    reply = _again(need, tells, ItemKind.REPLY_TO_US, "Here it is.", chance)
    return Fate(_done(ends, chance), turns=turns, later=(reply,))


def _reopened(need: Need, chance: random.Random) -> Fate:
    ends = _in_time(need, chance)
    back = ends + timedelta(days=chance.uniform(0.3, 5))
    ends_again = after_working_days(back, chance.randrange(1, 4), chance)
    turns = (
        Turn(Act.ACCEPT, _accepted(need.asked.at, ends, chance)),
        Turn(Act.RESOLVE, ends, words="It is done."),
        Turn(Act.REOPEN, back, words="It is not solved."),
    )
    word = "It is not solved."
    repeat = replace(
        _again(need, back, ItemKind.REPEAT, word, chance), avoidable="closed_too_early"
    )
    return Fate(
        _done(ends_again, chance),
        turns=turns,
        later=(repeat,),
        said=_said(need, ends_again, False, chance),
    )


def _withdrawn(need: Need, chance: random.Random) -> Fate:
    at = need.asked.at + timedelta(hours=chance.uniform(1, 30))
    off = Later(
        Channel.WEB, at, ItemKind.NEW_INFORMATION, words="No longer needed.",
        evidence="tracking_link",
    )  # fmt: skip
    words = "You told us that you do not need this any more, so we stopped."
    worked = Worked(None, _NAME, at, Outcome.WITHDRAWN, words)
    return Fate(worked, later=(off,), withdrawn=True)


def _a_half_no(need: Need, chance: random.Random) -> Fate:
    """A no without what they can do next (R36)."""
    ends = _in_time(need, chance)
    worked = Worked(None, _NAME, ends, Outcome.DECIDED_NO, "We do not do this.", next_step="")
    accepted = _accepted(need.asked.at, ends, chance)
    said = _said(need, ends, False, chance)
    return Fate(replace(worked, accepted_at=accepted), said=said)


def _never(_need: Need, _chance: random.Random) -> Fate:
    return Fate()


def _chase(need: Need, at: datetime, chance: random.Random) -> Later:
    one = _again(need, at, ItemKind.CHASE, "How is it going?", chance)
    return replace(one, avoidable="progress_chasing")


def _again(need: Need, at: datetime, kind: ItemKind, words: str, chance: random.Random) -> Later:
    """They come again, by the door that is open at that hour."""
    there = at.astimezone(LONDON)
    is_open = there.weekday() < 5 and 8 <= there.hour < 18
    channels = (Channel.PHONE, Channel.WEB, Channel.EMAIL, Channel.SMS)
    channel = chance.choices(channels, (60 if is_open else 0, 25, 10, 5))[0]
    staffed = channel in STAFFED
    return Later(
        channel,
        at,
        kind,
        words=words,
        ended_at=at + timedelta(seconds=chance.randrange(60, 300) if staffed else 0),
        site="contact-centre" if staffed else "",
        agent_id=need.agent_id if staffed else None,
        evidence="agent_chose" if staffed else "tracking_link",
    )


def _said(need: Need, at: datetime, happy: bool, chance: random.Random) -> Said | None:
    """Of seven who are asked one answers; who is not content more often."""
    if not need.known or chance.random() > (0.12 if happy else 0.2):
        return None
    answer = chance.choices(("yes", "partly", "no"), (84, 9, 7) if happy else (34, 26, 40))[0]
    return Said(answer, "done", at + timedelta(minutes=chance.uniform(5, 600)))
