"""`manage.py import_organisations [FOLDER]`: public bodies, their teams and sites."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from accounts import queries, reference
from accounts.actions_reference import save_organisations
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check


class Command(ImportCommand):
    """Organisations, teams and sites; run after import_areas and import_postcodes."""

    help = "Load organisations.csv, teams.csv and sites.csv from a folder."
    source = ""

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews all three, or none."""
        bodies = reference.organisations(path / "organisations.csv", check, queries.area_codes())
        slugs = {body.slug for body in bodies} | {row.slug for row in queries.organisations()}
        teams = reference.teams(path / "teams.csv", check, slugs)
        sites = reference.sites(path / "sites.csv", check, slugs)
        check.finish()
        save_organisations(bodies, teams, sites, actor=SYSTEM, now=timezone.now())
        return f"{len(bodies)} organisations, {len(teams)} teams, {len(sites)} sites"
