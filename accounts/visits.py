"""Where somebody is signed in, and the end of it: one session, all others, all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import models, transaction

from accounts.actions_sign_in import network_hash
from accounts.models import Session, User
from accounts.sessions import SessionStore
from core import audit
from core.audit import Actor


@dataclass(frozen=True, slots=True)
class Visit:
    """One session as its owner sees it. `mark` names it without being its key."""

    mark: str
    browser: str
    network: str
    same_network: bool
    started_at: datetime | None
    seen_at: datetime | None
    is_here: bool


def of(user: User, *, here: str | None, network: str, now: datetime) -> list[Visit]:
    """The live sessions of somebody, this one first, then the latest."""
    ours = network_hash(network)
    rows = Session.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at")
    visits = [
        Visit(
            mark=_mark(row.pk),
            browser=row.browser or "Another browser",
            network=row.network_hash[:6],
            same_network=row.network_hash == ours,
            started_at=row.started_at,
            seen_at=row.seen_at,
            is_here=row.pk == here,
        )
        for row in rows
    ]
    return sorted(visits, key=lambda visit: not visit.is_here)


@transaction.atomic
def end_one(*, user: User, mark: str, actor: Actor, now: datetime) -> bool:
    """Ends the session with this mark; False when there is none any more."""
    for row in Session.objects.filter(user=user):
        if _mark(row.pk) == mark:
            row.delete()
            _record(user, 1, actor, now)
            return True
    return False


@transaction.atomic
def end_others(*, user: User, here: str | None, actor: Actor, now: datetime) -> int:
    """Ends every session but the one with the key `here`; how many."""
    return _end(Session.objects.filter(user=user).exclude(pk=here), user, actor, now)


@transaction.atomic
def end_all(*, user: User, actor: Actor, now: datetime) -> int:
    """Signs somebody out everywhere, at once; how many sessions that were."""
    return _end(Session.objects.filter(user=user), user, actor, now)


def _end(rows: models.QuerySet[Session], user: User, actor: Actor, now: datetime) -> int:
    ended, _ = rows.delete()
    if ended:
        _record(user, ended, actor, now)
    return ended


def _record(user: User, ended: int, actor: Actor, now: datetime) -> None:
    audit.record(
        "user.signed_out", actor=actor, target=f"user:{user.pk}", at=now, data={"sessions": ended}
    )


def _mark(key: str) -> str:
    return hashlib.sha256(f"visit:{key}".encode()).hexdigest()[:32]


def look_only(session: SessionBase) -> None:
    """This request is of a page that looks again by itself: nobody's click."""
    if isinstance(session, SessionStore):
        session.look_only()
