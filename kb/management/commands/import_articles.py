"""`manage.py import_articles [FILE]`: answers that people can read for themselves."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from kb import queries, reference
from kb.actions_reference import save_articles


class Command(ImportCommand):
    """Answers; run after import_services."""

    help = "Load the answers of a TOML file."
    source = "articles.toml"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews answers."""
        known = {service.slug for service in queries.services()}
        rows = reference.articles(path, check, known)
        check.finish()
        return f"{save_articles(rows, actor=SYSTEM, now=timezone.now())} answers"
