"""`manage.py demo [--size N]`: the demonstration partnership, complete with its history."""

from __future__ import annotations

import os
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
from enquiries.queries import anything
from hub.demo import aims, around, crowd, known, signins, team, telling
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
        parser.add_argument(
            "--seed", type=int, default=crowd.SEED, metavar="S",
            help="another number makes other enquiries; the same one, on the same day, the same",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was loaded and how to sign in."""
        size: int = options["size"]
        if size < 0:
            raise CommandError("--size is a number of enquiries: 0 or more")
        now = timezone.now()
        if not _is_ours():
            raise CommandError(
                "This hub has enquiries that no demonstration made. Made-up ones would stand "
                "between those of citizens and change every figure. Nothing was changed: use an "
                "empty hub"
            )
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
        aims.show(cast, now=now)
        given = team.equip(cast, now=now)
        self.stdout.write(f"{given} things that the contact centre works with")
        if size:
            self._crowd(size, options["seed"], cast)
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

    def _crowd(self, size: int, seed: int, cast: telling.Cast) -> None:
        started, done = time.perf_counter(), 0
        agents = tuple(one.id for one in (cast.agent, cast.second) if one.id is not None)
        added = crowd.add(
            size,
            crowd.Hands(agents, cast.agent.actor),
            now=timezone.now(),
            seed=seed,
            processes=os.cpu_count() or 1,
        )
        for done in added:
            rate = done / (time.perf_counter() - started)
            self.stdout.write(f"{done:,} of {size:,} made-up enquiries, {rate:,.0f} a second")
        around.show(cast, now=timezone.now())
        if done < size:
            self.stdout.write(f"{size - done:,} were there already")
        if done:
            self.stdout.write("Their figures come by and by, or at once by rebuild_metrics")


def _is_ours() -> bool:
    """Whether whatever is in this hub came with a demonstration: its sign-ins come first."""
    return accounts.queries.has_demonstration() or not anything.has_enquiries()
