"""Draws the life of an enquiry into docs/lifecycle.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from enquiries.lifecycle import drawing


class Command(BaseCommand):
    help = "Writes docs/lifecycle.md from the table in enquiries/lifecycle.py"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print", action="store_true", help="print it instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            self.stdout.write(drawing(), ending="")
            return
        page = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(drawing())
        self.stdout.write(f"Drawn: {page.name}")
