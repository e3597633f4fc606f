"""Letters on their way to paper: taken from the pile together, downloaded, posted."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from notifications import outcomes
from notifications.backends import print_room
from notifications.letters import typeset
from notifications.lifecycle import State
from notifications.models import LetterBatch, Notification, PrintedLetter

# As many as a printer and a pair of hands take in one go.
MOST = 200


class NoLetters(DomainError):
    """There is nothing to print."""

    code = "no_letters"


class NoSuchBatch(DomainError):
    """There are no such letters, or they are another print room's."""

    code = "no_such_letters"


@transaction.atomic
def take(*, organisation: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Takes the letters that wait off the pile, the oldest first, as one batch. Raises NoLetters.

    Two who do it at once get different letters.
    """
    waiting = PrintedLetter.objects.filter(organisation=organisation, batch=None)
    ids = list(
        waiting.select_for_update(skip_locked=True).order_by("made_at", "pk")
        .values_list("pk", flat=True)[:MOST]
    )  # fmt: skip
    if not ids:
        raise NoLetters("There are no letters to print")
    batch = LetterBatch.objects.create(organisation=organisation, made_at=now, made_by=actor.name)
    PrintedLetter.objects.filter(pk__in=ids).update(batch=batch)
    _note("taken", batch, actor, now, letters=len(ids))
    return batch.public_id


def as_pdf(*, batch: uuid.UUID, organisation: str, actor: Actor, now: datetime) -> bytes:
    """A batch as one file for the printer, as often as it is wanted. Raises NoSuchBatch."""
    found = _batch(batch, organisation)
    letters = _letters(found)
    _note("downloaded", found, actor, now, letters=len(letters))
    return typeset.in_one([(print_room.unsealed(one.sealed), one.pages) for one in letters])


def as_zip(*, batch: uuid.UUID, organisation: str, actor: Actor, now: datetime) -> bytes:
    """A batch as a file for each letter, tagged for screen readers. Raises NoSuchBatch."""
    found = _batch(batch, organisation)
    letters = _letters(found)
    _note("downloaded", found, actor, now, letters=len(letters))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        for number, one in enumerate(letters, start=1):
            name = f"{number:03}-{one.notification.about or one.public_id}.pdf"
            file.writestr(name, print_room.unsealed(one.sealed))
    return whole.getvalue()


@transaction.atomic
def posted(*, batch: uuid.UUID, organisation: str, actor: Actor, now: datetime) -> int:
    """Somebody posted a batch: of each letter we know no more than that. Returns how many.

    A second time changes nothing. Raises NoSuchBatch.
    """
    rows = LetterBatch.objects.select_for_update(no_key=True)
    found = rows.filter(public_id=batch, organisation=organisation).first()
    if found is None:
        raise NoSuchBatch("There are no such letters")
    if found.posted_at is not None:
        return 0
    found.posted_at, found.posted_by = now, actor.name
    found.save(update_fields=["posted_at", "posted_by"])
    ids = found.letters.values_list("notification_id", flat=True)
    messages = Notification.objects.select_for_update(no_key=True).filter(pk__in=list(ids))
    done = sum(outcomes.move(one, State.DELIVERED, now=now) for one in messages.order_by("pk"))
    _note("posted", found, actor, now, letters=done)
    return done


def _batch(public_id: uuid.UUID, organisation: str) -> LetterBatch:
    found = LetterBatch.objects.filter(public_id=public_id, organisation=organisation).first()
    if found is None:
        raise NoSuchBatch("There are no such letters")
    return found


def _letters(batch: LetterBatch) -> list[PrintedLetter]:
    """What is left of a batch: letters of cases that were deleted are gone."""
    found = list(batch.letters.select_related("notification"))
    if not found:
        raise NoSuchBatch("The letters were deleted with their cases")
    return found


def _note(what: str, batch: LetterBatch, actor: Actor, now: datetime, *, letters: int) -> None:
    audit.record(
        f"letters.{what}", actor=actor, target=f"letters:{batch.public_id}", at=now,
        data={"letters": letters},
    )  # fmt: skip
