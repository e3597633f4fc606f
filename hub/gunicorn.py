"""Settings of the web server (docs/adr says why this one). Values that machines differ in are read
from the environment, so that `make run` and the container use this same file."""

import gc
import os
from collections.abc import Callable
from pathlib import Path

_MEMORY = "/dev/shm"  # noqa: S108  # only for the workers' sign of life, which a slow disk would delay
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"  # in a container; `up` gives -b
preload_app = True  # imports once, and a mistake stops the start
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None  # /metrics counts requests; an address may hold what a citizen was given
loglevel = "warning"
worker_tmp_dir = _MEMORY if Path(_MEMORY).is_dir() else None


def pre_fork(_server: object, _worker: object) -> None:
    """What was imported stays: the collector need not look at it again in each worker."""
    gc.collect()
    gc.freeze()


def post_fork(_server: object, _worker: object) -> None:
    """Every worker opens a connection of its own, and looks for what nobody holds any more after
    many requests, not several times in each.
    """
    from django.db import connections

    connections.close_all()
    gc.set_threshold(50_000, 20, 20)


def child_exit(_server: object, worker: object) -> None:
    """Forget the gauges of a worker that has ended."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        forget: Callable[[int], None] = multiprocess.mark_process_dead
        forget(getattr(worker, "pid", 0))
