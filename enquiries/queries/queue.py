"""The shared queue, page by page: where a page begins stands in its address, so that the four
hundredth costs what the first costs, and nothing is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from django.db.models import BooleanField, CharField, DateTimeField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.permissions import Permission, Viewer
from core.statements import NOW, Given, Statement, statement
from enquiries.models import Enquiry
from enquiries.queries import disputes
from enquiries.queries.queue_filters import (
    Filters,
    Keys,
    View,
    Whose,
    about,
    keys,
    narrowed,
    of_view,
    soon,
)
from enquiries.queries.queue_names import Names, names
from enquiries.queries.queue_rows import FIELDS, STAFF, Found, QueueRow, of_each, row

PAGE = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARK = re.compile(r"([0-9]{1,17}|none)\.(WH[0-9A-Z-]{7,9})")
_AT, _REFERENCE = Given("at", DateTimeField()), Given("mark", CharField())
_SOON = Given("soon", DateTimeField())
_MARKED = "(SELECT mark.id FROM enquiries_enquiry AS mark WHERE mark.reference = %s)"


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
    found = _read(_Asked(viewer, filters, now, known), place)
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
    rows = of_view(Enquiry.objects.order_by(), _whose(viewer, viewer.id or 0), filters.view)
    until = soon(filters, now, known)
    rows = narrowed(rows, filters, keys(filters, known), now=now, soon=until)
    return about(viewer, rows, filters.text)


def _whose(viewer: Viewer, staff: int | Given) -> Whose:
    return Whose(staff, viewer.organisation_id, viewer.team_ids)


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A list, and who asks for it when."""

    viewer: Viewer
    filters: Filters
    now: datetime
    known: Names

    def part(self, part: _Part, mark: Mark | None = None, most: int = PAGE + 1) -> list[Found]:
        """So many lines of it, in the order that it is walked in."""
        viewer, filters = self.viewer, self.filters
        # Words are typed by somebody, and nobody keeps them.
        made = _statement.__wrapped__ if filters.text else _statement
        teams = viewer.team_ids if filters.view == View.TEAM else frozenset[int]()
        asked = made(
            Whose(STAFF, viewer.organisation_id, teams),
            filters,
            keys(filters, self.known),
            part,
            viewer if filters.text else None,
        )
        rows = asked.rows(
            staff=viewer.id or 0,
            now=self.now,
            soon=soon(filters, self.now, self.known),
            at=mark and mark.at,
            mark=mark and mark.reference,
        )
        return [Found(*one) for one in rows[:most]]


class _Part(StrEnum):
    """Which part of a list is read, by where it begins and which way it goes. Those with a promise
    go first where a list goes by it; `UNDATED` are those without."""

    NEWEST = "-received_at"
    OLDER = "-received_at <"
    NEWER = "received_at >"
    FIRST = "due_at"
    LATER = "due_at >"
    EARLIER = "-due_at <"
    LAST_DATED = "-due_at"
    UNDATED = "pk"
    UNDATED_ON = "pk >"
    UNDATED_BACK = "-pk <"


@lru_cache(maxsize=512)
def _statement(
    whose: Whose, filters: Filters, known: Keys, part: _Part, reader: Viewer | None
) -> Statement:
    """A page and one line more. Planned once where only its view says what fits: what is narrowed
    is planned by how much fits."""
    rows = of_view(Enquiry.objects.order_by(), whose, filters.view)
    rows = narrowed(rows, filters, known, now=NOW, soon=_SOON)
    if reader is not None:
        rows = about(reader, rows, filters.text)
    order, _, sign = part.partition(" ")
    field = order.removeprefix("-")
    if sign:
        rows = rows.filter(_key(sign) if field == "pk" else _beside(field, sign))
    if field == "pk":
        rows = rows.filter(due_at__isnull=True)
    elif part in (_Part.EARLIER, _Part.LAST_DATED):
        rows = rows.filter(due_at__isnull=False)
    by = {field: order, "pk": "-pk" if order.startswith("-") else "pk"}
    rows = rows.annotate(**of_each()).order_by(*by.values())
    is_whole = filters == Filters(filters.view)
    return statement(rows.values_list(*FIELDS)[: PAGE + 1], prepared=is_whole)


def _read(asked: _Asked, place: Place) -> list[Found]:
    """A page and one line more, in the order that it is walked in."""
    if asked.filters.is_ended:
        return _newest_first(asked, place)
    if place.before is not None:
        return _backward(asked, place.before)
    return _forward(asked, place.after)


def _newest_first(asked: _Asked, place: Place) -> list[Found]:
    if place.before is not None:
        return asked.part(_Part.NEWER, place.before)
    if place.after is not None:
        return asked.part(_Part.OLDER, place.after)
    return asked.part(_Part.NEWEST)


def _forward(asked: _Asked, after: Mark | None) -> list[Found]:
    """What is due, then what has no date: the index has these last."""
    if after is None:
        return asked.part(_Part.FIRST)
    if after.at is None:
        return asked.part(_Part.UNDATED_ON, after)
    found = asked.part(_Part.LATER, after)
    short = PAGE + 1 - len(found)
    return found + asked.part(_Part.UNDATED, most=short) if short else found


def _backward(asked: _Asked, before: Mark) -> list[Found]:
    """The same the other way round."""
    if before.at is not None:
        return asked.part(_Part.EARLIER, before)
    found = asked.part(_Part.UNDATED_BACK, before)
    short = PAGE + 1 - len(found)
    return found + asked.part(_Part.LAST_DATED, most=short) if short else found


def _beside(field: str, sign: str) -> RawSQL:
    """Both columns compared at once, which an index on both can begin at."""
    return _holds(f"(enquiries_enquiry.{field}, enquiries_enquiry.id) {sign} (%s, {_MARKED})", _AT)


def _key(sign: str) -> RawSQL:
    return _holds(f"enquiries_enquiry.id {sign} {_MARKED}")


def _holds(sql: str, *values: Given) -> RawSQL:
    # Names and signs are our own; what came with an address is a parameter.
    return RawSQL(sql, [*values, _REFERENCE], output_field=BooleanField())  # noqa: S611
