"""Whom somebody has to ring, because nothing that we could send reaches them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import CharField

from accounts.permissions import Permission, Viewer
from core.statements import Given, Objects, objects
from enquiries.models import CallDue
from enquiries.queries import sensitive


@dataclass(frozen=True, slots=True)
class CallToMake:
    """One thing that somebody is to be told by telephone."""

    public_id: uuid.UUID
    reference: str
    why: str
    words: str
    since: datetime


def of_case(reference: str) -> list[CallToMake]:
    """What the citizen of a case is still to be told by telephone, oldest first.

    For code that has settled that the viewer reads the case.
    """
    return [_call(row, reference) for row in _open().rows(reference=reference)]


@cache
def _open() -> Objects[CallDue]:
    case = Given("reference", CharField())
    return objects(CallDue.objects.filter(enquiry__reference=case, done_at=None), prepared=True)


def waiting(viewer: Viewer, limit: int = 50) -> list[CallToMake]:
    """The same of all cases that the viewer reads, for who speaks to people; oldest first."""
    if not viewer.may(Permission.HANDLE_CONTACTS):
        return []
    rows = CallDue.objects.filter(done_at=None).select_related("enquiry__service")
    mine = [row for row in rows[: limit * 2] if sensitive.reads(viewer, row.enquiry)]
    return [_call(row, row.enquiry.reference) for row in mine[:limit]]


def _call(row: CallDue, reference: str) -> CallToMake:
    return CallToMake(row.public_id, reference, row.why, row.words, row.created_at)
