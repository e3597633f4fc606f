"""manage.py alive: whether a part has given a sign of life, for the health checks of containers."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core import heartbeats


class Command(BaseCommand):
    help = "Ends with 0 when the part was seen within the time, else with 1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the part, as /metrics names it: beat, relay, …")
        parser.add_argument("--within", type=float, default=60.0, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        age = heartbeats.age(options["name"], now=timezone.now())
        self.stdout.write("never seen" if age is None else f"seen {age:.0f} s ago")
        sys.exit(0 if age is not None and age <= options["within"] else 1)
