"""manage.py worker: a Celery worker under watch, for containers and service managers."""

from typing import Any

import structlog
from django.core.management.base import BaseCommand

from hub import parts
from hub.supervisor import Supervisor

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Runs a Celery worker and starts it again when it dies, or lives but takes no work."

    def handle(self, *args: Any, **options: Any) -> None:
        Supervisor([parts.worker(own_log=False)], say=_log).run()


def _log(component: str, words: str) -> None:
    log.warning(words, component=component)
