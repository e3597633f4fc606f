"""`manage.py import_purposes [FILE]`: why personal data are used, service by service."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

import kb.queries
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from kb import purposes


class Command(ImportCommand):
    """The register of purposes; run after import_services."""

    help = "Load the purposes of a CSV file (see reference/README.md for its columns)."
    source = "purposes.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews purposes; each live service must have one then."""
        services = kb.queries.services(ended=True)
        groups, slugs = {one.group for one in services}, {one.slug for one in services}
        rows = purposes.rows(path, check, groups, slugs)
        check.finish()
        return f"{purposes.save(rows, actor=SYSTEM, now=timezone.now())} purposes"
