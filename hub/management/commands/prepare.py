"""manage.py prepare: brings a database up to date, once for all containers of a release."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from hub import startup
from hub.preparing import prepare
from hub.startup import StartFailed


class Command(BaseCommand):
    help = "Checks the settings, applies the migrations and, with HUB_DEMO, loads the demo data."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare(static=False)
        except StartFailed as failed:
            startup.explain(failed)
            sys.exit(1)
