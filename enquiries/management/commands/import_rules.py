"""`manage.py import_rules [FOLDER]`: who acts where, and by when."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

import accounts.queries
import kb.queries
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check
from enquiries import reference
from enquiries.actions.reference import save_rules


class Command(ImportCommand):
    """Routing rules and agreements; run after organisations and services."""

    help = "Make rules and agreements exactly those of rules.csv and agreements.csv in a folder."
    source = ""

    def load(self, path: Path, check: Check) -> str:
        """Replaces all rules and agreements, or changes nothing."""
        known = reference.Known(
            services=[
                reference.KnownService(s.slug, s.group, s.owner_tier, s.promise_wd)
                for s in kb.queries.services()
            ],
            organisations={body.slug for body in accounts.queries.organisations()},
            teams={(t.organisation.slug, t.slug) for t in accounts.queries.teams()},
            areas=accounts.queries.area_codes(),
        )
        rules = reference.rules(path / "rules.csv", check, known)
        agreements = reference.agreements(path / "agreements.csv", check, known, rules)
        check.finish()
        save_rules(rules, agreements, actor=SYSTEM, now=timezone.now())
        return f"{len(rules)} rules, {len(agreements)} agreements"
