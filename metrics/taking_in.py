"""Takes a ledger from elsewhere into an empty hub: all of it in one transaction, or nothing.

Whenever it is killed, nothing of it has been kept, and it can be run again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

import accounts.actions_told
import kb.actions_told
from accounts.actions_told import ToldBody
from enquiries.actions import told
from enquiries.actions.told import (
    Numbered,
    ToldContact,
    ToldEnquiry,
    ToldEvent,
    ToldItem,
)
from enquiries.clocks import DAYS, london_date
from kb.actions_told import ToldService
from metrics import exports, imports, staging
from metrics.models import OnlineDay, UnitCost

BATCH = 2_000
# From when a cost holds of which the ledger does not say it.
ALWAYS = date(1980, 1, 1)
_LOCK = 7_120_118


class NotEmptyError(Exception):
    """A ledger goes only into a hub that nobody has ever been in touch with."""


class BusyError(Exception):
    """Another one is being taken in."""


@dataclass(slots=True)
class Taken:
    """What became of a file: lines, how many of them were taken, and each that was not."""

    lines: int = 0
    refused: list[staging.Refused] = field(default_factory=list)
    enquiries: int = 0
    contacts: int = 0
    # The file of an earlier run that was cut off.
    cut_off: str = ""


def take(file: str, lines: Iterable[str], *, now: datetime) -> Taken:
    """Every line that can be taken. Raises NotEmptyError, BusyError.

    Memory does not grow with the file, but for the list of what is refused.
    """
    if not told.is_empty():
        raise NotEmptyError
    before = told.cut_off()
    mark = told.begin(file, now=now)
    with transaction.atomic():
        if _is_alone() and told.is_empty():
            taken = Taken(lines=staging.hold(_read(lines)), cut_off=before)
            _Writer(taken).run()
            taken.refused = list(staging.refused())
            told.end(mark, now=now)
            return taken
    told.give_up(mark)
    raise BusyError


def _read(lines: Iterable[str]) -> Iterator[imports.Said]:
    for number, text in enumerate(lines, 1):
        if text.strip():
            yield imports.read(number, text)


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


class _Writer:
    """Writes what the table holds, kind by kind; who is named stands before who names them."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self._bodies: Mapping[str, int] = {}
        self._services: Mapping[str, int] = {}
        self._first: datetime | None = None
        self._last: datetime | None = None

    def run(self) -> None:
        """Everything, once."""
        self._frame()
        for rows in staging.contacts(BATCH):
            told.keep_contacts([self._contact(*row) for row in rows])
            self._taken.contacts += len(rows)
        for rows in staging.enquiries(BATCH):
            told.keep_enquiries(self._enquiries(rows))
            self._taken.enquiries += len(rows)
        self._surveys()
        self._costs()
        self._online()

    def _frame(self) -> None:
        orgs = [line for *_, line in _said("org")]
        self._bodies = accounts.actions_told.take(
            ToldBody(
                name=str(line["id"]),
                is_hub=line.get("role") == "front_door",
                calendar={
                    key: value
                    for key, value in (line.get("calendar") or {}).items()
                    if key in (*DAYS, "closed")
                },
            )
            for line in orgs
        )
        services = (line for *_, line in _said("service"))
        self._services = kb.actions_told.take(
            ToldService(
                name=str(line["id"]),
                resolution_class=str(line["class"]),
                family=str(line.get("family") or ""),
                promise_wd=line.get("promise_wd"),
                subject=str(line.get("subject") or ""),
            )
            for line in services
        )
        for batch in _batched(_said("org", "service", "agreement", "interaction", "unit_cost")):
            told.keep_frame(batch)
        for batch in _batched(_said("person", "merge", "unmerge", "outbound")):
            told.keep_frame(batch)

    def _contact(
        self,
        number: int,
        name: str,
        text: str,
        key: int,
        leg: int | None,
        helped: int | None,
        speaks: bool,
    ) -> ToldContact:
        line = json.loads(text)
        start, end, recorded = _times(line)
        self._first = min(self._first or start, start)
        self._last = max(self._last or start, start)
        return ToldContact(
            said=Numbered(number, "contact", name, line),
            key=key,
            start=start,
            end=end,
            recorded=recorded,
            leg=leg,
            assisted=helped,
            speaks=speaks,
        )

    def _enquiries(self, rows: list[tuple[Any, ...]]) -> list[ToldEnquiry]:
        names = [name for _, name, *_ in rows]
        items, events = _items(names), _events(names)
        found = []
        for number, name, text, key in rows:
            line = json.loads(text)
            found.append(
                ToldEnquiry(
                    said=Numbered(number, "enquiry", name, line),
                    key=key,
                    service=self._service(line.get("service")),
                    items=items[name],
                    events=events[name],
                )
            )
        return found

    def _service(self, name: object) -> int | None:
        """What was asked of an answer is about the service that the answer is about."""
        if not name:
            return None
        return self._services.get(str(name).removesuffix(".answers")) or self._services[str(name)]

    def _surveys(self) -> None:
        answers = []
        for number, name, text, enquiry in staging.surveys():
            line = json.loads(text)
            at = _moment(line.get("at")) or self._last or datetime.now(UTC)
            answers.append(
                (
                    Numbered(number, "survey", name, line),
                    self._services.get(str(line.get("service") or "")),
                    enquiry,
                    at,
                    _moment(line.get("recorded")) or at,
                )
            )
        told.keep_surveys(answers)

    def _costs(self) -> None:
        rows: dict[tuple[int, str, date], UnitCost] = {}
        for *_, line in _said("unit_cost"):
            since = date.fromisoformat(line["since"][:10]) if line.get("since") else ALWAYS
            body = self._bodies[str(line["org"])]
            rows[body, line["channel"], since] = UnitCost(
                organisation_id=body,
                channel=line["channel"],
                since=since,
                pounds=Decimal(str(line["cost"])).quantize(Decimal("0.01")),
                entered_by=exports.TOLD_BY,
                entered_at=_moment(line.get("recorded"))
                or datetime(since.year, since.month, since.day, tzinfo=UTC),
            )
        UnitCost.objects.bulk_create(rows.values())

    def _online(self) -> None:
        """What can be done online, as on the first day of which the ledger knows (BVPI 157)."""
        owners = {str(line["id"]): line.get("owner") for *_, line in _said("service")}
        front_door = next(
            (line["id"] for *_, line in _said("org") if line.get("role") == "front_door"), None
        )
        counted: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for *_, line in _said("interaction"):
            body = self._bodies.get(str(owners.get(str(line["service"])) or front_door))
            if body is not None and line.get("permissible"):
                counted[body][0] += 1
                counted[body][1] += bool(line.get("enabled"))
        OnlineDay.objects.bulk_create(
            OnlineDay(
                day=london_date(self._first or datetime.now(UTC)),
                organisation_id=body,
                permissible=permissible,
                enabled=enabled,
            )
            for body, (permissible, enabled) in counted.items()
        )


