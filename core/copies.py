"""A copy of the database for reports, where DATABASE_REPLICA_URL names one: it may be a little old,
and a report that takes long is in nobody's way. What is written, and all else, goes to the first.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

COPY = "replica"

_log = logging.getLogger(__name__)
_reading: ContextVar[str] = ContextVar("core.copies", default=DEFAULT_DB_ALIAS)


@contextmanager
def reports() -> Iterator[None]:
    """Everything read within it is read from the copy. Where there is none, or it does not answer,
    as always. Also a decorator of views."""
    token = _reading.set(COPY if _answers() else DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        _reading.reset(token)


def _answers() -> bool:
    if COPY not in settings.DATABASES:
        return False
    try:
        connections[COPY].ensure_connection()
    except OperationalError:
        _log.warning("The copy of the database does not answer: reports are read from the first.")
        return False
    return True


def connection() -> BaseDatabaseWrapper:
    """The connection for a statement of one's own that only reads."""
    return connections[_reading.get()]


class Router:
    """Django asks it where to read."""

    def db_for_read(self, model: object, **hints: Any) -> str | None:
        """The copy within `reports`; elsewhere as always."""
        alias = _reading.get()
        return alias if alias != DEFAULT_DB_ALIAS else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Nothing is made in the copy: it comes with what it copies."""
        return False if db == COPY else None
