"""The session engine: Django's own in PostgreSQL, whose rows say whose they are.

Staff are out after half an hour without a click and twelve hours after they came in. Both stand
in the row's own date of expiry, so that no request asks the database once more for them. Who they
are, and what they may do today, is read with the row: one statement where there were three.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import CharField, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import queries
from accounts.models import Session, User
from core.statements import NOW, Given, Objects, objects

# What a session of staff holds: how the second factor was given, when and from where it began.
FACTOR, BEGAN = "second_factor", "began"
# How exact the last click is kept: one update a minute for who is busy.
TOUCH_EVERY = timedelta(minutes=1)


def end_of(started_at: datetime, seen_at: datetime) -> datetime:
    """When a session of staff ends that is not used any more."""
    idle = timedelta(minutes=settings.STAFF_IDLE_MINUTES)
    return min(seen_at + idle, started_at + timedelta(hours=settings.STAFF_SESSION_HOURS))


class SessionStore(DatabaseStore):
    """Keeps whose session it is beside what it holds."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        found = _kept().rows(key=self.session_key, now=now, today=timezone.localdate(now))
        self.row = next(iter(found), None)
        if self.row is None:
            self._session_key = None  # as Django's own does
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for what the session holds now; saving it counts as a click."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]  # our own
        if SESSION_KEY in data:
            began, now = data.get(BEGAN) or {}, timezone.now()
            row.user_id = int(data[SESSION_KEY])
            row.network_hash, row.browser = began.get("network", ""), began.get("browser", "")
            row.started_at = _moment(began.get("at")) or (self.row and self.row.started_at) or now
            row.seen_at, row.expire_date = now, end_of(row.started_at, now)
        return row

    @property
    def user(self) -> User | None:
        """Who the session lets in, as read with it; None where Django has to look closer: nobody,
        a password that has changed, a key of ours that has."""
        held = dict(self.items())
        user = self.row.user if self.row is not None else None
        if (
            user is None
            or not user.is_active
            or held.get(SESSION_KEY) != str(user.pk)
            or held.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS
        ):
            return None
        ours = user.get_session_auth_hash()
        return user if constant_time_compare(held.get(HASH_SESSION_KEY, ""), ours) else None

    def memberships_of(self, user: User) -> list[dict[str, Any]] | None:
        """Those that hold today, as `queries.LIVE` names what is read of each, of whom the session
        was read with; None for anybody else."""
        row = self.row
        return vars(row)["live"] if row is not None and row.user_id == user.pk else None

    def look_only(self) -> None:
        """This request is a page's own that looks again by itself: nobody's click."""
        self.row = None

    def touch(self, now: datetime) -> None:
        """Notes a click of staff. A session that was ended meanwhile stays ended."""
        row = self.row
        if row is None or row.started_at is None or row.seen_at is None:
            return
        if now - row.seen_at >= TOUCH_EVERY:
            Session.objects.filter(pk=row.pk).update(
                seen_at=now, expire_date=end_of(row.started_at, now)
            )


@cache
def _kept() -> Objects[Session]:
    said = JSONObject(**{name: name for name in queries.LIVE})
    live = queries.live_of(OuterRef("user_id")).values(said=said)
    rows = Session.objects.filter(session_key=Given("key", CharField()), expire_date__gt=NOW)
    rows = rows.annotate(live=ArraySubquery(live)).select_related("user")
    return objects(rows, prepared=True)


def stands(session: SessionBase, user: User) -> bool:
    """Whether a session lets this person in: a second factor was given, or it is the demo's."""
    if user.is_demo:
        return bool(settings.HUB_DEMO)
    return bool(session.get(FACTOR))


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
