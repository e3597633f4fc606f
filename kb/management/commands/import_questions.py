"""`manage.py import_questions [FILE]`: what services ask because the answer decides who acts."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from kb import queries, reference_questions
from kb.actions_reference import save_questions


class Command(ImportCommand):
    """Questions; run after import_services and before import_rules."""

    help = "Load the questions of a CSV file (see reference/README.md for its columns)."
    source = "questions.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews questions."""
        known = {service.slug for service in queries.services(ended=True)}
        rows = reference_questions.questions(path, check, known)
        check.finish()
        return f"{save_questions(rows, actor=SYSTEM, now=timezone.now())} questions"
