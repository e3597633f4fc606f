"""`manage.py export_ledger > ledger.jsonl`: everything needed to compute the figures elsewhere."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from enquiries.clocks import LONDON
from metrics import exports, projection


class Command(BaseCommand):
    """Writes the open ledger, one JSON object a line."""

    help = "The open ledger osr-ledger/1 on standard output: pseudonyms only, no words of anybody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", help="only enquiries that something happened to from this day, 2026-01-31"
        )

    def handle(self, *args: object, **options: Any) -> None:
        since = options["since"]
        try:
            moment = since and datetime.combine(date.fromisoformat(since), time.min, LONDON)
        except ValueError as error:
            raise CommandError(f"--since: write a day as 2026-01-31, not {since!r}") from error
        projection.refresh(now=timezone.now())
        for line in exports.stream(moment or None):
            self.stdout.write(line)
