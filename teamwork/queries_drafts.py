"""What somebody at the desk was writing: each sees their own, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField, CharField

from accounts.permissions import Viewer
from core.sealing import SealBroken, unseal
from core.statements import Given, Statement, statement
from teamwork.models import Draft

PURPOSE = "draft"


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood in a form, and when; `mark` tells this state of it from a later one."""

    form: str
    fields: dict[str, str | list[str]]
    at: datetime

    @property
    def mark(self) -> str:
        """What a window says that it has seen."""
        return self.at.isoformat()


def opened(row: Draft) -> Kept | None:
    """A row that can be read; None where its key is gone."""
    try:
        return Kept(row.form, json.loads(unseal(row.sealed, purpose=PURPOSE)), row.touched_at)
    except SealBroken:
        return None


def kept(viewer: Viewer, forms: Iterable[str]) -> list[Kept]:
    """The viewer's own drafts of these forms, newest first. One statement."""
    rows = Draft.objects.filter(staff_id=viewer.id, form__in=list(forms)[:50])
    return [one for row in rows if (one := opened(row)) is not None]


def begun(viewer: Viewer, about: str) -> frozenset[str]:
    """The forms about something, ``case:REFERENCE:``, in which the viewer was writing: the last
    part of their names. One statement."""
    rows = _begun().rows(staff=viewer.id, about=about)
    return frozenset(name.removeprefix(about) for (name,) in rows)


@cache
def _begun() -> Statement:
    rows = Draft.objects.filter(
        staff_id=Given("staff", BigIntegerField()), form__startswith=Given("about", CharField())
    )
    return statement(rows.values_list("form"), prepared=True)


def every(viewer: Viewer) -> list[Kept]:
    """All that the viewer was writing, newest first."""
    rows = Draft.objects.filter(staff_id=viewer.id)
    return [one for row in rows if (one := opened(row)) is not None]
