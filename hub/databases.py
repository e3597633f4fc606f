"""PostgreSQL as Django is to reach it: the one that everything is written to, and perhaps a copy
that reports read from (`core.copies`)."""

from __future__ import annotations

from typing import Any

import dj_database_url

from hub import env

Database = dict[str, Any]


def from_environment(url: str) -> dict[str, Database]:
    """`default` at the given address, and `replica` where DATABASE_REPLICA_URL names one."""
    found = {"default": _database(url)}
    if copy := env.text("DATABASE_REPLICA_URL"):
        # A test has one database, and no copy of it.
        found["replica"] = _database(copy) | {"TEST": {"MIRROR": "default"}}
    return found


def _database(url: str) -> Database:
    parsed = dict(dj_database_url.parse(url, conn_max_age=600))
    is_pooled = env.boolean("DATABASE_POOLED", default=False)
    options = parsed.get("OPTIONS")
    return {
        **parsed,
        # Where it is not part of the address.
        "PASSWORD": env.secret("DATABASE_PASSWORD") or parsed.get("PASSWORD", ""),
        "OPTIONS": {
            **(options if isinstance(options, dict) else {}),
            "connect_timeout": 5,
            "tcp_user_timeout": 5000,
            "prepare_threshold": None if is_pooled else 1_000_000,  # what is, says so
            "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
        },
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
    }
