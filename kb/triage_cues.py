"""Reads the words of first triage from their file, checking every line, and keeps them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from core.sheets import Check, Problem
from kb.models import Cue
from kb.triage import NOT_SERVICES

NAME = "cues.toml"
LONGEST, MOST = 60, 200
_LISTS = ("says", "points")


@dataclass(frozen=True, slots=True)
class CueRow:
    """The words of one service, or of what is none."""

    subject: str
    says: str
    points: str


def rows(path: Path, check: Check, services: Collection[str]) -> list[CueRow]:
    """The tables of a file, one a service."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        _note(check, path, "", f"it cannot be read: {wrong}", "Write it as TOML in UTF-8")
        return []
    return [
        CueRow(subject, *(_phrases(path, check, subject, table, name) for name in _LISTS))
        for subject, table in found.items()
        if _is_known(path, check, subject, table, services)
    ]


def _is_known(
    path: Path, check: Check, subject: str, table: object, services: Collection[str]
) -> bool:
    if subject not in services and subject not in NOT_SERVICES:
        _note(check, path, subject, "there is no such service", "Name it by its slug")
    elif not isinstance(table, Mapping) or not set(table) <= set(_LISTS):
        _note(check, path, subject, "it has other keys", "Use says and points alone")
    else:
        return True
    return False


def _phrases(path: Path, check: Check, subject: str, table: Mapping[str, Any], name: str) -> str:
    found = table.get(name, [])
    if not isinstance(found, list) or len(found) > MOST or not all(map(_is_phrase, found)):
        cure = f"Keep a list of at most {MOST} phrases without commas, {LONGEST} characters each"
        _note(check, path, f"{subject}.{name}", "these are no phrases", cure)
        return ""
    return ", ".join(dict.fromkeys(" ".join(one.split()) for one in found))


def _is_phrase(one: object) -> bool:
    return isinstance(one, str) and "," not in one and 0 < len(one.strip()) <= LONGEST


def _note(check: Check, path: Path, where: str, words: str, cure: str) -> None:
    check.problems.append(Problem(path.name, 0, where, words, cure))


@transaction.atomic
def save(found: Sequence[CueRow], *, actor: Actor, now: datetime) -> int:
    """Makes the words exactly those of the rows."""
    Cue.objects.exclude(subject__in=[row.subject for row in found]).delete()
    Cue.objects.bulk_create(
        [Cue(**asdict(row)) for row in found],
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=list(_LISTS),
    )
    audit.record(
        "reference.loaded", actor=actor, target="reference:cues", at=now, data={"rows": len(found)}
    )
    return len(found)
