"""Loads routing rules and agreements from files, and leaves alone what was edited by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from enquiries.actions import drafts, rule_writing, versions
from enquiries.models import Agreement, RuleSet
from enquiries.queries import versions as reading
from enquiries.reference import AgreementRow
from enquiries.rule_rows import RuleRow


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the files. `draft` is where rules wait that were not put over a hand's."""

    published: int | None = None
    draft: int | None = None
    agreements_added: int = 0
    agreements_changed: int = 0
    # Those that say otherwise than the file, and were left as they are.
    agreements_left: int = 0


@transaction.atomic
def save_rules(
    rules: Sequence[RuleRow],
    agreements: Sequence[AgreementRow],
    *,
    actor: Actor,
    now: datetime,
    replace: bool = False,
) -> Loaded:
    """Publishes these rules as a new version, and adds these agreements.

    Nothing happens when they are what is live, or what was loaded before. Where the live rules
    were edited by hand, new ones of a file become a draft; an agreement that is there stays.
    `replace` puts the files over everything. What was decided by older rules stands.
    """
    versions.lock()
    published, draft = _rules(list(rules), actor=actor, now=now, replace=replace)
    added, changed, left = _agreements(agreements, replace=replace)
    if published or draft or added or changed:
        audit.record(
            "reference.loaded",
            actor=actor,
            target="reference:rules",
            at=now,
            data={"rows": len(rules) + len(agreements), "version": published or draft},
        )
    return Loaded(published, draft, added, changed, left)


def _rules(
    rules: list[RuleRow], *, actor: Actor, now: datetime, replace: bool
) -> tuple[int | None, int | None]:
    live = reading.published(now).first()
    if live is not None and reading.rows(live.number) == rules:
        return None, None
    if live is None or replace or _from_a_file(live):
        ids = rule_writing.names()
        made = versions.publish_rows(
            [rule_writing.unsaved(row, ids) for row in rules],
            name=reading.FROM_FILE,
            actor=actor,
            now=now,
        )
        return made.number, None
    # A hand edited the live rules: the file's were known then, or somebody has to compare.
    known = [one for one in RuleSet.objects.all() if _from_a_file(one) or one.published_at is None]
    if any(reading.rows(one.number) == rules for one in known):
        return None, None
    number = drafts.make(None, name=reading.FROM_FILE, actor=actor, now=now)
    drafts.replace_rules(number, rules, edit=0, actor=actor, now=now)
    return None, number


def _from_a_file(version: RuleSet) -> bool:
    """Whether no person had a hand in a version."""
    nobody = versions.named(audit.SYSTEM)
    return version.published_by == nobody and version.based_on_id is None


def _agreements(rows: Sequence[AgreementRow], *, replace: bool) -> tuple[int, int, int]:
    """How many were added, changed or taken away, and left although the file says otherwise."""
    ids = rule_writing.names()
    there = {(row.organisation_id, row.service_id): row for row in Agreement.objects.all()}
    new, other = [], []
    for row in rows:
        key = (
            ids.organisations[row.organisation],
            ids.services[row.service] if row.service else None,
        )
        found = there.pop(key, None)
        if found is None:
            new.append(
                Agreement(
                    organisation_id=key[0],
                    service_id=key[1],
                    accept_wh=row.accept_wh,
                    work_wd=row.work_wd,
                    elapsed=row.elapsed,
                )
            )
        elif _said(found) != _said(row):
            found.accept_wh, found.work_wd, found.elapsed = _said(row)
            other.append(found)
    Agreement.objects.bulk_create(new)
    differ = len(other) + len(there)
    if not replace:
        return len(new), 0, differ
    Agreement.objects.bulk_update(other, ["accept_wh", "work_wd", "elapsed"])
    Agreement.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    return len(new), differ, 0


def _said(agreement: Agreement | AgreementRow) -> tuple[int, int, bool]:
    return agreement.accept_wh, agreement.work_wd, agreement.elapsed
