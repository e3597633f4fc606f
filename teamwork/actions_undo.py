"""What somebody just did can be taken back, for ten seconds: by them, whole or not at all."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from accounts.permissions import Viewer
from core import audit, undoable
from core.errors import DomainError
from core.sealing import SealBroken, seal, unseal
from enquiries.actions import merging, takebacks
from teamwork import scopes
from teamwork.models import Undo
from teamwork.scopes import Asked
from teamwork.undoing import INVERSES

SECONDS = timedelta(seconds=10)
PURPOSE = "undo"
MOST_ABOUT = 200


class NoSuchUndo(DomainError):
    """There is nothing of that kind to take back, or it is somebody else's."""

    code = "no_such_undo"


class TooLate(DomainError):
    """The seconds are over."""

    code = "undo_too_late"


@dataclass(frozen=True, slots=True)
class Left:
    """What can be taken back until when."""

    public_id: uuid.UUID
    words: str
    until: datetime


@dataclass(slots=True)
class Act:
    """An act that is being done: its words can be said better when it is done."""

    words: str
    left: Left | None = None


def leave(
    viewer: Viewer,
    *,
    words: str,
    inverse: str,
    data: dict[str, Any],
    about: str,
    now: datetime,
    waits: timedelta = SECONDS,
) -> Left:
    """An act can be taken back by the named inverse. In the transaction of the act."""
    if inverse not in INVERSES or viewer.id is None:
        raise ValueError(f"{inverse} of nobody in particular")
    text = json.dumps(data, cls=DjangoJSONEncoder)
    row = Undo.objects.create(
        staff_id=viewer.id,
        words=words[:200],
        inverse=inverse,
        data={"sealed": seal(text, purpose=PURPOSE)},
        about=about if len(about) <= MOST_ABOUT else about.partition("?")[0],
        made_at=now,
        until=now + waits,
    )
    return Left(row.public_id, row.words, row.until)


@contextmanager
def cases(
    viewer: Viewer,
    *references: str,
    words: str,
    about: str,
    now: datetime,
    tied: bool = False,
    beside: Iterable[Asked] = (),
    waits: timedelta = SECONDS,
) -> Iterator[Act]:
    """Does an act on cases of the desk that can be taken back; belongs into its transaction.

    Its messages wait until it no longer can. `tied`: the act joins cases, or parts them; `beside`:
    what else it may change.
    """

    def rows() -> takebacks.Before:
        return takebacks.before(viewer, references, tied=tied)

    with _undoable(viewer, rows, words, about, now, beside, waits) as act:
        yield act


@contextmanager
def referral(
    viewer: Viewer, public_id: uuid.UUID, *, words: str, about: str, now: datetime
) -> Iterator[Act]:
    """The same of what an organisation answers to a referral of its own."""

    def rows() -> takebacks.Before:
        return takebacks.before_referral(viewer, public_id)

    with _undoable(viewer, rows, words, about, now) as act:
        yield act


@contextmanager
def contact(
    viewer: Viewer,
    public_id: uuid.UUID,
    *references: str,
    words: str,
    about: str,
    now: datetime,
    beside: Iterable[Asked] = (),
) -> Iterator[Act]:
    """The same of what is done in a contact: what it is about, whom it is with, its wrap-up."""

    def rows() -> takebacks.Before:
        return takebacks.before_contact(viewer, public_id, references)

    with _undoable(viewer, rows, words, about, now, beside) as act:
        yield act


@contextmanager
def person(
    viewer: Viewer, public_id: uuid.UUID, *, words: str, about: str, now: datetime
) -> Iterator[Act]:
    """The same of what is written down of somebody: it may make due sooner what they have open."""

    def rows() -> takebacks.Before:
        return takebacks.before_person(viewer, public_id)

    with _undoable(viewer, rows, words, about, now, [Asked("person", str(public_id))]) as act:
        yield act


@contextmanager
def rows(viewer: Viewer, *beside: Asked, words: str, about: str, now: datetime) -> Iterator[Act]:
    """The same of what changes no case, contact or person: these rows alone."""
    with _undoable(viewer, lambda: takebacks.NOTHING, words, about, now, beside) as act:
        yield act


@contextmanager
def _undoable(
    viewer: Viewer,
    before: Callable[[], takebacks.Before],
    words: str,
    about: str,
    now: datetime,
    beside: Iterable[Asked] = (),
    waits: timedelta = SECONDS,
) -> Iterator[Act]:
    act = Act(words)
    if viewer.id is None or undoable.current() is not None:
        yield act  # nobody is there to take it back, or it is part of another act
        return
    with transaction.atomic(), undoable.until(now + waits) as hold:
        # People are held before cases, as by all who write of them.
        people = scopes.before(viewer, [one for one in beside if one.kind == "person"])
        was = before()
        others = scopes.before(viewer, [one for one in beside if one.kind != "person"])
        yield act
        data = takebacks.after(was)
        kept = scopes.after(viewer, [*people, *others])
        is_done = data.pop("done") or bool(kept) or bool(hold.messages)
        if data.pop("beyond") or not is_done:
            return  # nothing was done, or more than can be undone
        data |= {"messages": hold.messages, "silenced": hold.silenced, "promises": hold.promises}
        data["kept"] = kept
        act.left = leave(
            viewer, words=act.words, inverse="cases", data=data, about=about, now=now, waits=waits
        )


@transaction.atomic
def take_back(*, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> Undo:
    """Takes an act of the viewer's own back, once. Again it changes nothing.

    Raises NoSuchUndo, TooLate, and what its inverse raises when something happened since.
    """
    held = Undo.objects.select_for_update(no_key=True)
    row = held.filter(public_id=public_id, staff_id=viewer.id).first()
    if row is None:
        raise NoSuchUndo("There is nothing to take back")
    if row.undone_at is not None:
        return row
    if now >= row.until:
        raise TooLate("It is too late to take this back: it can be done for ten seconds")
    try:
        data = json.loads(unseal(row.data["sealed"], purpose=PURPOSE))
    except SealBroken:
        raise TooLate("It is too late to take this back") from None
    INVERSES[row.inverse](viewer, data, row.words, row.made_at, now)
    row.undone_at, row.data = now, {}
    row.save(update_fields=["undone_at", "data"])
    people = [f"person:{one['key']}" for one in data.get("kept", ()) if one["kind"] == "person"]
    audit.record(
        "act.taken_back", actor=viewer.actor, target=people[0] if people else f"undo:{public_id}",
        at=now, data={"done_at": row.made_at.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def merge(
    *, viewer: Viewer, kept: uuid.UUID, gone: uuid.UUID, take: Collection[str], why: str,
    words: str, about: str, now: datetime,
) -> Left:  # fmt: skip
    """Reads one person into another; taken back, they are two again. Raises as merging.merge."""
    with undoable.until(now + SECONDS):
        made = merging.merge(viewer=viewer, kept=kept, gone=gone, take=take, why=why, now=now)
    data = {"merge": str(made)}
    return leave(viewer, words=words, inverse="merge", data=data, about=about, now=now)


def forget_old(*, before: datetime, limit: int = 1_000) -> int:
    """Deletes a batch of what nobody can take back since long; returns how many."""
    gone: Sequence[int] = list(
        Undo.objects.filter(until__lt=before).order_by("until").values_list("pk", flat=True)[:limit]
    )
    return Undo.objects.filter(pk__in=gone).delete()[0]
