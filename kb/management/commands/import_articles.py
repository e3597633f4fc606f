"""`manage.py import_articles [FILE]`: answers that people can read for themselves."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from core.audit import SYSTEM
from core.importing import REFERENCE, ImportCommand
from core.sheets import Check
from kb import queries, reference
from kb.actions_reference import save_articles


class Command(ImportCommand):
    """Answers; run after import_services."""

    help = "Load the answers of a TOML file, or of all in a folder; those in reference/ by default."
    source = "articles.toml"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews answers."""
        known = {service.slug for service in queries.services()}
        rows = reference.articles(path, check, known)
        if path == REFERENCE / self.source:
            rows += reference.articles(REFERENCE / "articles", check, known)
        check.finish()
        return f"{save_articles(rows, actor=SYSTEM, now=timezone.now())} answers"
