"""The Celery application: `celery -A hub.celery worker` and `celery -A hub.celery beat`.

It carries; PostgreSQL remembers. A request never imports this module: it rings core.outbox.
"""

import logging.config
import os
import signal
import threading
from contextlib import suppress
from typing import Any

from billiard import active_children
from celery import Celery
from celery.signals import (
    celeryd_after_setup,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_shutting_down,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

# Pages are checked where pages are served: what carries must start though a page cannot.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

# How long a worker that ends waits for what is on, in seconds. What is cut then is done again.
ENDING_SECONDS = 30.0

app = Celery("hub")
app.config_from_object("hub.celery_settings")
app.autodiscover_tasks()


@setup_logging.connect(weak=False)
def keep_our_logging(**_: Any) -> None:
    """Workers and beat write the same lines as everything else, redacted in the same place."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect(weak=False)
def let_people_go_first(**_: Any) -> None:
    """Pages answer before work that can wait, should there not be enough processor for both."""
    os.nice(5)


@celeryd_after_setup.connect(weak=False)
def load_providers(**_: Any) -> None:
    """Import the providers once, before the pool forks: their libraries take seconds to load."""
    from notifications.backends import registry

    registry.load()


@task_prerun.connect(weak=False)
@task_postrun.connect(weak=False)
def drop_broken_connections(**_: Any) -> None:
    """A connection lasts from task to task, as it does from request to request: while it is well.

    Django looks before its first statement whether the server still answers (CONN_HEALTH_CHECKS).
    """
    from django.db import close_old_connections, connection

    if not connection.in_atomic_block:  # a task that another one calls, in its transaction
        close_old_connections()


@worker_shutting_down.connect(weak=False)
def end_in_time(**_: Any) -> None:
    """A worker that was asked to end does, whatever its children are at.

    One whose task has just failed (all servers went at once) may be telling so at length through a
    pipe that nobody reads any more, while its parent waits for its end: for ever, without this.
    """
    last = threading.Timer(ENDING_SECONDS, _cut)
    last.daemon = True
    last.start()


def _cut() -> None:
    for child in active_children():
        if child.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
