"""Real parts of the system on the test's own database and Redis."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import work as _work  # registers the tests' tasks
from tests.parts import Part, python

MakePart = Callable[..., Part]

__all__ = ["_work"]


@pytest.fixture
def make_part(pg: str, redis_url: str, tmp_path: Path) -> MakePart:
    """Makes a worker, relay or beat that is not started yet."""
    arguments = {
        "worker": ["-m", "celery", "-A", "tests.faults.app", "worker", "-c", "2"],
        "relay": ["-m", "tests.faults.relay"],
        "beat": ["-m", "celery", "-A", "tests.faults.app", "beat"],
    }

    def make(kind: str, **env: str) -> Part:
        base = {
            "DATABASE_URL": pg,
            "REDIS_URL": redis_url,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        }
        argv = python(*arguments[kind])
        if kind == "worker":
            argv += ["-l", "warning", "--without-gossip", "--without-mingle"]
        return Part(kind, argv, {**base, **env}, tmp_path / f"{kind}.log")

    return make


@pytest.fixture
def frozen_redis() -> Iterator[str]:
    """An address that takes connections and never answers, as a frozen Redis does."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def dead_redis() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"
