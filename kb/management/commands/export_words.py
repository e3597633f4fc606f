"""`manage.py export_words --language pl [FILE]`: what data says, for translators, as a PO file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb import queries_tongues, tongue_files


class Command(BaseCommand):
    """Writes every text that citizens read of our data, with the translations that are known."""

    help = (
        "Write the texts of services, forms, answers and notices as a PO file: to a file, or "
        "here. Each text says where it is read. Texts of no translation are left empty."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which language, where to, and whether only what is missing."""
        parser.add_argument("path", nargs="?", type=Path)
        parser.add_argument("--language", required=True, help="a code of LANGUAGES, such as pl")
        parser.add_argument("--missing", action="store_true", help="only what is not translated")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how many texts were written, and how many have a translation."""
        language: str = options["language"].lower()
        ours = queries_tongues.languages()
        if language not in ours:
            raise CommandError(f"“{language}” is none of our other languages: {', '.join(ours)}")
        texts, known = queries_tongues.texts(), queries_tongues.known(language)
        written = tongue_files.as_po(texts, known, language, missing=options["missing"])
        path: Path | None = options["path"]
        if path is None:
            self.stdout.write(written, ending="")
            return
        path.write_text(written, encoding="utf-8")
        done = sum(1 for one in texts if one.source in known)
        self.stdout.write(f"{done} of {len(texts)} texts are translated")
