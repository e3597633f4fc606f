"""`manage.py import_clock_rules [FILE] [--replace]`: what shortens our clocks, and by how much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

import kb.queries
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from enquiries import clock_rule_rows
from enquiries.actions import clock_rules


class Command(ImportCommand):
    """Rules for priorities and for people who are vulnerable; run after services."""

    help = "Load clock_rules.csv. Rules that are there stay as they are, unless --replace."
    source = "clock_rules.csv"
    replace = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the file goes over everything."""
        super().add_arguments(parser)
        parser.add_argument(
            "--replace", action="store_true", help="make the rules exactly those of the file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads the file."""
        self.replace = bool(options.get("replace"))
        super().handle(*args, **options)

    def load(self, path: Path, check: Check) -> str:
        """Loads every rule, or changes nothing."""
        services = {service.slug for service in kb.queries.services()}
        rows = clock_rule_rows.clock_rules(path, check, services)
        check.finish()
        changed, left = clock_rules.save(
            rows, actor=SYSTEM, now=timezone.now(), replace=self.replace
        )
        kept = f"; {left} say otherwise and are left (--replace)" if left else ""
        return f"{len(rows)} clock rules: {changed} added or changed{kept}"
