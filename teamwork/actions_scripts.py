"""Keeps how far a script has come, sealed, with each answer; and lets it go."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from core.sealing import seal
from kb.journeys import Journey
from teamwork.models import Leading, Script
from teamwork.queries_scripts import PURPOSE

# As many as one contact has at once; a call has a handful of needs.
MOST = 20


class TooManyScripts(DomainError):
    """More forms than one contact can be about."""

    code = "too_many_scripts"


def _sealed(journey: Journey, left: Sequence[str]) -> str:
    body = {"journey": asdict(journey), "left": list(left)}
    return seal(json.dumps(body), purpose=PURPOSE)


@transaction.atomic
def begin(
    *, contact_id: int, key: uuid.UUID, viewer: Viewer, journey: Journey, now: datetime
) -> uuid.UUID:
    """A script with what is known already; the same key twice is the same one.

    The caller has settled that the viewer works on this contact. Raises TooManyScripts.
    """
    known = Script.objects.filter(contact_id=contact_id)
    if known.filter(public_id=key).exists():
        return key
    if known.filter(reference="").count() >= MOST:
        raise TooManyScripts("Finish or throw away a script of this contact first")
    Script.objects.get_or_create(
        public_id=key,
        defaults={
            "contact_id": contact_id,
            "service": journey.service,
            "name": journey.service_name[:80],
            "sealed": _sealed(journey, ()),
            "done": _answered(journey),
            "begun_by": viewer.name[:120],
            "begun_at": now,
            "touched_at": now,
        },
    )
    return key


def keep(
    *,
    contact_id: int,
    public_id: uuid.UUID,
    journey: Journey,
    left: Sequence[str],
    revision: int,
    now: datetime,
) -> bool:
    """Keeps one answer more. False when somebody answered, sent or threw it away since."""
    rows = Script.objects.filter(contact_id=contact_id, public_id=public_id, reference="")
    kept = rows.filter(revision=revision).update(
        sealed=_sealed(journey, left),
        done=_answered(journey),
        revision=revision + 1,
        touched_at=now,
    )
    return kept == 1


def _answered(journey: Journey) -> int:
    return len([key for key in journey.done if key != "about"])


def sent(*, contact_id: int, public_id: uuid.UUID, reference: str, now: datetime) -> None:
    """It has become an enquiry: its answers live there. Again changes nothing."""
    rows = Script.objects.filter(contact_id=contact_id, public_id=public_id, reference="")
    rows.update(reference=reference, sealed="", touched_at=now)


def drop(*, contact_id: int, public_id: uuid.UUID) -> None:
    """Nobody goes on with it. Again changes nothing."""
    Script.objects.filter(contact_id=contact_id, public_id=public_id, reference="").delete()


def choose(*, viewer: Viewer, whole: bool) -> None:
    """How the viewer wants to be led from now on."""
    Leading.objects.update_or_create(staff_id=viewer.id, defaults={"whole": whole})


def forget_old(*, before: datetime, limit: int = 1_000) -> int:
    """Deletes a batch of what nobody has touched since; returns how many."""
    old = Script.objects.filter(touched_at__lt=before).order_by("touched_at")
    gone = list(old.values_list("pk", flat=True)[:limit])
    return Script.objects.filter(pk__in=gone, touched_at__lt=before).delete()[0]
