"""The right to be the only one, held in PostgreSQL for as long as a connection lives."""

from contextlib import suppress
from typing import Any

import psycopg
from django.db import connection


class SessionLock:
    """An advisory lock that is lost with its connection and taken again when it is free."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._session: psycopg.Connection[Any] | None = None

    def held(self) -> bool:
        """True if the lock is ours at this moment; tries to take it if it is not."""
        try:
            if self._session is not None:
                self._session.execute("SELECT 1")
                return True
            return self._take()
        except psycopg.Error:
            self.release()
            return False

    def release(self) -> None:
        """Let another process have it."""
        if self._session is not None:
            with suppress(psycopg.Error):
                self._session.close()
        self._session = None

    def _take(self) -> bool:
        session = open_session()
        got = session.execute("SELECT pg_try_advisory_lock(%s)", [self._number]).fetchone()
        if got and got[0]:
            self._session = session
            return True
        session.close()
        return False


def open_session() -> psycopg.Connection[Any]:
    """A connection of its own to the project's database, outside Django's hands."""
    parameters = connection.get_connection_params()
    wanted = ("host", "port", "dbname", "user", "password", "connect_timeout", "sslmode")
    return psycopg.connect(
        **{name: parameters[name] for name in wanted if name in parameters}, autocommit=True
    )
