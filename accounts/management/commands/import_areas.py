"""`manage.py import_areas [FILE]`: counties, districts, towns and wards."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from accounts import reference
from accounts.actions_reference import save_areas
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check


class Command(ImportCommand):
    """Areas by GSS code."""

    help = "Load areas from a CSV file (code, name, kind, parent_code)."
    source = "areas.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews areas."""
        rows = reference.areas(path, check)
        check.finish()
        return f"{save_areas(rows, actor=SYSTEM, now=timezone.now()):,} areas"
