"""`manage.py import_postcodes [FILE]`: every live postcode with its areas and position."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from accounts import queries, reference
from accounts.actions_reference import save_postcodes
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check


class Command(ImportCommand):
    """Postcodes; run after import_areas."""

    help = "Make the postcodes exactly those of a CSV file (see reference/README.md)."
    source = "postcodes.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds new postcodes, renews known ones, removes ended ones."""
        rows = reference.postcodes(path, check, queries.area_codes())
        check.finish()
        return f"{save_postcodes(rows, actor=SYSTEM, now=timezone.now()):,} postcodes"
