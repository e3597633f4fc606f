"""`manage.py import_forms [FILE or FOLDER …]`: what services ask, one TOML or JSON file each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import accounts.queries
from core.audit import SYSTEM
from core.importing import REFERENCE
from core.sheets import Check, SheetsRefused
from kb import queries, reference_forms
from kb.actions_reference import save_forms


class Command(BaseCommand):
    """Publishes forms; run after import_areas and import_services, and before import_rules."""

    help = (
        "Publish the forms of TOML or JSON files (see reference/forms/README.md). All are checked "
        "first. A form that somebody has edited since is left as it is, unless --replace is given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Files or folders; the project's own by default."""
        parser.add_argument("paths", nargs="*", type=Path)
        parser.add_argument("--replace", action="store_true", help="also where somebody edited it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many were published, and which were left alone."""
        check, now = Check(), timezone.now()
        paths = reference_forms.paths(options["paths"], REFERENCE / "forms")
        try:
            rows = reference_forms.forms(
                paths,
                check,
                services={service.slug for service in queries.services(ended=True)},
                areas=accounts.queries.area_codes(),
                today=timezone.localdate(),
            )
            check.finish()
        except SheetsRefused as refused:
            raise CommandError(refused.message) from refused
        left = save_forms(rows, replace=options["replace"], actor=SYSTEM, now=now)
        self.stdout.write(f"{len(rows) - len(left)} forms")
        if left:
            self.stdout.write(
                f"Left as they are, because somebody has edited them: {', '.join(left)}. "
                "Use --replace to publish the files all the same"
            )
