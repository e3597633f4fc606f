"""Reads what Twilio tells of a call: which call, and what became of it. Pure.

It tells of the call that came in, and of one more for each telephone that it lets ring for that
call: these name the first as their parent. Somebody has answered when one of these does. Of the
first itself Twilio says so only where the two were joined at once: picking up to speak our welcome
is not told of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from channels import numbers
from inbox.calls import Direction, Fact, News, OfLeg

SID = re.compile(r"CA[0-9A-Fa-f]{32}")
LINE = re.compile(r"(?:client|sip):[^\s\x00]{1,120}", re.IGNORECASE)
QUEUE = re.compile(r"queue:([\w .-]{1,64})")
# A time that the provider names is believed when it is no later than now, and no older than this.
OLDEST = timedelta(hours=24)
LONGEST = 24 * 60 * 60

_OF_CALL = {
    "queued": Fact.RANG,
    "initiated": Fact.RANG,
    "ringing": Fact.RANG,
    "in-progress": Fact.ANSWERED,
    "answered": Fact.ANSWERED,
    "completed": Fact.OVER,
    "busy": Fact.UNANSWERED,
    "no-answer": Fact.UNANSWERED,
    "failed": Fact.UNANSWERED,
    "canceled": Fact.GAVE_UP,
}
_ANSWERS = frozenset({"in-progress", "answered"})
_TALKED = frozenset({"completed", "answered"})
_GONE = frozenset({"completed", "canceled"})
_BRIDGED = frozenset({"bridged", "redirected-from-bridged"})
# They were sent elsewhere while they waited: that tells its own news.
_ELSEWHERE = "redirected"


class NotACall(ValueError):
    """The request lacks what makes news of a call: its id, or what became of it."""


def incoming(fields: Mapping[str, str], *, is_open: bool, now: datetime) -> News:
    """A call comes in. Raises NotACall."""
    facts = {Fact.RANG: now} if is_open else {Fact.RANG: now, Fact.CLOSED: now}
    return _news(fields, facts)


def status(fields: Mapping[str, str], *, now: datetime) -> News | None:
    """What became of a call, or of a telephone that rang for it; None where it says nothing of
    either. Raises NotACall."""
    at = _time(fields, now=now)
    if fields.get("DequeingCallSid"):
        # Somebody has just taken it from the queue, with a call of their own.
        taken = {Fact.ANSWERED: at}
        taker = fields["DequeingCallSid"]
        leg = OfLeg(taker, taken) if SID.fullmatch(taker) else None
        return replace(_news(fields, taken), leg=leg)
    word = fields.get("CallStatus", "").lower()
    if not word:
        raise NotACall("CallStatus")
    fact = _OF_CALL.get(word)
    if fields.get("ParentCallSid"):
        return _of_leg(fields, word, {fact: at} if fact else {}, at)
    news = _news(fields, {fact: at} if fact else {})
    if news.direction is Direction.OUTBOUND and fact:
        # One of ours is rung: by and by a queue says which caller it is for.
        news = replace(news, leg=OfLeg(news.sid, news.facts, _line(fields)))
    return news if fact else None


def _of_leg(
    fields: Mapping[str, str], word: str, facts: Mapping[Fact, datetime], at: datetime
) -> News | None:
    """A telephone rings for a call, is answered or rings no more: the call itself goes on."""
    sid, leg = _sid(fields, "ParentCallSid"), fields.get("CallSid", "")
    answered = {Fact.ANSWERED: at} if word in _ANSWERS else {}
    if not SID.fullmatch(leg) or not facts:
        return News(sid, answered) if answered else None
    return News(sid, answered, leg=OfLeg(leg, facts, _line(fields)))


def _line(fields: Mapping[str, str]) -> str:
    """The address of the telephone that rings: a number, or a name at the provider."""
    to = fields.get("To", "").strip()
    return numbers.told(to) or (to if LINE.fullmatch(to) else "")


def dialled(fields: Mapping[str, str], *, now: datetime) -> News | None:
    """How the ringing, or the waiting in a queue, has ended; None where it goes on elsewhere.
    Raises NotACall."""
    rang, queued = fields.get("DialCallStatus", "").lower(), fields.get("QueueResult", "").lower()
    if not rang and not queued:
        raise NotACall("DialCallStatus")
    is_gone = fields.get("CallStatus", "").lower() in _GONE
    if rang in _TALKED:
        talked = timedelta(seconds=_seconds(fields, "DialCallDuration") or 0)
        return _news(fields, {Fact.ANSWERED: now - talked, Fact.OVER: now})
    if queued in _BRIDGED:
        return _news(fields, {Fact.OVER: now}, waited=_seconds(fields, "QueueTime") or 0)
    if queued == _ELSEWHERE:
        return None
    gave_up = is_gone or rang == "canceled" or queued == "hangup"
    return _news(fields, {Fact.GAVE_UP if gave_up else Fact.UNANSWERED: now})


def _news(
    fields: Mapping[str, str], facts: Mapping[Fact, datetime], *, waited: int | None = None
) -> News:
    outbound = fields.get("Direction", "").lower().startswith("outbound")
    return News(
        sid=_sid(fields, "CallSid"),
        facts=facts,
        caller="" if outbound else numbers.told(fields.get("From", "")),
        dialled="" if outbound else numbers.told(fields.get("To", "")),
        direction=Direction.OUTBOUND if outbound else Direction.INBOUND,
        waited=waited,
    )


def _sid(fields: Mapping[str, str], name: str) -> str:
    sid = fields.get(name, "")
    if not SID.fullmatch(sid):
        raise NotACall(name)
    return sid


def _seconds(fields: Mapping[str, str], name: str) -> int | None:
    text = fields.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return None
    return min(int(text), LONGEST)


def _time(fields: Mapping[str, str], *, now: datetime) -> datetime:
    """When it happened, as the provider says; now where it says nothing that can be."""
    try:
        told = parsedate_to_datetime(fields.get("Timestamp", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return now
    if told.tzinfo is None or not now - OLDEST <= told <= now:
        return now
    return told
