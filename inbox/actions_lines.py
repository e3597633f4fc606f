"""Who sits at which telephone, and what is heard of the telephones that ring for calls."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

from django.db import transaction

import accounts.queries
from accounts.permissions import Permission, Viewer
from core import audit, live, sealing
from core.errors import DomainError
from core.privacy import keyed_hash
from inbox.calls import Fact, OfLeg, standing, together
from inbox.models import Call, DeskLine, Leg

PURPOSE = "desk line"
_NAMED = re.compile(r"(?:client|sip):[^\s\x00]{1,120}", re.IGNORECASE)
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")


class NotALine(DomainError):
    code = "not_a_line"
    field = "line"


class NoSuchRing(DomainError):
    code = "no_such_ring"


def _may(viewer: Viewer) -> None:
    if viewer.id is None or not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        raise NoSuchRing("There is no such call")


def _plain(line: str) -> str:
    return line.strip().lower()


def _digest(line: str) -> str:
    return keyed_hash("desk line", _plain(line))


@transaction.atomic
def sit_at(line: str, *, viewer: Viewer, now: datetime) -> bool:
    """Calls that ring at this telephone are this agent's from now on, and nobody else's.

    `line` is E.164, client:… or sip:…. Returns whether a colleague sat there until now. Raises
    NotALine, NoSuchRing.
    """
    _may(viewer)
    line = _plain(line)
    if not (_NUMBER.fullmatch(line) or _NAMED.fullmatch(line)):
        raise NotALine("Enter a phone number, or the name of a softphone like client:ann")
    digest = _digest(line)
    others = DeskLine.objects.filter(digest=digest).exclude(agent_id=viewer.id)
    moved = bool(others.delete()[0])
    DeskLine.objects.update_or_create(
        agent_id=viewer.id,
        defaults={
            "digest": digest,
            "sealed": sealing.seal(line, purpose=PURPOSE),
            "set_at": now,
        },
    )
    _write_down("line.taken", viewer, now=now)
    return moved


@transaction.atomic
def leave(*, viewer: Viewer, now: datetime) -> None:
    """No telephone rings for this agent any more. Twice changes nothing."""
    _may(viewer)
    if DeskLine.objects.filter(agent_id=viewer.id).delete()[0]:
        _write_down("line.left", viewer, now=now)


def _write_down(action: str, viewer: Viewer, *, now: datetime) -> None:
    audit.record(action, actor=viewer.actor, target=f"user:{viewer.id}", at=now)


def hear_leg(news: OfLeg, *, call: Call | None) -> Leg | None:
    """Adds news to a telephone that rings; None for one at which nobody of ours sits.

    `call` is the call that it rings for, where that is told. In any order, and twice, it comes to
    the same. Belongs into a transaction of the caller's.
    """
    agent = _sits_at(news.line)
    known = Leg.objects.filter(sid=news.sid).exists()
    if not known and agent is None and (call is None or news.line):
        return None
    if not known:
        first = min(news.facts.values())
        Leg.objects.bulk_create([Leg(sid=news.sid, rang_at=first)], ignore_conflicts=True)
    leg = Leg.objects.select_for_update(of=("self",), no_key=True).get(sid=news.sid)
    heard = {Fact(name): datetime.fromisoformat(at) for name, at in leg.heard.items()}
    whole = together(heard, news.facts)
    stands = standing(whole)
    leg.heard = {fact.value: at.isoformat() for fact, at in whole.items()}
    leg.state, leg.rang_at = stands.state.value, stands.rang_at
    leg.answered_at, leg.ended_at = stands.answered_at, stands.ended_at
    leg.agent_id = leg.agent_id or agent
    leg.call_id = leg.call_id or (call.pk if call is not None else None)
    leg.save()
    if leg.agent_id is not None:
        _tell(leg.agent_id)
    return leg


def tell(call: Call) -> None:
    """Tells the open pages of everybody at whose telephone a call rang that it goes on."""
    rows = Leg.objects.filter(call=call, agent__isnull=False, opened_at=None)
    for agent_id in rows.order_by().values_list("agent_id", flat=True).distinct():
        _tell(agent_id)


def _tell(agent_id: int) -> None:
    live.say(f"staff:{agent_id}", {"what": "rings"})


def _sits_at(line: str) -> int | None:
    if not line:
        return None
    rows = DeskLine.objects.filter(digest=_digest(line))
    return rows.values_list("agent_id", flat=True).first()


def answered_by(call: Call) -> Viewer | None:
    """Whoever of ours answered a call first, if they may handle contacts today."""
    rows = Leg.objects.filter(call=call, agent__isnull=False, answered_at__isnull=False)
    for leg in rows.select_related("agent").order_by("answered_at", "pk"):
        viewer = accounts.queries.viewer_for_user(leg.agent) if leg.agent else None
        if viewer is not None and viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS):
            return viewer
    return None


@transaction.atomic
def open_ring(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> uuid.UUID:
    """This agent goes on with a call that rang at their telephone and was answered.

    Returns its contact. Twice is once. Raises NoSuchRing, also for what rang at another's.
    """
    _may(viewer)
    held = Leg.objects.select_for_update(of=("self",), no_key=True).select_related("call")
    leg = held.filter(public_id=public_id, agent_id=viewer.id).first()
    if leg is None or leg.call is None or leg.call.contact is None:
        raise NoSuchRing("There is no such call")
    if leg.opened_at is None:
        leg.opened_at = now
        leg.save(update_fields=["opened_at"])
    return leg.call.contact


@transaction.atomic
def put_away(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """The notice of a call goes from this agent's pages; the call and its contact stay."""
    _may(viewer)
    rows = Leg.objects.filter(public_id=public_id, agent_id=viewer.id)
    if not rows.exists():
        raise NoSuchRing("There is no such call")
    rows.filter(opened_at=None).update(opened_at=now)
