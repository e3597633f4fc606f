"""`manage.py import_ledger FILE`: a ledger from elsewhere into an empty hub."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from core.importing import take_stock
from metrics import projection, taking_in

# Exit codes: everything was taken; some lines were refused, each is named; nothing was done.
ALL, SOME, NOTHING = 0, 1, 2
_NOT_EMPTY = (
    "This hub has enquiries. A ledger goes into an empty one: make a new database, migrate it, "
    "and try again"
)


class Command(BaseCommand):
    """Takes a ledger in and names every line that it could not take."""

    help = (
        "Takes a ledger (osr-ledger/1, docs/measures.md) into an empty hub, with its times; "
        "nobody is told anything. Exit code 0: all lines taken, 1: some refused, each named with "
        "the reason, 2: nothing done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="one JSON object a line; - reads them as input")

    def handle(self, *args: object, **options: Any) -> None:
        file: Path = options["file"]
        started = time.perf_counter()
        taken = self._take(file)
        if taken.cut_off:
            self.stderr.write(
                f"An earlier import, of {taken.cut_off}, was cut off. Nothing of it was kept; "
                "this one began anew."
            )
        take_stock()
        projection.refresh(now=timezone.now())
        for one in taken.refused:
            self.stderr.write(f"line {one.number}: {one.why}")
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"{taken.lines:,} lines: {taken.lines - len(taken.refused):,} taken, "
            f"{len(taken.refused):,} refused; {taken.enquiries:,} enquiries and "
            f"{taken.contacts:,} contacts; {seconds:.1f} s"
        )
        if taken.refused:
            raise SystemExit(SOME)

    def _take(self, file: Path) -> taking_in.Taken:
        is_input = str(file) == "-"
        try:
            source = 0 if is_input else file
            with open(  # the input has no path
                source, encoding="utf-8-sig", errors="surrogateescape", closefd=not is_input
            ) as lines:
                return taking_in.take(file.name, lines, now=timezone.now())
        except OSError as error:
            raise _nothing(f"{file} cannot be read: {error.strerror}") from error
        except taking_in.NotEmptyError as error:
            raise _nothing(_NOT_EMPTY) from error
        except taking_in.BusyError as error:
            raise _nothing("Another ledger is being taken in") from error
        except DatabaseError as error:
            raise _nothing(f"The database could not take it: {error}") from error


def _nothing(why: str) -> CommandError:
    return CommandError(f"{why}. Nothing was kept.", returncode=NOTHING)
