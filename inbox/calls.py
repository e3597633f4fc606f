"""What a telephone call has come to, from all that was heard of it in whatever order. Pure.

Providers tell of a call in pieces that come late, twice or turned round. So nothing here goes from
one state to the next: how a call stands is worked out anew from everything heard so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

# Somebody who gives up and rings again within this is still at their first attempt (R40).
REDIAL = timedelta(hours=2)


class CallState(StrEnum):
    """How a call stands. `missed`: nobody took it; `hung_up`: they gave up before anybody could."""

    RINGING = "ringing"
    ANSWERED = "answered"
    MISSED = "missed"
    HUNG_UP = "hung_up"
    ENDED = "ended"


LIVE = frozenset({CallState.RINGING, CallState.ANSWERED})
UNANSWERED = frozenset({CallState.MISSED, CallState.HUNG_UP})


class Fact(StrEnum):
    """One thing that was heard of a call. Each is true for good, whenever it is heard."""

    RANG = "rang"
    CLOSED = "closed"  # it came when nobody answers, and was told when somebody does
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # nobody took it
    GAVE_UP = "gave_up"
    OVER = "over"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class OfLeg:
    """What is said of one telephone that rings for a call. `line` is its address: a number in
    E.164, or a name such as client:ann; "" where only its id is told."""

    sid: str
    facts: Mapping[Fact, datetime]
    line: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What a provider says of one call. `caller` is a number in E.164, "" where none is told.

    `waited` are the seconds after which it was answered, where that is told only later. `leg` is
    the telephone that the news came by.
    """

    sid: str
    facts: Mapping[Fact, datetime]
    caller: str = ""
    dialled: str = ""
    direction: Direction = Direction.INBOUND
    waited: int | None = None
    leg: OfLeg | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call stands: its times are never out of order."""

    state: CallState
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a caller, as far as it matters for whether the next one is a redial."""

    state: CallState
    rang_at: datetime
    ended_at: datetime | None


def together(
    known: Mapping[Fact, datetime], heard: Mapping[Fact, datetime]
) -> dict[Fact, datetime]:
    """Both, each fact at the earliest time that was told of it: twice is once, in any order."""
    found = dict(known)
    for fact, at in heard.items():
        found[fact] = min(at, found.get(fact, at))
    return found


def standing(heard: Mapping[Fact, datetime]) -> Standing:
    """How a call stands of which this was heard; of some call that is one thing at least."""
    rang_at = min(heard.values())
    over = heard.get(Fact.OVER)
    if Fact.ANSWERED in heard:
        answered_at = heard[Fact.ANSWERED]
        # Told without a time of its own, an answer may be heard of after the end.
        ended_at = over or heard.get(Fact.GAVE_UP)
        if ended_at is not None:
            answered_at = min(answered_at, ended_at)
        state = CallState.ANSWERED if ended_at is None else CallState.ENDED
        return Standing(state, rang_at, answered_at, ended_at)
    waits_until = [
        heard[fact] for fact in (Fact.UNANSWERED, Fact.GAVE_UP, Fact.OVER) if fact in heard
    ]
    if not waits_until:
        return Standing(CallState.RINGING, rang_at, None, None)
    ended_at = min(waits_until)
    if Fact.CLOSED in heard:
        return Standing(CallState.ENDED, rang_at, None, ended_at)
    missed = Fact.UNANSWERED in heard
    return Standing(CallState.MISSED if missed else CallState.HUNG_UP, rang_at, None, ended_at)


def began_at(rang_at: datetime, before: Iterable[Attempt]) -> datetime:
    """When the attempt of who rang at a time began. `before` are their calls, the latest first.

    A redial within two hours of a call that came to nothing goes on with it, and so back to the
    first; a call that was answered ends the row.
    """
    for one in takewhile(lambda attempt: attempt.state in UNANSWERED, before):
        if one.ended_at is None or rang_at - one.ended_at > REDIAL:
            break
        rang_at = min(rang_at, one.rang_at)
    return rang_at
