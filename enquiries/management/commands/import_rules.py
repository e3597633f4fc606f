"""`manage.py import_rules [FOLDER] [--replace]`: who acts where, and by when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from enquiries import reference
from enquiries.actions.reference import Loaded, save_rules
from enquiries.queries import versions


class Command(ImportCommand):
    """Routing rules and agreements; run after organisations, services, questions and outside."""

    help = (
        "Load rules.csv and agreements.csv from a folder. What was edited by hand stays: new "
        "rules then become a draft, and agreements that are there are left."
    )
    source = ""
    replace = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the files go over everything."""
        super().add_arguments(parser)
        parser.add_argument(
            "--replace", action="store_true", help="put the files over what was edited by hand"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads the folder."""
        self.replace = bool(options.get("replace"))
        super().handle(*args, **options)

    def load(self, path: Path, check: Check) -> str:
        """Loads both files, or changes nothing."""
        known = versions.known()
        rules = reference.rules(path / "rules.csv", check, known)
        agreements = reference.agreements(path / "agreements.csv", check, known, rules)
        check.finish()
        loaded = save_rules(
            rules, agreements, actor=SYSTEM, now=timezone.now(), replace=self.replace
        )
        read = f"{len(rules)} rules, {len(agreements)} agreements"
        return f"{read}: {'; '.join(_words(loaded))}"


def _words(loaded: Loaded) -> list[str]:
    said = []
    if loaded.published is not None:
        said.append(f"the rules are live as version {loaded.published}")
    elif loaded.draft is not None:
        said.append(
            f"the live rules were edited by hand, so these are draft {loaded.draft}: compare and "
            "publish it at /desk/settings/routing/, or run this again with --replace"
        )
    else:
        said.append("no new rules")
    changed = loaded.agreements_added + loaded.agreements_changed
    said.append(f"{changed} agreements added or changed")
    if loaded.agreements_left:
        said.append(
            f"{loaded.agreements_left} agreements were edited by hand and are left "
            "(--replace puts the file's over them)"
        )
    return said
