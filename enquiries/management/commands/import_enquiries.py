"""`manage.py import_enquiries FILE --mapping FILE.toml`: enquiries of another system."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.importing import take_stock
from core.sheets import SheetsRefused
from enquiries import importing


class Command(BaseCommand):
    """Imports, says what became of every row, and how fast it went."""

    help = (
        "Take the enquiries of a CSV file, dated as they were, by the rules of intake. What came "
        "in before is left as it is; what cannot be taken is listed in a file with the reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, its mapping, and where rejects go."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, required=True, help="TOML; see reference/mappings/"
        )
        parser.add_argument(
            "--rejects",
            type=Path,
            help="where to list what was not taken; FILE.rejects.csv in this folder by default",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints one line with the counts and the rows per second."""
        file: Path = options["file"]
        started = time.perf_counter()
        try:
            tally = importing.load_file(file, options["mapping"], now=timezone.now())
        except SheetsRefused as refused:
            raise CommandError(refused.message) from refused
        take_stock()
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"{tally.rows:,} rows: {tally.taken:,} taken, {tally.known:,} known already, "
            f"{len(tally.rejects):,} rejected; {seconds:.1f} s, {tally.rows / seconds:,.0f} rows/s"
        )
        if tally.rejects:
            self._list(tally.rejects, options["rejects"] or Path(f"{file.stem}.rejects.csv"))

    def _list(self, rejects: list[importing.Reject], path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(("line", "id", "reason"))
            writer.writerows((one.line, one.source_id, one.reason) for one in rejects)
        self.stdout.write(f"Rejected rows and their reasons are in {path}")
