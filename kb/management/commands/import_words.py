"""`manage.py import_words [FILE …]`: what data says in other languages, from PO files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from core.audit import SYSTEM
from core.importing import REFERENCE
from kb import actions_tongues, queries_tongues, tongue_files
from kb.tongue_files import BadWords, Read


class Command(BaseCommand):
    """Run after the texts themselves have been loaded; doing it again changes nothing."""

    help = (
        "Load translations of our data from PO files as export_words writes them; without a file "
        "those of reference/words. All are checked first: whole, or nothing. What a file leaves "
        "empty or marks as fuzzy stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The files; their language, where they do not say it."""
        parser.add_argument("paths", nargs="*", type=Path)
        parser.add_argument("--language", default="", help="where a file does not say its own")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says for each language how many texts are new, and how many changed."""
        ours = list(queries_tongues.languages())
        given: list[Path] = options["paths"]
        read = [
            self._read(path, ours, options["language"])
            for path in given or sorted((REFERENCE / "words").glob("*.po"))
            # A partnership that does not speak a language of ours does not load it.
            if given or path.stem in ours
        ]
        with transaction.atomic():
            for one in read:
                changes = actions_tongues.save(
                    language=one.language, texts=one.texts, actor=SYSTEM, now=timezone.now()
                )
                self.stdout.write(
                    f"{one.language}: {len(one.texts)} texts, {len(changes.new)} new, "
                    f"{len(changes.other)} changed"
                    + (f", {changes.unused} of texts that nothing says now" * bool(changes.unused))
                )

    def _read(self, path: Path, ours: list[str], language: str) -> Read:
        try:
            return tongue_files.read(path.read_bytes(), ours, language=language)
        except OSError as error:
            raise CommandError(f"{path}: there is no such file") from error
        except BadWords as error:
            raise CommandError(f"{path.name}: {error.message}") from error
