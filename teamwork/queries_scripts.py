"""Scripts of a contact, as far as they have come: for every agent of that contact."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Viewer
from core.sealing import SealBroken, unseal
from kb.journeys import Journey, read
from teamwork.models import Leading, Script

PURPOSE = "script"


@dataclass(frozen=True, slots=True)
class Kept:
    """A script with the answers so far. `left` are questions that they could not answer."""

    public_id: uuid.UUID
    journey: Journey
    left: tuple[str, ...]
    revision: int
    reference: str


@dataclass(frozen=True, slots=True)
class Row:
    """A script that somebody can go on with; nothing of it is opened."""

    public_id: uuid.UUID
    name: str
    answered: int
    begun_by: str
    touched_at: datetime


def one(contact_id: int, public_id: uuid.UUID) -> Kept | None:
    """A script of a contact that the caller may work on; None where its key is gone."""
    row = Script.objects.filter(contact_id=contact_id, public_id=public_id).first()
    return opened(row) if row is not None else None


def opened(row: Script) -> Kept | None:
    """A row that can be read; of one that was sent only what it became."""
    if row.reference:
        journey = Journey(id=str(row.public_id), service=row.service, service_name=row.name)
        return Kept(row.public_id, journey, (), row.revision, row.reference)
    try:
        body = json.loads(unseal(row.sealed, purpose=PURPOSE))
    except SealBroken:
        return None
    return Kept(row.public_id, read(body["journey"]), tuple(body["left"]), row.revision, "")


def unsent(contact_id: int) -> Sequence[Row]:
    """What was begun in a contact and not sent, the latest first. One statement."""
    rows = Script.objects.filter(contact_id=contact_id, reference="").order_by("-touched_at")
    return [
        Row(one.public_id, one.name, one.done, one.begun_by, one.touched_at)
        for one in rows.defer("sealed")[:20]
    ]


def wants_whole(viewer: Viewer) -> bool:
    """Whether the viewer chose to see whole forms."""
    return Leading.objects.filter(staff_id=viewer.id, whole=True).exists()
