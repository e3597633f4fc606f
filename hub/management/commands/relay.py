"""manage.py relay: hands promised work to Celery, and does it itself when the broker is away."""

import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from hub.celery import app
from hub.relay import Relay


class Command(BaseCommand):
    help = "Hands rows of the outbox to Celery; drains them by itself while the broker is away."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        # People at the door come first, should there not be enough processor for both.
        os.nice(5)
        Relay(app).run(stop)
