"""A change of address, told to us once; and who has to hear of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.permissions import Permission, Viewer
from core import audit, undoable
from customers import ways
from customers.actions_telling import AddressNotWhole
from customers.models import Move, MoveNotice, Person, PostalAddress
from customers.queries import NoSuchPerson

# Who has not said that they know is reminded after so long, again and again.
CHASE_AFTER: Final = timedelta(days=3)


class NoSuchNotice(NoSuchPerson):
    """It is none of the viewer's, or never was."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of address that was written down."""

    move_id: int
    person_id: int


@transaction.atomic
def move(
    *, viewer: Viewer, person: uuid.UUID, address: str, postcode: str, uprn: str, now: datetime
) -> Moved | None:
    """Where somebody lives now; None where we knew it. What was told of an older move is withdrawn.

    Raises NoSuchPerson, AddressNotWhole.
    """
    rows = Person.objects.select_for_update(no_key=True)
    found = rows.filter(public_id=person, merged_into=None).first()
    if found is None or not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    lines = [" ".join(line.split()) for line in address.replace("\r", "").split("\n")]
    address = "\n".join(line for line in lines if line)[:300]
    postcode = " ".join(postcode.upper().split())[:8]
    if not ways.postal_lines(name="Anybody", address=address, postcode=postcode):
        raise AddressNotWhole("Enter a house number or name, a street and a full postcode")
    if (found.address, found.postcode) == (address, postcode):
        return None
    by = viewer.name[:120]
    row = Move.objects.create(
        person=found, from_address=found.address, from_postcode=found.postcode,
        to_address=address, to_postcode=postcode, to_uprn=uprn[:12], at=now, by=by,
    )  # fmt: skip
    if found.address:
        PostalAddress.objects.create(
            person=found, kind="before", address=found.address, postcode=found.postcode,
            uprn=found.uprn, recorded_at=now, recorded_by=by,
        )  # fmt: skip
    found.address, found.postcode, found.uprn = address, postcode, uprn[:12]
    found.post_unusable_at = None
    found.save(update_fields=["address", "postcode", "uprn", "post_unusable_at"])
    MoveNotice.objects.filter(
        move__person=found, acknowledged_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)  # fmt: skip
    target = f"person:{found.public_id}"
    audit.record("person.moved", actor=viewer.actor, target=target, at=now)
    return Moved(row.pk, found.pk)


def tell(*, move_id: int, about: Mapping[int, Sequence[str]], now: datetime) -> None:
    """These organisations (by key) have to hear of it, for these enquiries; due at once, or when
    it can no longer be taken back."""
    hold = undoable.current()
    due = hold.until if hold is not None else now
    MoveNotice.objects.bulk_create(
        [
            MoveNotice(move_id=move_id, organisation_id=key, about=sorted(references),
                       told_at=now, chase_at=due)
            for key, references in sorted(about.items())
        ],
        ignore_conflicts=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that goes out now, for the first time or again; and on which enquiries."""

    id: int
    organisation_id: int
    chased: int
    about: tuple[str, ...]


def take_due(*, now: datetime, after: int = 0) -> Due | None:
    """The next notice that has to go out, locked until the transaction ends; None for no more."""
    rows = MoveNotice.objects.select_for_update(skip_locked=True, no_key=True)
    rows = rows.filter(acknowledged_at=None, withdrawn_at=None, chase_at__lte=now, pk__gt=after)
    row = rows.order_by("pk").first()
    if row is None:
        return None
    due = Due(row.pk, row.organisation_id, row.chased, tuple(row.about))
    row.chased, row.chase_at = row.chased + 1, now + CHASE_AFTER
    row.save(update_fields=["chased", "chase_at"])
    return due


@transaction.atomic
def acknowledge(*, viewer: Viewer, notice: uuid.UUID, now: datetime) -> bool:
    """Somebody of the organisation has changed it where they keep it; False where one had.

    Raises NoSuchNotice.
    """
    rows = MoveNotice.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(
        public_id=notice, organisation_id=viewer.organisation_id or 0, withdrawn_at=None
    ).first()
    may = viewer.may(Permission.ANSWER_REFERRALS) or viewer.may(Permission.SEE_PEOPLE)
    if row is None or not may:
        raise NoSuchNotice("There is no such notice")
    if row.acknowledged_at is not None:
        return False
    row.acknowledged_at, row.acknowledged_by = now, viewer.name[:120]
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    audit.record(
        "person.move_acknowledged",
        actor=viewer.actor,
        target=f"person:{row.move.person.public_id}",
        at=now,
    )
    return True
