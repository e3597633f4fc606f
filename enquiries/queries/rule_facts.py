"""What rules of teams ask of a case, and the lines of the ledger that set them off.

For who follows the ledger: lines are read below the oldest running transaction, so that a late
commit is seen later, never missed. Nobody's name or address is in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

import customers.queries
from enquiries import clocks, events
from enquiries.case_facts import CaseFacts, LedgerLine
from enquiries.channels import ItemKind
from enquiries.models import ContactItem, Enquiry, EnquiryEvent, Holding, Referral
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries import destinations, sensitive

_MINUTE = timedelta(minutes=1)


def end_of_ledger() -> str:
    """The place from which everything is still to come, as a cursor."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return f"{sql.fetchone()[0]}:0"


def lines_since(
    cursor: str, types: Collection[str], *, limit: int = 2_000
) -> tuple[list[LedgerLine], str, bool]:
    """Lines of these types after the cursor, the next cursor, and whether there may be more.

    A cursor from before the database was restored lies ahead of everything: it begins anew.
    """
    transaction, last = (int(part) for part in cursor.split(":"))
    with connection.cursor() as sql:
        sql.execute(
            "WITH page AS (SELECT transaction, id, enquiry_id, type, at, recorded_at,"
            "  CASE WHEN type = ANY(%s) THEN data END AS data FROM enquiries_enquiryevent"
            "  WHERE (transaction, id) > (%s, %s)"
            "  AND transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            "  ORDER BY transaction, id LIMIT %s)"
            " SELECT id, enquiry_id, type, at, recorded_at, data->>'kind', data->'through',"
            "  transaction, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM page"
            " ORDER BY transaction, id",
            [list(types), transaction, last, limit],
        )
        rows = sql.fetchall()
    if not rows:
        newest = end_of_ledger()
        is_ahead = transaction > int(newest.split(":", maxsplit=1)[0])
        return [], newest if is_ahead else cursor, False
    wanted = set(types)
    found = [_line(*row[:7]) for row in rows if row[2] in wanted]
    return found, f"{rows[-1][7]}:{rows[-1][0]}", len(rows) == limit


def _line(
    pk: int, enquiry: int, kind: str, at: datetime, recorded: datetime, said: str | None, by: Any
) -> LedgerLine:
    through = _loaded(by)
    return LedgerLine(pk, enquiry, kind, at, recorded, said or "", *_led(through))


def _led(through: dict[str, Any]) -> tuple[tuple[str, ...], int]:
    """The rules that led to a line, and the line with which that began."""
    return tuple(through.get("chain") or ()), int(through.get("root") or 0)


def _loaded(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


def lines(ids: Sequence[int]) -> dict[int, LedgerLine]:
    """Lines of the ledger by their keys."""
    rows = EnquiryEvent.objects.filter(pk__in=ids)
    return {row.pk: _of(row) for row in rows}


def _of(row: EnquiryEvent) -> LedgerLine:
    through = row.data.get("through") or {}
    return LedgerLine(
        row.pk, row.enquiry_id, row.type, row.at, row.recorded_at, str(row.data.get("kind") or ""),
        *_led(through),
    )  # fmt: skip


def latest(types: Collection[str], *, most: int = 1_000, among: int = 50_000) -> list[LedgerLine]:
    """The newest lines of these types, newest first, among the newest of all: bounded."""
    with connection.cursor() as sql:
        sql.execute(
            "WITH newest AS (SELECT id, type FROM enquiries_enquiryevent"
            "  ORDER BY transaction DESC, id DESC LIMIT %s)"
            " SELECT id FROM newest WHERE type = ANY(%s) LIMIT %s",
            [among, list(types), most],
        )
        ids = [row[0] for row in sql.fetchall()]
    found = lines(ids)
    return [found[pk] for pk in ids if pk in found]


def facts(enquiry_ids: Iterable[int], *, now: datetime) -> dict[int, CaseFacts]:
    """Cases as they stand now, by their keys: three statements for any number."""
    ids = sorted(set(enquiry_ids))
    rows = _rows(Enquiry.objects.filter(pk__in=ids))
    partners: dict[int, set[str]] = {}
    for pk, slug in Referral.objects.filter(
        enquiry_id__in=ids, status__in=LIVE_REFERRAL
    ).values_list("enquiry_id", "organisation__slug"):
        partners.setdefault(pk, set()).add(slug)
    chases = dict(
        ContactItem.objects.filter(enquiry_id__in=ids, kind=ItemKind.CHASE.value)
        .order_by()
        .values_list("enquiry_id")
        .annotate(number=Count("pk"))
    )
    on = timezone.localdate(now)
    return {
        row.pk: CaseFacts(
            id=row.pk,
            reference=row.reference,
            service=row.service.slug if row.service else "",
            service_name=row.service.name if row.service else "",
            areas=frozenset(filter(None, (row.district_code, row.ward_code))),
            partners=frozenset(
                partners.get(row.pk, set()) | ({row.owner.slug} if row.owner else set())
            ),
            team=row.team_id,
            channel=row.first_contact.channel,
            priority=row.priority,
            status=row.status,
            outcome=row.outcome,
            language=row.language,
            words="" if sensitive.is_sensitive(row) else row.description,
            is_vulnerable=row.person is not None and customers.queries.flagged(row.person, on=on),
            chases=chases.get(row.pk, 0),
            received_at=row.received_at,
            is_held=bool(getattr(row, "held", False)) and row.status == "new",
        )
        for row in rows
    }


def _rows(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    held = Exists(Holding.objects.filter(enquiry_id=OuterRef("pk"), settled_at=None))
    return (
        rows.select_related("service", "owner", "first_contact", "person")
        .annotate(held=held)
        .only(
            "reference", "district_code", "ward_code", "team", "priority", "status", "outcome",
            "language", "description", "received_at", "service__slug", "service__name",
            "service__sensitive", "owner__slug", "first_contact__channel",
            "person__is_vulnerable", "person__vulnerable_until",
        )
    )  # fmt: skip


def held(enquiry_id: int, *, now: datetime) -> CaseFacts | None:
    """A case as it stands, locked until the transaction ends; None for one that is not there."""
    try:
        events.locked(enquiry_id)
    except Enquiry.DoesNotExist:
        return None
    return facts([enquiry_id], now=now).get(enquiry_id)


def hours() -> Callable[[datetime], bool]:
    """Whether the hub is open at a moment; its calendar is read once, when that is asked."""
    known: list[clocks.Calendar] = []

    def is_open(at: datetime) -> bool:
        if not known:
            known.append(destinations.calendar_of(None))
        return clocks.working_time(at, at + _MINUTE, known[0]) > timedelta()

    return is_open
