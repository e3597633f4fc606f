"""The shared queue, page by page: where a page begins stands in its address, so that the four
hundredth costs what the first costs, and nothing is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.permissions import Permission, Viewer
from enquiries.models import Enquiry
from enquiries.queries import disputes
from enquiries.queries.queue_filters import Filters, View, about, narrowed, of_view
from enquiries.queries.queue_names import Names, names
from enquiries.queries.queue_rows import FIELDS, Found, QueueRow, of_each, row

PAGE = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARK = re.compile(r"([0-9]{1,17}|none)\.(WH[0-9A-Z-]{7,9})")
_KEY = "(SELECT mark.id FROM enquiries_enquiry AS mark WHERE mark.reference = %s)"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two lines: the moment that the list goes by, and a reference."""

    at: datetime | None
    reference: str

    def __str__(self) -> str:
        at = "none" if self.at is None else str((self.at - _EPOCH) // timedelta(microseconds=1))
        return f"{at}.{self.reference}"


def mark(text: str) -> Mark | None:
    """A place as an address has it; None for anything odd."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    if found[1] == "none":
        return Mark(None, found[2])
    return Mark(_EPOCH + timedelta(microseconds=int(found[1])), found[2])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after a line, or before one, or at the start."""

    after: Mark | None = None
    before: Mark | None = None


START = Place()


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue. `back` and `onward` are the marks that the pages beside it stand
    before and after; "" where there is none."""

    rows: tuple[QueueRow, ...]
    back: str = ""
    onward: str = ""


def inbox(
    viewer: Viewer,
    filters: Filters,
    *,
    now: datetime,
    place: Place = START,
    known: Names | None = None,
) -> QueuePage:
    """A page of the queue, due first; empty for who may not see it.

    One statement; a second one for the names where they are not `known`, with the reasons for what
    is disputed, and where a page runs over into what has no promise.
    """
    if not (viewer.is_hub and viewer.may(Permission.SEE_QUEUE)):
        return QueuePage(())
    known = known or names()
    rows = matching(viewer, filters, now=now, known=known)
    found = _read(rows.annotate(**of_each(viewer)), filters, place)
    more, found = len(found) > PAGE, found[:PAGE]
    if place.before is not None:
        found.reverse()
    said = disputes.refusals(one.pk for one in found) if filters.view == View.DISPUTED else {}
    shown = tuple(row(viewer, one, known, now, said.get(one.pk, ())) for one in found)
    back = place.after is not None or (place.before is not None and more)
    onward = more if place.before is None else True
    return QueuePage(
        shown,
        back=_mark_of(found[0], filters) if found and back else "",
        onward=_mark_of(found[-1], filters) if found and onward else "",
    )


def matching(viewer: Viewer, filters: Filters, *, now: datetime, known: Names) -> QuerySet[Enquiry]:
    """Every case of a view that its filters leave, for who may see the queue, in no order."""
    rows = of_view(Enquiry.objects.order_by(), viewer, filters.view)
    return about(viewer, narrowed(rows, filters, now, known), filters.text)


def references(
    viewer: Viewer, filters: Filters, *, now: datetime, known: Names, most: int
) -> list[str]:
    """The references of a whole list in its order, `most` at most."""
    if not (viewer.is_hub and viewer.may(Permission.SEE_QUEUE)):
        return []
    order = ("-received_at", "-pk") if filters.is_ended else ("due_at", "pk")
    rows = matching(viewer, filters, now=now, known=known).order_by(*order)
    return list(rows.values_list("reference", flat=True)[:most])


def _mark_of(found: Found, filters: Filters) -> str:
    return str(Mark(found.received_at if filters.is_ended else found.due_at, found.reference))


def _read(rows: QuerySet[Enquiry], filters: Filters, place: Place) -> list[Found]:
    """A page and one line more, in the order that it is walked in."""
    if filters.is_ended:
        return _newest_first(rows, place)
    return _forward(rows, place.after) if place.before is None else _backward(rows, place.before)


def _newest_first(rows: QuerySet[Enquiry], place: Place) -> list[Found]:
    if place.before is not None:
        beyond = rows.filter(_beside("received_at", ">", place.before))
        return _taken(beyond.order_by("received_at", "pk"))
    if place.after is not None:
        rows = rows.filter(_beside("received_at", "<", place.after))
    return _taken(rows.order_by("-received_at", "-pk"))


def _forward(rows: QuerySet[Enquiry], after: Mark | None) -> list[Found]:
    """What is due, then what has no date: the index has these last."""
    if after is None:
        return _taken(rows.order_by("due_at", "pk"))
    undated = rows.filter(due_at__isnull=True).order_by("pk")
    if after.at is None:
        return _taken(undated.filter(_key(">", after)))
    found = _taken(rows.filter(_beside("due_at", ">", after)).order_by("due_at", "pk"))
    short = PAGE + 1 - len(found)
    return found + _taken(undated, short) if short else found


def _backward(rows: QuerySet[Enquiry], before: Mark) -> list[Found]:
    """The same the other way round."""
    dated = rows.filter(due_at__isnull=False).order_by("-due_at", "-pk")
    if before.at is not None:
        return _taken(dated.filter(_beside("due_at", "<", before)))
    found = _taken(rows.filter(_key("<", before), due_at__isnull=True).order_by("-pk"))
    short = PAGE + 1 - len(found)
    return found + _taken(dated, short) if short else found


def _taken(rows: QuerySet[Enquiry], most: int = PAGE + 1) -> list[Found]:
    return [Found(*one) for one in rows.values_list(*FIELDS)[:most]]


def _beside(field: str, sign: str, place: Mark) -> RawSQL:
    """Both columns compared at once, which an index on both can begin at."""
    sql = f"(enquiries_enquiry.{field}, enquiries_enquiry.id) {sign} (%s, {_KEY})"
    return _holds(sql, [place.at, place.reference])


def _key(sign: str, place: Mark) -> RawSQL:
    return _holds(f"enquiries_enquiry.id {sign} {_KEY}", [place.reference])


def _holds(sql: str, values: list[object]) -> RawSQL:
    # Names and signs are our own; what came with an address is a parameter.
    return RawSQL(sql, values, output_field=BooleanField())  # noqa: S611
