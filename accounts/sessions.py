"""The session engine: Django's own in PostgreSQL, whose rows say whose they are.

Staff are out after half an hour without a click and twelve hours after they came in. Both stand
in the row's own date of expiry, so that no request asks the database once more for them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import CharField
from django.utils import timezone

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
        found = _kept().rows(key=self.session_key, now=timezone.now())
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
    key = Given("key", CharField())
    return objects(Session.objects.filter(session_key=key, expire_date__gt=NOW), prepared=True)


def stands(session: SessionBase, user: User) -> bool:
    """Whether a session lets this person in: a second factor was given, or it is the demo's."""
    if user.is_demo:
        return bool(settings.HUB_DEMO)
    return bool(session.get(FACTOR))


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
