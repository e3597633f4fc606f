"""Verdicts as rows of facts: written many at once, and only where they say something new."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from metrics import one_stop
from metrics.facts import Ledger
from metrics.models import EnquiryFact, ItemFact
from metrics.one_stop import Judged

Row = dict[str, Any]

_KEEP = """
INSERT INTO {table} AS kept ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)
ON CONFLICT ({key}) DO UPDATE SET ({others}) = ROW({new})
WHERE ROW({compared}) IS DISTINCT FROM ROW({compared_new})"""


def _statement(model: type[EnquiryFact] | type[ItemFact], *, passed_over: str = "") -> str:
    """One statement for many rows, whose only value is a list of them as JSON.

    `passed_over` names a column that alone makes no row another.
    """
    columns = [str(field.column) for field in model._meta.concrete_fields]
    key = str(model._meta.pk.column)
    others = [column for column in columns if column != key]
    compared = [column for column in others if column != passed_over]
    return _KEEP.format(
        table=model._meta.db_table,
        columns=", ".join(columns),
        key=key,
        others=", ".join(others),
        new=", ".join(f"excluded.{column}" for column in others),
        compared=", ".join(f"kept.{column}" for column in compared),
        compared_new=", ".join(f"excluded.{column}" for column in compared),
    )


_ENQUIRIES = _statement(EnquiryFact, passed_over="folded_at")
_ITEMS = _statement(ItemFact)


@dataclass(slots=True)
class Last:
    """The latest contact about an enquiry, and when the ledger last learned anything of it."""

    contact_at: datetime
    recorded_at: datetime


def latest(ledger: Ledger) -> dict[str, Last]:
    """The last of each enquiry of a ledger."""
    found: dict[str, Last] = {}
    for item in ledger.items:
        start, recorded = ledger.contacts[item.contact].start, item.recorded
        last = found.setdefault(item.enquiry, Last(start, recorded))
        last.contact_at = max(last.contact_at, start)
        last.recorded_at = max(last.recorded_at, recorded)
    for enquiry, events in ledger.events.items():
        if enquiry in found:
            known = found[enquiry].recorded_at
            found[enquiry].recorded_at = max(known, *(event.recorded for event in events))
    return found


def row(ledger: Ledger, judged: Judged, tied: frozenset[str], last: Last, now: datetime) -> Row:
    """One enquiry as figures see it."""
    verdict = judged.verdict
    return {
        "enquiry_id": int(judged.enquiry),
        "reference": ledger.enquiries[judged.enquiry].reference,
        "channel": judged.channel,
        "service": judged.service or "",
        "klass": judged.klass,
        "organisation": judged.organisation or "",
        "team": judged.team or "",
        "site": judged.site or "",
        "linkable": judged.linkable,
        "self_service": judged.self_service,
        "first_contact": judged.first_contact,
        "started_at": judged.started,
        "opened_at": judged.opened,
        "last_contact_at": last.contact_at,
        "last_recorded_at": last.recorded_at,
        "unfinished": judged.unfinished,
        "window_end": judged.window_end,
        "late_from": judged.late_from,
        "outcome_at": judged.first_outcome,
        "received_at": judged.milestones.received,
        "responded_at": judged.milestones.responded,
        "settled_at": judged.milestones.settled,
        "final_at": judged.milestones.final,
        "need_settled_at": judged.need_settled,
        "broken_at": judged.broken_at,
        "standing": judged.milestones.standing.value,
        "verdict": verdict.kind.value,
        "reason": verdict.reason or "",
        "owner": verdict.owner or "",
        "recontacts": judged.recontacts,
        "recontacted": judged.recontacts > 0,
        "broken": judged.broken,
        "capped": judged.capped,
        "fcc": judged.first_contact_resolved,
        "rftr": judged.right_first_time,
        "links": one_stop.links_once(judged),
        "ties": sorted(tied),
        "version": one_stop.VERSION,
        "folded_at": now,
    }


def keep(rows: Iterable[Row], *, among: Collection[int]) -> None:
    """Writes these facts; of the enquiries `among` which they are, no others have one any more."""
    found = sorted(rows, key=lambda one: int(one["enquiry_id"]))
    gone = set(among).difference(one["enquiry_id"] for one in found)
    with connection.cursor() as cursor:
        if gone:
            EnquiryFact.objects.filter(pk__in=gone).delete()
        cursor.execute(_ENQUIRIES, [_json(found)])


def keep_items(found: Iterable[Judged]) -> None:
    """Writes the items of these enquiries; what is no item of a contact any more goes."""
    judged = list(found)
    rows = [one for each in judged for one in _items(each)]
    rows.sort(key=lambda one: int(one["item_id"]))
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM metrics_itemfact"
            " WHERE enquiry_id = ANY(%s::bigint[]) AND item_id <> ALL(%s::bigint[])",
            [[int(one.enquiry) for one in judged], [one["item_id"] for one in rows]],
        )
        cursor.execute(_ITEMS, [_json(rows)])


def _json(rows: list[Row]) -> str:
    return json.dumps(rows, default=str)  # moments to the microsecond, as they are


def _items(judged: Judged) -> Iterable[Row]:
    for said in judged.spoken:
        yield {
            "item_id": int(said.item),
            "enquiry_id": int(judged.enquiry),
            "at": said.at,
            "channel": said.channel,
            "site": said.site or "",
            "taken_by": said.taken_by or "",
            "taken_team": said.team or "",
            "organisation": judged.organisation or "",
            "team": judged.team or "",
            "service": judged.service or "",
            "klass": judged.klass,
            "kind": said.kind,
            "avoidable": said.avoidable[:32],
            "heads": said.heads,
            "left_out": said.left_out,
        }
