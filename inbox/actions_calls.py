"""Writes down what is heard of calls, and keeps the list of those who wait to be rung back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.permissions import Permission, Viewer
from core import audit, sealing
from core.errors import DomainError
from core.privacy import address_hash
from inbox import actions_lines
from inbox.calls import (
    LIVE,
    UNANSWERED,
    Attempt,
    CallState,
    Direction,
    Fact,
    News,
    Standing,
    began_at,
    standing,
    together,
)
from inbox.models import Call, Callback, CallbackEnd, CallerCheck, Leg

PURPOSE = "caller"
# A call of which no end was told is over by then.
LONGEST_CALL = timedelta(hours=4)
# Whom somebody took and did not ring is anybody's again.
TAKEN_FOR = timedelta(minutes=30)
# So often nobody answered: they are not rung again until they ring.
MOST_TRIES = 3
# Numbers of callers are kept as long as a contact of which nobody knows whose it is.
KEPT = timedelta(days=90)
# How far back a row of redials is followed.
_MOST_ATTEMPTS = 20


class NoSuchCall(DomainError):
    code = "no_such_call"


class CallTaken(DomainError):
    code = "call_taken"


class CallbackOver(DomainError):
    code = "callback_over"


class CallbackNotTaken(DomainError):
    code = "callback_not_taken"


@dataclass(frozen=True, slots=True)
class Heard:
    """How a call stands after news of it. `began_at` is when this caller's attempt began; `agent`
    says that somebody at a desk has the call, and `answerer` who answered it at their telephone.
    `for_call` is the call that a telephone of ours was rung for, where the news was of that."""

    id: int
    caller_hash: str
    standing: Standing
    began_at: datetime
    contact: uuid.UUID | None
    is_inbound: bool
    agent: bool
    answerer: Viewer | None = None
    for_call: str = ""


def hear(news: News, *, now: datetime) -> Heard:
    """Adds news to a call, and puts its caller on the list or takes them off it.

    The same news twice, or late, changes nothing. Belongs into a transaction of the caller's.
    """
    call = _held(news, now=now)
    known = {Fact(name): datetime.fromisoformat(at) for name, at in call.heard.items()}
    facts = dict(news.facts)
    if news.waited is not None and Fact.ANSWERED not in known:
        began = min([*known.values(), *facts.values()], default=now)
        facts[Fact.ANSWERED] = began + timedelta(seconds=news.waited)
    if not known and not facts:
        facts[Fact.RANG] = now
    whole = together(known, facts)
    stands = standing(whole)
    if whole != known:
        call.heard = {fact.value: at.isoformat() for fact, at in whole.items()}
        call.state, call.rang_at = stands.state.value, stands.rang_at
        call.answered_at, call.ended_at = stands.answered_at, stands.ended_at
    is_inbound = call.direction == Direction.INBOUND.value
    leg = None
    if news.leg is not None:
        leg = actions_lines.hear_leg(news.leg, call=call if is_inbound else None)
    answerer = actions_lines.answered_by(call) if is_inbound and call.agent_id is None else None
    if answerer is not None:
        call.agent_id = answerer.id
    call.save()
    if is_inbound and whole != known:
        actions_lines.tell(call)
    if is_inbound and call.caller_hash:
        _one_at_a_time(call.caller_hash)
        if stands.answered_at is not None:
            _got_through(call, stands.answered_at, now=now)
        elif stands.state in UNANSWERED:
            _wants_to_be_rung(call)
    return Heard(
        id=call.pk,
        caller_hash=call.caller_hash,
        standing=stands,
        began_at=_began_at(call),
        contact=call.contact,
        is_inbound=is_inbound,
        agent=call.agent_id is not None,
        answerer=answerer,
        for_call=leg.call.sid if not is_inbound and leg is not None and leg.call else "",
    )


def _held(news: News, *, now: datetime) -> Call:
    """The call's row, locked; written first where this is the first that is heard of it."""
    Call.objects.bulk_create(
        [
            Call(
                sid=news.sid,
                direction=news.direction.value,
                rang_at=min(news.facts.values(), default=now),
            )
        ],
        ignore_conflicts=True,
    )
    call = Call.objects.select_for_update(of=("self",), no_key=True).get(sid=news.sid)
    if news.caller and not call.caller_hash and call.direction == Direction.INBOUND.value:
        call.caller_hash = address_hash("phone", news.caller)
        call.sealed = sealing.seal(news.caller, purpose=PURPOSE)
    call.dialled = call.dialled or news.dialled[:40]
    return call


