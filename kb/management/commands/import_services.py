"""`manage.py import_services [FILE]`: the catalogue of services."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from kb import reference
from kb.actions_reference import save_services


class Command(ImportCommand):
    """Services by slug and LGSL id."""

    help = "Load the services of a CSV file (see reference/README.md for its columns)."
    source = "services.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews services."""
        rows = reference.services(path, check)
        check.finish()
        return f"{save_services(rows, actor=SYSTEM, now=timezone.now())} services"
