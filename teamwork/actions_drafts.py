"""Keeps what somebody at the desk is writing, sealed, until it is sent or a day old."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from core.sealing import seal
from teamwork.models import Draft
from teamwork.queries_drafts import PURPOSE, Kept, opened

# The name of a form says what it is about, never what is in it: case:WH7-K3MP-4X:reply.
NAMED = re.compile(r"[A-Za-z0-9:._-]{1,120}")
MOST_FIELDS, MOST_CHARACTERS = 60, 20_000
# As many as somebody has open; the oldest make way.
MOST = 60


class NotADraft(DomainError):
    """It has no name of a form, or far too many words."""

    code = "not_a_draft"


class NewerDraft(DomainError):
    """Another window has newer words of the same form."""

    code = "newer_draft"

    def __init__(self, kept: Kept) -> None:
        super().__init__("Newer words of this form were typed in another window")
        self.kept = kept


@transaction.atomic
def keep(
    *, viewer: Viewer, form: str, fields: Mapping[str, str | list[str]], seen: str, now: datetime
) -> Kept:
    """Keeps what stands in a form. `seen` is the mark of what this window has, "" for nothing.

    Raises NewerDraft where another window has kept words since, and NotADraft.
    """
    if NAMED.fullmatch(form) is None:
        raise NotADraft("A draft is of a form with a name")
    text = json.dumps(dict(fields))
    if len(fields) > MOST_FIELDS or len(text) > MOST_CHARACTERS:
        raise NotADraft(f"A draft has {MOST_CHARACTERS:,} characters at the most")
    held = Draft.objects.select_for_update(no_key=True).filter(staff_id=viewer.id, form=form)
    row = held.first()
    if row is not None and (kept := opened(row)) is not None:
        if kept.fields == dict(fields):
            return kept
        if kept.mark != seen:
            raise NewerDraft(kept)
    sealed = seal(text, purpose=PURPOSE)
    row, _ = Draft.objects.update_or_create(
        staff_id=viewer.id, form=form, defaults={"sealed": sealed, "touched_at": now}
    )
    _make_room(viewer)
    return Kept(form, dict(fields), now)


def _make_room(viewer: Viewer) -> None:
    over = Draft.objects.filter(staff_id=viewer.id).order_by("-touched_at", "-pk")[MOST:]
    stale = list(over.values_list("pk", flat=True))
    if stale:
        Draft.objects.filter(pk__in=stale).delete()


def forget(*, viewer: Viewer, forms: Iterable[str]) -> int:
    """What was sent or thrown away is kept no longer. Again changes nothing; how many that were."""
    return Draft.objects.filter(staff_id=viewer.id, form__in=list(forms)).delete()[0]


def forget_all(*, staff_id: int) -> int:
    """Whoever signs out leaves nothing behind. How many that were."""
    return Draft.objects.filter(staff_id=staff_id).delete()[0]


def forget_old(*, before: datetime, limit: int = 1_000) -> int:
    """Deletes a batch of what nobody has touched since; returns how many."""
    old = Draft.objects.filter(touched_at__lt=before).order_by("touched_at")
    gone = list(old.values_list("pk", flat=True)[:limit])
    return Draft.objects.filter(pk__in=gone, touched_at__lt=before).delete()[0]