def _one_at_a_time(caller_hash: str) -> None:
    """What else is heard of this number waits until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [caller_hash])


def _wants_to_be_rung(call: Call) -> None:
    """Their call came to nothing: one line for all such calls, until somebody has spoken to them.

    Not where they have been spoken to since: this is old news then.
    """
    if call.callback_id is not None:
        return
    of_caller = Call.objects.filter(caller_hash=call.caller_hash, direction=call.direction)
    settled = Callback.objects.filter(
        caller_hash=call.caller_hash, closed_at__gt=call.rang_at
    ).exclude(closed_how=CallbackEnd.RANG_AGAIN.value)
    if of_caller.filter(answered_at__gte=call.rang_at).exists() or settled.exists():
        return
    line, created = Callback.objects.get_or_create(
        caller_hash=call.caller_hash,
        closed_at=None,
        defaults={"sealed": call.sealed, "since": call.rang_at},
    )
    if not created and call.rang_at < line.since:
        Callback.objects.filter(pk=line.pk).update(since=call.rang_at)
    call.callback = line
    call.save(update_fields=["callback"])


def _got_through(call: Call, answered_at: datetime, *, now: datetime) -> None:
    """They have been answered: nobody need ring them about what came before."""
    if call.callback_id is not None:
        # It was taken for one that came to nothing: the news of its answer came late.
        call.callback = None
        call.save(update_fields=["callback"])
    held = Callback.objects.select_for_update(of=("self",), no_key=True)
    line = held.filter(caller_hash=call.caller_hash, closed_at=None).first()
    if line is None or (line.wanted_at is not None and line.wanted_at > answered_at):
        return  # whoever chose a time is rung at that time, whatever else they ring about
    rang = list(line.calls.values_list("rang_at", flat=True))
    if not rang and line.taken_by_id is None and not line.tries:
        line.delete()
    elif not rang or min(rang) <= answered_at:
        _close(line, CallbackEnd.RANG_AGAIN, now=now)


def _close(line: Callback, how: CallbackEnd, *, now: datetime) -> None:
    line.closed_at, line.closed_how = now, how.value
    line.save(update_fields=["closed_at", "closed_how"])


def _began_at(call: Call) -> datetime:
    if not call.caller_hash:
        return call.rang_at
    before = Call.objects.filter(
        caller_hash=call.caller_hash, direction=Direction.INBOUND.value, rang_at__lt=call.rang_at
    ).order_by("-rang_at", "-pk")
    rows = before.values_list("state", "rang_at", "ended_at")[:_MOST_ATTEMPTS]
    return began_at(
        call.rang_at, [Attempt(CallState(state), rang, ended) for state, rang, ended in rows]
    )


def attach(call_id: int, *, contact: uuid.UUID) -> None:
    """Says which phone contact a call has become."""
    Call.objects.filter(pk=call_id).update(contact=contact)


def overdue(*, now: datetime, limit: int = 200) -> list[News]:
    """Calls whose end was never told, each with the end that they are given: the last that was
    heard of them. Nobody answered, as far as we know, where no answer was told of."""
    rows = Call.objects.filter(
        state__in=[state.value for state in LIVE], rang_at__lt=now - LONGEST_CALL
    ).order_by("rang_at")
    found = []
    for row in rows[:limit]:
        last = max(datetime.fromisoformat(at) for at in row.heard.values())
        end = Fact.UNANSWERED if row.answered_at is None else Fact.OVER
        found.append(News(row.sid, {end: last}))
    return found


@transaction.atomic
def take_call(*, public_id: uuid.UUID, viewer: Viewer) -> uuid.UUID:
    """Says that a call is this agent's, and which contact it is. Raises NoSuchCall, CallTaken."""
    _may(viewer)
    held = Call.objects.select_for_update(of=("self",), no_key=True)
    call = held.filter(public_id=public_id, contact__isnull=False).first()
    if call is None or call.contact is None:
        raise NoSuchCall("There is no such call")
    if call.agent_id not in (None, viewer.id):
        raise CallTaken("Somebody else has this call. If it is yours, start a contact by hand")
    call.agent_id = viewer.id
    call.save(update_fields=["agent"])
    return call.contact


def _may(viewer: Viewer) -> None:
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        raise NoSuchCall("There is no such call")


