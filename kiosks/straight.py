"""One statement that runs all day, sent straight to PostgreSQL: words in, words out.

A cursor looks at types, plans and rows anew for every call. For a heartbeat that cost more than
what PostgreSQL does (ADR 33), so it is prepared once for each connection and asked for by name.
"""

from __future__ import annotations

import hashlib
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connection
from psycopg import pq

_NAME_IS_GONE = b"26000"


class Statement:
    """A statement with $1, $2… that gives one row, or none; its casts say what is of which type."""

    def __init__(self, sql: str) -> None:
        self._sql = sql.encode()
        self._name = b"hub_" + hashlib.sha256(self._sql).hexdigest()[:16].encode()
        # The connections that know it by its name.
        self._known: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def row(self, values: list[str | None]) -> list[str | None] | None:
        """Runs it, in the transaction that there is. No word may hold a NUL."""
        if connection.connection is None:
            connection.connect()
        sent = [None if value is None else value.encode() for value in values]
        with connection.wrap_database_errors:
            result = self._result(connection.connection, sent)
            if result.status != pq.ExecStatus.TUPLES_OK:
                raise _error(connection.connection, result)
        if not result.ntuples:
            return None
        found = [result.get_value(0, number) for number in range(result.nfields)]
        return [None if one is None else one.decode() for one in found]

    def _result(self, there: psycopg.Connection[Any], sent: list[Any]) -> Any:
        server = there.pgconn
        if not there.autocommit and server.transaction_status == pq.TransactionStatus.IDLE:
            there.execute("SELECT 1")  # a transaction of Django's begins with what comes first
        if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
            # Behind a pool of connections the next call may come to another.
            return server.exec_params(self._sql, sent)
        if server.transaction_status != pq.TransactionStatus.IDLE:
            # Were the name gone, the transaction would go with it.
            return server.exec_params(self._sql, sent)
        if there not in self._known:
            self._prepare(there)
        result = server.exec_prepared(self._name, sent)
        if result.error_field(pq.DiagnosticField.SQLSTATE) == _NAME_IS_GONE:
            # psycopg lets go of all names, not only its own, when something is rolled back.
            self._prepare(there)
            result = server.exec_prepared(self._name, sent)
        return result

    def _prepare(self, there: psycopg.Connection[Any]) -> None:
        prepared = there.pgconn.prepare(self._name, self._sql)
        if prepared.status != pq.ExecStatus.COMMAND_OK:
            raise _error(there, prepared)
        self._known.add(there)


def _error(there: psycopg.Connection[Any], result: Any) -> psycopg.Error:
    if there.pgconn.status != pq.ConnStatus.OK:
        return psycopg.OperationalError(result.get_error_message())
    return psycopg.errors.error_from_result(result)
