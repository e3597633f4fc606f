"""Takes enquiries of another system: checked as at intake, dated as they were, once each."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import accounts.queries
import customers.actions
import customers.queries
import kb.queries
from core.audit import CITIZEN, Actor
from core.errors import DomainError
from core.sheets import Check, Problem
from enquiries import bulk, intake, mappings
from enquiries.histories import History, Worked
from enquiries.imports import CannotRead, ImportMapping, Record, read
from enquiries.inbound import InboundContact, Located, Need
from enquiries.lifecycle import Outcome
from enquiries.queries import book

# One transaction each: large enough to be fast, small enough to hold in memory.
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and why."""

    line: int
    source_id: str
    reason: str


@dataclass(slots=True)
class Tally:
    """What became of a file's rows."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    rejects: list[Reject] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    number: int
    record: Record


def load_file(path: Path, mapping_path: Path, *, now: datetime) -> Tally:
    """Imports every row that can be read; each chunk of rows is one transaction.

    Raises SheetsRefused when the file or its mapping cannot be used at all.
    """
    check = Check()
    columns = _columns(path, check)
    mapping = mappings.load(
        mapping_path,
        columns=columns,
        services={service.slug for service in kb.queries.services()},
        organisations={body.slug for body in accounts.queries.organisations()},
        check=check,
    )
    check.finish()
    tally = Tally()
    seen: dict[str, int] = {}
    chunk: list[_Line] = []
    rules = book.read()
    for line in _records(path, mapping, tally, now=now):
        first = seen.setdefault(line.record.source_id, line.number)
        if first != line.number:
            _reject(tally, line, f"line {first} of the file has the same {mapping.id}")
            continue
        chunk.append(line)
        if len(chunk) == CHUNK:
            _save(chunk, mapping, rules, tally, now=now)
            chunk = []
    _save(chunk, mapping, rules, tally, now=now)
    return tally


def _columns(path: Path, check: Check) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except FileNotFoundError:
        check.problems.append(Problem(path.name, 0, "", "there is no such file", "Name another"))
    except UnicodeDecodeError:
        check.problems.append(
            Problem(path.name, 0, "", "is not UTF-8 text", "Save it as CSV in UTF-8")
        )
    except csv.Error as error:
        check.problems.append(Problem(path.name, 1, "", f"cannot be read ({error})", "Mend it"))
    check.finish()
    return []


def _records(path: Path, mapping: ImportMapping, tally: Tally, *, now: datetime) -> Iterator[_Line]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file, restkey="")
        while True:
            cells: dict[str, str | None] = {}
            try:
                cells = next(rows)
                tally.rows += 1
                yield _Line(rows.line_num, read(mapping, _whole(cells), now=now))
            except StopIteration:
                return
            except csv.Error as error:
                # One line that is no CSV, such as one with half the file in a cell, is one line.
                tally.rows += 1
                tally.rejects.append(Reject(rows.line_num, "", f"it cannot be read ({error})"))
            except CannotRead as reason:
                source_id = (cells.get(mapping.id) or "").strip()
                tally.rejects.append(Reject(rows.line_num, source_id, str(reason)))


def _whole(cells: Mapping[str, str | None]) -> dict[str, str]:
    if "" in cells or None in cells.values():
        raise CannotRead("it has not as many cells as the file has columns")
    return {key: value or "" for key, value in cells.items()}


def _reject(tally: Tally, line: _Line, reason: str) -> None:
    tally.rejects.append(Reject(line.number, line.record.source_id, reason))


def _save(
    lines: list[_Line], mapping: ImportMapping, rules: book.Book, tally: Tally, *, now: datetime
) -> None:
    histories = []
    for line in lines:
        try:
            histories.append(_history(line.record, mapping, now=now))
        except DomainError as error:
            _reject(tally, line, error.message)
    taken = bulk.load(histories, book=rules, now=now, recorded_at=now)
    tally.taken += taken
    tally.known += len(histories) - taken


def _history(record: Record, mapping: ImportMapping, *, now: datetime) -> History:
    """A record as intake would have taken it. Raises what intake raises."""
    inbound, fingerprint = intake.checked(
        InboundContact(
            channel=record.channel,
            external_id=f"{mapping.source}:{record.source_id}",
            received_at=record.received_at,
            needs=(Need(record.description, record.service, record.place),),
            sender=record.sender,
        )
    )
    person_id = None
    if mapping.person:
        person_id = customers.actions.identify(**asdict(inbound.sender), now=now)
    entered_by = Actor("system", name=mapping.name)
    return History(
        channel=inbound.channel,
        external_id=inbound.external_id,
        fingerprint=fingerprint,
        received_at=inbound.received_at,
        description=inbound.needs[0].description,
        service=inbound.needs[0].service,
        place=_located(record),
        person_id=person_id,
        address_hash=min(customers.queries.digests(person_id), default="") if person_id else "",
        otherwise=record.owner,
        worked=Worked(
            resolved_at=record.ended_at,
            outcome=record.ending.outcome or Outcome.COMPLETED,
            words=record.ending.words,
        ),
        actor=CITIZEN,
        entered_by=entered_by,
    )


def _located(record: Record) -> Located:
    if record.grid is not None:
        return Located(easting=record.grid[0], northing=record.grid[1])
    return intake.located(record.place)
