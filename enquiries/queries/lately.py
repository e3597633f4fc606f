"""What cases went through a moment ago, for pages that are open (hub.live)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

_LIMIT = 2_000
# Nothing waits for a transaction that runs for long: what is written beside it is told, and so
# much of it remembered. Older lines that come after all are found when pages look again.
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Change:
    """One new line of a ledger. `by` and `staff` say who of the staff did it: "" and 0 for none."""

    reference: str
    version: int
    what: str
    by: str
    staff: int


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: all transactions below `floor`, and of those above it the lines
    `seen` (transaction, line).
    """

    floor: int
    seen: frozenset[tuple[int, int]] = field(default=frozenset())


def now_at() -> Place:
    """The place of somebody who begins to read now, and is told of nothing before."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (floor,) = sql.fetchone()
        sql.execute(
            "SELECT transaction, id FROM enquiries_enquiryevent WHERE transaction >= %s", [floor]
        )
        return Place(floor, frozenset(sql.fetchall()))


def changes(place: Place) -> tuple[list[Change], Place]:
    """The lines since a place, in the order of their transactions, and the next place.

    A line is told as soon as it is committed, whatever older transaction still runs: what lies
    above the oldest of these is read again and told once. 2,000 lines at most; the rest is for
    the next reading.
    """
    with connection.cursor() as sql:
        # One statement, one snapshot: whatever is below its floor was committed, and is seen here.
        sql.execute(
            "SELECT now.floor, line.* FROM"
            " (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS floor) AS now"
            " LEFT JOIN LATERAL ("
            " SELECT event.transaction, event.id, enquiry.reference, event.sequence, event.type,"
            " event.actor_kind, event.actor_name, event.actor_id"
            " FROM enquiries_enquiryevent AS event"
            " JOIN enquiries_enquiry AS enquiry ON enquiry.id = event.enquiry_id"
            " WHERE event.transaction >= %s AND NOT event.id = ANY(%s)"
            " ORDER BY event.transaction, event.id LIMIT %s) AS line ON true",
            [place.floor, [line for _, line in place.seen], _LIMIT],
        )
        found = sql.fetchall()
    rows = [row[1:] for row in found if row[1] is not None]
    floor = place.floor if len(rows) == _LIMIT else found[0][0]
    seen = sorted(one for one in {*place.seen, *((r[0], r[1]) for r in rows)} if one[0] >= floor)
    if len(seen) > _REMEMBERED:
        floor = seen[-_REMEMBERED][0]
        seen = [one for one in seen if one[0] >= floor]
    return [_change(row) for row in rows], Place(floor, frozenset(seen))


def _change(row: tuple[int, int, str, int, str, str, str, int | None]) -> Change:
    by_staff = row[5] == "staff"
    return Change(row[2], row[3], row[4], row[6] if by_staff else "", (by_staff and row[7]) or 0)
