"""Who was merged with whom, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.permissions import Permission, Viewer
from customers import queries_likely
from customers.models import Merge, Person
from customers.queries import NoSuchPerson, PersonRow, rows_of


@dataclass(frozen=True, slots=True)
class Pair:
    """A merge as those see it who move what hangs on people."""

    merge_id: int
    kept_id: int
    gone_id: int
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str
    enquiries: tuple[int, ...]
    # What came in while they were one and stayed with the one who was kept.
    since: tuple[int, ...] = ()

    @property
    def is_undone(self) -> bool:
        """Whether they are two again."""
        return self.undone_at is not None


def pair(merge_id: int, *, held: bool = False) -> Pair:
    """One merge; `held`: locked until the transaction ends."""
    rows = Merge.objects.select_for_update(no_key=True) if held else Merge.objects.all()
    return _pair(rows.get(pk=merge_id))


def undone(viewer: Viewer, public_id: uuid.UUID) -> Pair:
    """Two who were taken apart, held. Raises NoSuchPerson."""
    rows = Merge.objects.select_for_update(no_key=True).exclude(undone_at=None)
    row = rows.filter(public_id=public_id).first()
    if row is None or not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    return _pair(row)


def _pair(row: Merge) -> Pair:
    return Pair(
        merge_id=row.pk,
        kept_id=row.kept_id,
        gone_id=row.gone_id,
        at=row.at,
        by=row.by,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        enquiries=tuple(row.moved.get("enquiries", [])),
        since=tuple(row.moved.get("since", [])),
    )


def above(merge_id: int) -> int | None:
    """The merge by which the one who was kept went into somebody else; None where none did."""
    kept = Merge.objects.filter(pk=merge_id).values("kept_id")
    rows = Merge.objects.filter(gone_id__in=kept, undone_at=None)
    return rows.values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge as staff read it: with whom, why, and what could not be put back."""

    public_id: uuid.UUID
    other: str
    other_id: uuid.UUID
    is_kept: bool
    why: str
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str
    undone_why: str
    undone: tuple[str, ...]
    gone: str = ""
    gone_id: int = 0
    kept_id: int = 0
    since: tuple[int, ...] = ()


def of_person(viewer: Viewer, person_id: int) -> list[Merged]:
    """Every merge of somebody, the newest first; also those that were undone."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    rows = Merge.objects.filter(Q(kept_id=person_id) | Q(gone_id=person_id))
    return [
        Merged(
            public_id=row.public_id,
            other=str(row.gone if row.kept_id == person_id else row.kept),
            other_id=(row.gone if row.kept_id == person_id else row.kept).public_id,
            is_kept=row.kept_id == person_id,
            why=row.why,
            at=row.at,
            by=row.by,
            undone_at=row.undone_at,
            undone_by=row.undone_by,
            undone_why=row.undone_why,
            undone=tuple(row.undone),
            gone=str(row.gone),
            gone_id=row.gone_id,
            kept_id=row.kept_id,
            since=tuple(row.moved.get("since", [])),
        )
        for row in rows.select_related("kept", "gone").order_by("-pk")
    ]


def now_of(viewer: Viewer, public_id: uuid.UUID) -> uuid.UUID | None:
    """Whose page is this person's now; None where they were not merged into anybody."""
    row = Person.objects.filter(public_id=public_id, merged_into__isnull=False).first()
    if row is None or not viewer.may(Permission.SEE_PEOPLE):
        return None
    now = queries_likely.current([row.pk])[row.pk]
    return Person.objects.values_list("public_id", flat=True).get(pk=now)


def two(viewer: Viewer, one: uuid.UUID, other: uuid.UUID) -> tuple[PersonRow, PersonRow]:
    """Two people side by side. Raises NoSuchPerson; also where they are one already."""
    found = dict(
        Person.objects.filter(public_id__in=(one, other), merged_into=None).values_list(
            "public_id", "pk"
        )
    )
    if len(found) != 2 or not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    first, second = rows_of([found[one], found[other]])
    return first, second


def all_of(person_id: int) -> list[int]:
    """The keys of somebody and of everybody who was merged into them."""
    found, fresh = [person_id], [person_id]
    while fresh:
        rows = Person.objects.filter(merged_into_id__in=fresh)
        fresh = [key for key in rows.values_list("pk", flat=True) if key not in found]
        found += fresh
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """That two were one, or two again, for the ledger."""

    keep: int
    drop: int
    at: datetime
    is_undo: bool


def lines(person_ids: Iterable[int]) -> list[Line]:
    """Every merge that says who these people are, in the order in which they were said."""
    known, fresh = set(person_ids), set(person_ids)
    rows: dict[int, Merge] = {}
    while fresh:
        found = Merge.objects.filter(Q(kept_id__in=fresh) | Q(gone_id__in=fresh))
        rows.update({row.pk: row for row in found})
        met = {key for row in found for key in (row.kept_id, row.gone_id)}
        fresh = met - known
        known |= fresh
    said = [Line(row.kept_id, row.gone_id, row.at, is_undo=False) for row in rows.values()]
    said += [
        Line(row.kept_id, row.gone_id, row.undone_at, is_undo=True)
        for row in rows.values()
        if row.undone_at is not None
    ]
    return sorted(said, key=lambda line: line.at)


def pairs() -> Iterator[tuple[int, int]]:
    """Every two who were ever merged, also if they are two again, below zero (`ledger_pairs`)."""
    for kept, gone in Merge.objects.order_by().values_list("kept_id", "gone_id").iterator():
        yield -kept, -gone


def public_ids(person_ids: Iterable[int]) -> list[uuid.UUID]:
    """By which these people stand in addresses and in the audit."""
    rows = Person.objects.filter(pk__in=list(person_ids)).order_by("pk")
    return list(rows.values_list("public_id", flat=True))
