"""`manage.py import_outside [FILE]`: bodies outside the partnership."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from accounts import outside, reference
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check


class Command(ImportCommand):
    """Bodies that citizens are sent to when a need is not ours; run before import_rules."""

    help = "Add the bodies of outside.csv that are new; known ones are edited at the desk."
    source = "outside.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds what is new."""
        rows = reference.outside(path, check)
        check.finish()
        added = outside.save(rows, actor=SYSTEM, now=timezone.now())
        return f"{len(rows)} bodies outside the partnership, {added} of them new"
