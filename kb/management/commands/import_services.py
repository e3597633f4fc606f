"""`manage.py import_services [FILE]`: the catalogue of services."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from kb import queries, reference, triage_cues
from kb.actions_reference import save_services


class Command(ImportCommand):
    """Services by slug and LGSL id."""

    help = (
        "Load the services of a CSV file (see reference/README.md for its columns), and the words "
        "of first triage from cues.toml where that lies beside it."
    )
    source = "services.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews services; their words of triage become those of the file."""
        rows, now = reference.services(path, check), timezone.now()
        words = path.with_name(triage_cues.NAME)
        known = {row.slug for row in rows} | {one.slug for one in queries.services(ended=True)}
        cues = triage_cues.rows(words, check, known) if words.is_file() else None
        check.finish()
        with transaction.atomic():
            count = save_services(rows, actor=SYSTEM, now=now)
            if cues is not None:
                triage_cues.save(cues, actor=SYSTEM, now=now)
        return f"{count} services"
