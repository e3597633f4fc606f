"""`manage.py rebuild_metrics`: folds the whole ledger again, and says how far it has come."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

import enquiries.queries.ledger as source
from metrics import rebuilding

WIDTH = 40
# Without a terminal a line is written so often, in seconds.
EVERY = 10.0


class Command(BaseCommand):
    """Folds every enquiry anew; pages show the old figures until there are new ones."""

    help = (
        "Folds every figure anew from the ledger. Safe at any time; gives the same rows."
        " Cut off, it goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="from the beginning, not where it was cut off"
        )
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count() or 1, metavar="N",
            help="how many fold at once; as many as there are cores",
        )  # fmt: skip

    def handle(self, *args: object, **options: Any) -> None:
        began = monotonic()
        progress = _Progress(self, source.count())
        done = rebuilding.rebuild(
            now=timezone.now(),
            again=options["again"],
            processes=options["processes"],
            told=progress.folded,
        )
        progress.ended()
        seconds = monotonic() - began
        self.stdout.write(
            f"{done.changed:,} enquiries folded in {seconds:.1f} s"
            f" ({done.changed / max(seconds, 0.001):,.0f} a second)"
        )


class _Progress:
    """A bar on a terminal, a line now and then where there is none."""

    def __init__(self, command: Command, of: int) -> None:
        self._command, self._of, self._done = command, of, 0
        self._is_terminal = bool(command.stdout.isatty())
        self._said_at = monotonic()

    def folded(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        share = min(1.0, self._done / max(1, self._of))
        if self._is_terminal:
            bar = ("#" * round(share * WIDTH)).ljust(WIDTH, ".")
            self._command.stdout.write(f"\r[{bar}] {share:4.0%}", ending="")
            self._command.stdout.flush()
        elif monotonic() - self._said_at >= EVERY:
            self._said_at = monotonic()
            self._command.stdout.write(f"{self._done:,} of {self._of:,} folded, {share:.0%}")

    def ended(self) -> None:
        """Nothing more is said on the bar's line."""
        if self._is_terminal:
            self._command.stdout.write("")
