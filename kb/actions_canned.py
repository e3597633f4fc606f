"""Writes the short texts of a body's staff."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from kb.models import CannedText
from kb.queries_canned import NoSuchText

# As long as a text of two parts may be, with a line of ours before it.
MOST_WORDS = 250


class TextRefused(DomainError):
    """It cannot be kept so; the field says where."""

    code = "canned_text_refused"


class TextChanged(DomainError):
    """Somebody else changed it since the page was made."""

    code = "canned_text_changed"


@transaction.atomic
def add(*, viewer: Viewer, name: str, words: str, now: datetime) -> CannedText:
    """One more for the viewer's organisation. Raises NoSuchText, TextRefused."""
    if not viewer.may(Permission.EDIT_ANSWERS) or viewer.organisation_id is None:
        raise NoSuchText("There is no such text")
    text = CannedText(organisation_id=viewer.organisation_id)
    _write(text, name, words, viewer, now=now)
    return text


@transaction.atomic
def change(
    *, public_id: uuid.UUID, seen: int, viewer: Viewer, name: str, words: str, now: datetime
) -> None:
    """Other words, or another name. Raises NoSuchText, TextRefused, TextChanged."""
    text = _held(viewer, public_id)
    if text.version != seen:
        raise TextChanged("Somebody changed this meanwhile. Read how it is now, and change that")
    text.version += 1
    _write(text, name, words, viewer, now=now)


@transaction.atomic
def end(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """Nobody is offered it any more. Raises NoSuchText."""
    text = _held(viewer, public_id)
    text.ended_at, text.changed_at, text.changed_by = now, now, viewer.name[:120]
    text.save(update_fields=["ended_at", "changed_at", "changed_by"])
    _record("canned_text.ended", text, viewer, now=now)


def _held(viewer: Viewer, public_id: uuid.UUID) -> CannedText:
    rows = CannedText.objects.select_for_update().filter(
        public_id=public_id, organisation_id=viewer.organisation_id or 0, ended_at=None
    )
    found = rows.first() if viewer.may(Permission.EDIT_ANSWERS) else None
    if found is None:
        raise NoSuchText("There is no such text")
    return found


def _write(text: CannedText, name: str, words: str, viewer: Viewer, *, now: datetime) -> None:
    text.name, text.words = " ".join(name.split()), " ".join(words.split())
    if not text.name:
        raise TextRefused("Give it a name", field="name")
    if not text.words:
        raise TextRefused("Write what the text says", field="words")
    if len(text.words) > MOST_WORDS:
        raise TextRefused(f"The text must be {MOST_WORDS} characters or fewer", field="words")
    text.changed_at, text.changed_by = now, viewer.name[:120]
    try:
        with transaction.atomic():
            text.save()
    except IntegrityError as error:
        raise TextRefused("There is a text with this name. Choose another", field="name") from error
    _record("canned_text.written", text, viewer, now=now)


def _record(action: str, text: CannedText, viewer: Viewer, *, now: datetime) -> None:
    audit.record(
        action, actor=viewer.actor, target=f"canned_text:{text.public_id}", at=now,
        data={"name": text.name},
    )  # fmt: skip
