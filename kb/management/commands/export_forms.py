"""`manage.py export_forms [SLUG …] [--to FOLDER]`: live forms as TOML files, to be read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb import queries_forms
from kb.forms import files


class Command(BaseCommand):
    """Writes what is live, one file a service."""

    help = "Write live forms as TOML: those of the services named, or all; to a folder, or here."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which services, and where to."""
        parser.add_argument("slugs", nargs="*")
        parser.add_argument("--to", type=Path, help="a folder; without it one form is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how many were written."""
        rows = {
            row.service.slug: row.live for row in queries_forms.overview() if row.live is not None
        }
        wanted = options["slugs"] or sorted(rows)
        if unknown := [slug for slug in wanted if slug not in rows]:
            raise CommandError(f"No live form of {', '.join(unknown)}")
        folder: Path | None = options["to"]
        if folder is None and len(wanted) != 1:
            raise CommandError("Name one service, or a folder for several by --to FOLDER")
        for slug in wanted:
            live = rows[slug]
            text = files.as_toml(live.form, service=slug, note=live.note)
            if folder is None:
                self.stdout.write(text, ending="")
                continue
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{slug}.toml").write_text(text, encoding="utf-8")
        if folder is not None:
            self.stdout.write(f"{len(wanted)} forms")