def open_line(public_id: uuid.UUID, viewer: Viewer) -> Callback:
    """An open line of the list, locked. Raises NoSuchCall, CallbackOver."""
    _may(viewer)
    held = Callback.objects.select_for_update(of=("self",), no_key=True)
    line = held.filter(public_id=public_id).first()
    if line is None:
        raise NoSuchCall("There is no such call")
    if line.closed_how == CallbackEnd.RANG_AGAIN.value:
        raise CallbackOver("They rang again and were answered. Nobody has to ring them")
    if line.closed_at is not None:
        raise CallbackOver("Somebody has settled this already. Nobody has to ring them")
    return line


def _mine(public_id: uuid.UUID, viewer: Viewer) -> Callback:
    """The same where the viewer has taken it. Raises CallbackNotTaken as well."""
    line = open_line(public_id, viewer)
    if line.taken_by_id != viewer.id:
        raise CallbackNotTaken("Take the call before you say how it went")
    return line


@transaction.atomic
def take(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """This agent rings them now, and is shown the number. Raises NoSuchCall, CallbackOver,
    CallTaken."""
    line = open_line(public_id, viewer)
    taken = line.taken_at is not None and line.taken_at > now - TAKEN_FOR
    if taken and line.taken_by_id not in (None, viewer.id):
        raise CallTaken("Somebody else is ringing them now")
    line.taken_by_id, line.taken_at = viewer.id, now
    line.save(update_fields=["taken_by", "taken_at"])
    _write_down("callback.taken", line, viewer, now=now)


@transaction.atomic
def put_back(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """This agent does not ring them after all."""
    line = _mine(public_id, viewer)
    line.taken_by_id = line.taken_at = None
    line.save(update_fields=["taken_by", "taken_at"])
    _write_down("callback.put_back", line, viewer, now=now)


@transaction.atomic
def no_answer(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> int:
    """They did not answer. Whoever tries next sees it; after the last try they are left alone.

    Returns how many tries are left.
    """
    line = _mine(public_id, viewer)
    line.tries, line.tried_at = line.tries + 1, now
    line.taken_by_id = line.taken_at = None
    line.save(update_fields=["tries", "tried_at", "taken_by", "taken_at"])
    if line.tries >= MOST_TRIES:
        _close(line, CallbackEnd.UNREACHABLE, now=now)
    _write_down("callback.no_answer", line, viewer, now=now)
    return MOST_TRIES - line.tries


@transaction.atomic
def wrong_number(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """Who answered had not rung us. Nobody rings them again."""
    line = _mine(public_id, viewer)
    _close(line, CallbackEnd.WRONG_NUMBER, now=now)
    _write_down("callback.wrong_number", line, viewer, now=now)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Whom somebody has rung back: since when they had tried, and the hash of their number."""

    began_at: datetime
    caller_hash: str


@transaction.atomic
def spoke(*, public_id: uuid.UUID, viewer: Viewer, contact: uuid.UUID, now: datetime) -> Spoken:
    """They answered, and it became a contact."""
    line = _mine(public_id, viewer)
    last = line.calls.order_by("-rang_at", "-pk").first()
    line.contact = contact
    line.save(update_fields=["contact"])
    _close(line, CallbackEnd.SPOKE, now=now)
    _write_down("callback.spoke", line, viewer, now=now)
    if last is None and line.wanted_at is not None:
        return Spoken(now, line.caller_hash)  # nobody rang in vain: it begins as we ring
    return Spoken(_began_at(last) if last is not None else line.since, line.caller_hash)


def _write_down(action: str, line: Callback, viewer: Viewer, *, now: datetime) -> None:
    audit.record(action, actor=viewer.actor, target=f"callback:{line.public_id}", at=now)


def forget(*, now: datetime, after: timedelta = KEPT) -> int:
    """Deletes calls and lines of long ago, with the numbers. Returns how many."""
    calls = Call.objects.filter(rang_at__lt=now - after)
    lines = Callback.objects.filter(since__lt=now - after)
    Leg.objects.filter(rang_at__lt=now - after).delete()
    CallerCheck.objects.filter(at__lt=now - after).delete()
    return _deleted(calls.delete()) + _deleted(lines.delete())


def forget_callers(digests: Collection[str]) -> int:
    """Deletes all calls from these numbers (their keyed hashes). Returns how many rows."""
    known = [digest for digest in digests if digest]
    calls = Call.objects.filter(caller_hash__in=known)
    lines = Callback.objects.filter(caller_hash__in=known)
    return _deleted(calls.delete()) + _deleted(lines.delete())


def _deleted(found: tuple[int, dict[str, int]]) -> int:
    # Which telephones rang for a call goes with it, and is no row of its own for who counts.
    return sum(number for name, number in found[1].items() if name != Leg._meta.label)
