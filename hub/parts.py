"""The processes of a running hub and their commands: the same on one machine and in containers."""

import dataclasses
import os
import sys
from pathlib import Path

from django.conf import settings

from hub.processes import Process
from hub.startup import say

# No talk among workers through Redis: the database knows what is to be done.
_ALONE = ("--without-mingle", "--without-gossip", "--without-heartbeat")
# In a container that runs as root Celery would warn at every start.
_QUIET = ("-W", "ignore:You're running the worker with superuser")

# Streams do not end by themselves: who stops us waits for none. Addresses hold tickets: no log.
_STREAMS = ("--no-access-log", "--no-server-header", "--log-level", "warning",
            "--timeout-graceful-shutdown", "2")  # fmt: skip


def web() -> Process:
    """The pages and the API."""
    bind = f"{os.environ.get('HUB_BIND', '127.0.0.1')}:{os.environ['PORT']}"
    gunicorn = settings.BASE_DIR / "hub" / "gunicorn.py"
    return _process("web", "-m", "gunicorn", "-c", str(gunicorn), "-b", bind, "hub.wsgi")


def fallback() -> Process:
    """Takes texts while the pages or the database do not answer; knows neither."""
    bind = f"{os.environ.get('HUB_BIND', '127.0.0.1')}:{os.environ['HUB_SMS_FALLBACK_PORT']}"
    size = ("-w", "1", "-k", "gthread", "--threads", "8", "--log-level", "warning")
    return _process(
        "fallback", "-m", "gunicorn", *size, "-b", bind, "hub.fallback:from_environment()"
    )


def live() -> Process:
    """The streams of open pages of staff."""
    where = (
        "--host",
        os.environ.get("HUB_BIND", "127.0.0.1"),
        "--port",
        os.environ["HUB_LIVE_PORT"],
    )
    return _process("live", "-m", "uvicorn", "hub.live.serving:application", *where, *_STREAMS)


def relay() -> Process:
    """Hands on what the database promises."""
    return _process("relay", str(settings.BASE_DIR / "manage.py"), "relay")


def worker(*, own_log: bool = True) -> Process:
    """Does the work; without a log of its own it writes where we write, as containers like it."""
    number = os.environ.get("WORKER_PROCESSES", "2")
    celery = (*_QUIET, "-m", "celery", "-A", "hub.celery", "-q", "worker")
    process = _process("worker", *celery, "-c", number, *_ALONE)
    return process if own_log else dataclasses.replace(process, log=None)


def beat() -> Process:
    """Rings for what is due by the clock."""
    return _process("beat", "-m", "celery", "-A", "hub.celery", "-q", "beat", "--pidfile=")


def _process(name: str, *arguments: str) -> Process:
    log: Path = settings.HUB_DATA_DIR / "log" / f"{name}.log"
    return Process(name, [sys.executable, *arguments], log, say, folder=settings.BASE_DIR)