def _items(enquiries: list[str]) -> dict[str, list[ToldItem]]:
    rows = staging.items(enquiries)
    corrections: dict[str, list[tuple[Numbered, int | None]]] = defaultdict(list)
    for number, text, item, earlier in staging.corrections([name for _, name, *_ in rows]):
        said = Numbered(number, "correction", "", json.loads(text))
        corrections[item].append((said, earlier))
    found: dict[str, list[ToldItem]] = defaultdict(list)
    for number, name, text, key, enquiry, contact, contact_text, about in rows:
        line = json.loads(text)
        start, end, recorded = _times(json.loads(contact_text))
        found[enquiry].append(
            ToldItem(
                said=Numbered(number, "item", name, line),
                key=key,
                contact=contact,
                contact_start=start,
                contact_closes=end or start,
                about=about,
                recorded=_moment(line.get("recorded")) or recorded,
                corrections=tuple(corrections[name]),
            )
        )
    return found


def _events(enquiries: list[str]) -> dict[str, list[ToldEvent]]:
    found: dict[str, list[ToldEvent]] = defaultdict(list)
    for enquiry, text, target, leg, contact in staging.events(enquiries):
        line = json.loads(text)
        at = datetime.fromisoformat(line["at"])
        named = {"target": target, "to_contact": leg, "contact": contact}
        found[enquiry].append(
            ToldEvent(
                line=line,
                at=at,
                recorded=_moment(line.get("recorded")) or at,
                own={key: value for key, value in named.items() if value is not None},
            )
        )
    return found


def _said(*kinds: str) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    for number, kind, name, text in staging.lines(*kinds):
        yield number, kind, name, json.loads(text)


def _batched(rows: Iterable[tuple[int, str, str, dict[str, Any]]]) -> Iterator[list[Numbered]]:
    batch = []
    for row in rows:
        batch.append(Numbered(*row))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _times(line: Mapping[str, Any]) -> tuple[datetime, datetime | None, datetime]:
    """Start, end and when the ledger learned of it."""
    start = datetime.fromisoformat(line["start"])
    end = _moment(line.get("end"))
    return start, end, _moment(line.get("recorded")) or end or start


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
