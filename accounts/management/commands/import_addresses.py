"""`manage.py import_addresses FILE.csv`: the addresses of an operator's own licensed table."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts import queries, reference
from accounts.actions_reference import save_addresses
from core.audit import SYSTEM
from core.importing import ImportCommand, take_stock
from core.sheets import Check


class Command(ImportCommand):
    """Addresses by UPRN; run after import_postcodes. None comes with the hub: they are licensed."""

    help = (
        "Make the addresses exactly those of a CSV file: uprn, postcode, text, latitude, "
        "longitude (the last two may be empty)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file; there is no default one."""
        parser.add_argument("path", type=Path)

    def load(self, path: Path, check: Check) -> str:
        """Adds new addresses, renews known ones, removes those that are gone."""
        rows = reference.addresses(path, check, queries.postcodes())
        check.finish()
        count = save_addresses(rows, actor=SYSTEM, now=timezone.now())
        take_stock()
        return f"{count:,} addresses"
