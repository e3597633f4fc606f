"""`manage.py demo [--size N]`: the demonstration partnership, complete with its history."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

import accounts.queries
import notifications.actions
from core.importing import take_stock
from enquiries import clocks
from enquiries.actions import escalations
from hub.demo import crowd, known, signins, telling
from kiosks import actions_demonstration

REFERENCE = (
    "import_areas",
    "import_postcodes",
    "import_organisations",
    "import_services",
    "import_articles",
    "import_forms",
    "import_purposes",
    "import_outside",
    "import_words",
    "import_rules",
    "import_clock_rules",
)
# What is told here is carried once the hub has started, which takes no longer.
STARTS_WITHIN = timedelta(minutes=1)


class Command(BaseCommand):
    """Loads what is missing; doing it again adds nothing."""

    help = (
        "Load the demonstration: reference data, sign-ins, sixty working days of enquiries; "
        "with --size also that many made-up enquiries of the last two years."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How many enquiries to make up."""
        parser.add_argument("--size", type=int, default=0, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was loaded and how to sign in."""
        size: int = options["size"]
        if size < 0:
            raise CommandError("--size is a number of enquiries: 0 or more")
        now = timezone.now()
        with connection.cursor() as cursor:
            # Nothing here that could not be made again: waiting for the disk at each commit would
            # be most of the first start.
            cursor.execute("SET synchronous_commit = off")
        for command in REFERENCE:
            call_command(command, stdout=self.stdout)
        cast = signins.make(now=now)
        code = signins.kiosk_code(now=now)
        made = actions_demonstration.make(
            actions_demonstration.planned(
                [site for site in accounts.queries.sites() if "kiosk" in site.offers]
            ),
            hours=clocks.Calendar.from_json,
            now=now,
        )
        self.stdout.write(f"{made} made-up kiosks with their last month")
        told = telling.tell(cast, now=now)
        self.stdout.write(f"{told} enquiries of the last sixty working days")
        shown = known.show(cast, now=now)
        self.stdout.write(f"{shown} notices of what is known already")
        if size:
            self._crowd(size, cast)
        # What was late before today is old news: it is on the cases, and nobody is written to.
        while escalations.escalate_overdue(now=now - timedelta(days=1, minutes=1)):
            continue
        if told:
            notifications.actions.due_from(timezone.now() + STARTS_WITHIN)
        take_stock()
        self.stdout.write(
            f"Sign in as agent@hub.demo, manager@hub.demo, admin@hub.demo, editor@hub.demo, "
            f"officer@<organisation>.demo or editor@wychavon.demo with {signins.password()}"
        )
        if code:
            self.stdout.write(f"A kiosk can be enrolled once with the code {code}")

    def _crowd(self, size: int, cast: telling.Cast) -> None:
        started, done = time.perf_counter(), 0
        for done in crowd.add(size, cast, now=timezone.now()):
            rate = done / (time.perf_counter() - started)
            self.stdout.write(f"{done:,} of {size:,} made-up enquiries, {rate:,.0f} a second")
        if done < size:
            self.stdout.write(f"{size - done:,} were there already")
