"""Takes in what another hub's ledger says, as rows with its times. Nobody hears of it.

The rows are what pages and figures count; what the file said stands beside them word for word, and
`queries.ledger` tells it on in their place. No clock runs, no message is written.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.copying import new_ids
from enquiries import bulk
from enquiries.events import step
from enquiries.lifecycle import Outcome, Status
from enquiries.models import (
    Contact,
    ContactItem,
    Enquiry,
    EnquiryEvent,
    SurveyAnswer,
    ToldFile,
    ToldLine,
    ToldTie,
)
from enquiries.queries.told import TOLD, ties
from enquiries.vocabulary import EventType

Line = dict[str, Any]
# Names of people that only a ledger knows never meet the keys of ours.
_STRANGER = "told:"
_WORDS = "From another hub’s ledger, in which nobody’s words are"
# What ends an enquiry, as pages show it: a closing without an outcome is none of ours.
_ENDS: Mapping[str, Outcome] = {
    **{one.value: one for one in Outcome},
    "closed": Outcome.WITHDRAWN,
    "resolved": Outcome.COMPLETED,
    "duplicate_of": Outcome.DUPLICATE,
    "test": Outcome.SPAM,
    "silent": Outcome.UNANSWERED,
    "abandoned": Outcome.UNANSWERED,
    "out_of_partnership": Outcome.SIGNPOSTED,
}
_GOES_ON = frozenset({"reopened", "unmerged", "unlinked", "not_spam", "not_test"})


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line of the file as it is kept: its number, what it is called, what it says."""

    number: int
    kind: str
    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class ToldContact:
    """A contact under our key; `leg` and `assisted` are our keys of those that it names.

    `speaks` says whether it has an item.
    """

    said: Numbered
    key: int
    start: datetime
    end: datetime | None
    recorded: datetime
    leg: int | None
    assisted: int | None
    speaks: bool


@dataclass(frozen=True, slots=True)
class ToldItem:
    """An item under our keys."""

    said: Numbered
    key: int
    contact: int
    contact_start: datetime
    contact_closes: datetime
    about: int | None
    recorded: datetime
    corrections: tuple[tuple[Numbered, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event; `own` has our keys for the enquiries and contacts that it names."""

    line: Line
    at: datetime
    recorded: datetime
    own: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToldEnquiry:
    """An enquiry with all that the file says of it, in the file's order."""

    said: Numbered
    key: int
    service: int | None
    items: Sequence[ToldItem]
    events: Sequence[ToldEvent]


def is_empty() -> bool:
    """Whether nobody has ever been in touch with this hub, so that a ledger may fill it."""
    tables = (Contact, Enquiry, SurveyAnswer, ToldLine)
    return not any(table.objects.exists() for table in tables)


def cut_off() -> str:
    """The file of an earlier run that did not come to its end, "" where there was none."""
    row = ToldFile.objects.filter(ended_at=None).order_by("-began_at").first()
    return row.name if row is not None else ""


def begin(file: str, *, now: datetime) -> int:
    """Says that a file is being taken in; outside its transaction, so that this stays."""
    return ToldFile.objects.create(name=file[:200], began_at=now).pk


def end(key: int, *, now: datetime) -> None:
    """Says that all of it is here, in the transaction that brings it."""
    ToldFile.objects.filter(pk=key).update(ended_at=now)
    ToldFile.objects.filter(ended_at=None).delete()


def give_up(key: int) -> None:
    """It was not begun after all."""
    ToldFile.objects.filter(pk=key).delete()


def keep_frame(lines: Iterable[Numbered]) -> None:
    """Lines that are about no enquiry: bodies, services, people, our messages."""
    _tell([_beside(one) for one in lines])


def keep_contacts(contacts: Sequence[ToldContact]) -> None:
    """Contacts with their times. Those without a word are found by whose they are."""
    rows = [
        Contact(
            pk=one.key,
            channel=one.said.line["channel"],
            started_at=one.start,
            ended_at=one.end,
            recorded_at=one.recorded,
            abandoned=bool(one.said.line.get("abandoned")),
            assists_id=one.assisted,
        )
        for one in contacts
    ]
    bulk.write(Contact, rows)
    _tell([_contact(one) for one in contacts])


def keep_enquiries(enquiries: Sequence[ToldEnquiry]) -> None:
    """Enquiries with their items and their ledgers; their contacts are there."""
    references = bulk.unused_references(len(enquiries))
    told: list[ToldLine] = []
    rows, items, events = [], [], []
    for one, reference in zip(enquiries, references, strict=True):
        row = _enquiry(one, reference)
        rows.append(row)
        told.append(_row(one.said, one.key, {"id": one.key, "reference": reference}))
        for item in one.items:
            items.append(_item(item, one.key))
            told += _told_item(item, one.key)
        events += [_event(one.key, n, event) for n, event in enumerate(one.events, 1)]
        if not one.events:
            events.append(_nothing_happened(one))
    bulk.write(Enquiry, rows)
    bulk.write(ContactItem, items)
    bulk.write(EnquiryEvent, events)
    bulk.write(ToldLine, told)


def keep_surveys(
    answers: Sequence[tuple[Numbered, int | None, int | None, datetime, datetime]],
) -> None:
    """What people answered: the line, our keys of its service and enquiry, when, and known when."""
    keys = new_ids(SurveyAnswer, len(answers))
    rows, told = [], []
    for key, (said, service, enquiry, at, recorded) in zip(keys, answers, strict=True):
        rows.append(
            SurveyAnswer(
                pk=key,
                key=f"{_STRANGER}{said.number}",
                end_point=str(said.line.get("end_point") or "")[:20],
                channel=said.line.get("channel") or "web",
                service_id=service,
                enquiry_id=enquiry,
                answer=said.line["answer"],
                at=at,
                changed_at=recorded,
            )
        )
        told.append(_row(said, key, {"key": key}))
    bulk.write(SurveyAnswer, rows)
    bulk.write(ToldLine, told)


def _row(said: Numbered, key: int | None, own: Mapping[str, object]) -> ToldLine:
    return ToldLine(
        kind=said.kind,
        name=said.name,
        number=said.number,
        key=key,
        line=said.line,
        own=dict(own),
    )


def _tell(rows: Sequence[tuple[ToldLine, Sequence[str]]]) -> None:
    """Lines, each with the ties under which it is found."""
    bulk.write(ToldLine, [row for row, _ in rows])
    bulk.write(ToldTie, [ToldTie(tie=tie, line_id=row.pk) for row, ties in rows for tie in ties])


def _stranger(name: object) -> str:
    return f"{_STRANGER}{name}"


def _beside(one: Numbered) -> tuple[ToldLine, Sequence[str]]:
    line = one.line
    if one.kind == "person":
        known = _stranger(line["id"])
        return _row(one, None, {"id": known}), [f"p:{known}"]
    if one.kind in ("merge", "unmerge"):
        own = {"keep": _stranger(line["keep"]), "drop": _stranger(line["drop"])}
        return _row(one, None, own), [f"p:{name}" for name in own.values()]
    tied = one.kind == "outbound" and line.get("address")
    return _row(one, None, {}), [f"a:{tied}"] if tied else []


def _contact(one: ToldContact) -> tuple[ToldLine, Sequence[str]]:
    line = one.said.line
    own: Line = {"id": one.key}
    if line.get("person") not in (None, ""):
        own["person"] = _stranger(line["person"])
    if one.leg is not None:
        own["leg_of"] = one.leg
    if one.assisted is not None:
        own["assists"] = one.assisted
    return _row(one.said, one.key, own), [] if one.speaks else ties({**line, **own})


def _told_item(item: ToldItem, enquiry: int) -> Iterable[ToldLine]:
    own = {"id": item.key, "contact": item.contact, "enquiry": enquiry}
    if item.about is not None:
        own["about"] = item.about
    yield _row(item.said, item.key, own)
    for said, earlier in item.corrections:
        changed: Line = {"item": item.key}
        if earlier is not None:
            changed["earlier"] = earlier
        yield _row(said, enquiry, changed)


def _item(item: ToldItem, enquiry: int) -> ContactItem:
    line = item.said.line
    return ContactItem(
        pk=item.key,
        contact_id=item.contact,
        enquiry_id=enquiry,
        kind=line["kind"],
        avoidable=str(line.get("avoidable") or "")[:32],
        evidence=[str(one)[:24] for one in line.get("evidence") or ()],
        about_id=item.about,
        desk_answer=str(line.get("desk_answer") or "")[:3],
        at=item.recorded,
    )


def _event(enquiry: int, sequence: int, event: ToldEvent) -> EnquiryEvent:
    return EnquiryEvent(
        enquiry_id=enquiry,
        sequence=sequence,
        type=f"enquiry.{str(event.line['event']).removeprefix('enquiry.')}"[:32],
        at=event.at,
        recorded_at=event.recorded,
        actor_kind="system",
        actor_name="",
        data={TOLD: event.line, **event.own},
    )


def _nothing_happened(one: ToldEnquiry) -> EnquiryEvent:
    """Who follows the ledger finds what has a line; a note is carried nowhere."""
    at = min(item.contact_closes for item in one.items)
    return EnquiryEvent(
        enquiry_id=one.key,
        sequence=1,
        type=EventType.NOTED.value,
        at=at,
        recorded_at=at,
        actor_kind="system",
        actor_name="",
        data={"words": f"{_WORDS}. It says nothing of what became of it."},
    )


def _enquiry(one: ToldEnquiry, reference: str) -> Enquiry:
    first = min(one.items, key=lambda item: (item.contact_start, item.key))
    events = sorted(one.events, key=lambda event: event.at)
    outcome, ended = _end(events)
    place = one.said.line.get("place") or {}
    on_grid = place.get("e") is not None and place.get("n") is not None
    row = Enquiry(
        pk=one.key,
        reference=reference,
        secret=secrets.token_urlsafe(16),
        service_id=one.service,
        description=_WORDS,
        easting=round(place["e"]) if on_grid else None,
        northing=round(place["n"]) if on_grid else None,
        first_contact_id=first.contact,
        received_at=next((e.at for e in events if _is(e, "received")), first.contact_closes),
        promised_on=_promised(events),
        # Nobody is told, before they ask, of what happened elsewhere.
        reassured_at=first.contact_closes,
        reopened_count=sum(_is(event, "reopened") for event in events),
        version=max(1, len(events)),
    )
    if outcome is not None and ended is not None:
        step(row, Status.RESOLVED, at=ended, outcome=outcome)
        step(row, Status.CLOSED, at=ended)
    return row


def _is(event: ToldEvent, name: str) -> bool:
    return str(event.line["event"]).removeprefix("enquiry.") == name


def _end(events: Sequence[ToldEvent]) -> tuple[Outcome | None, datetime | None]:
    """How and when it ended, as far as pages show it; (None, None) while it is open."""
    outcome: Outcome | None = None
    ended: datetime | None = None
    for event in events:
        name = str(event.line["event"]).removeprefix("enquiry.")
        said = str(event.line.get("outcome") or "") if name == "resolved" else name
        if name in _GOES_ON:
            outcome = ended = None
        elif (said or name) in _ENDS and not (name == "closed" and outcome):
            outcome, ended = _ENDS[said or name], event.at
    return outcome, ended


def _promised(events: Sequence[ToldEvent]) -> date | None:
    told = next((e for e in events if _is(e, "promise_set") and e.line.get("date")), None)
    return date.fromisoformat(str(told.line["date"])[:10]) if told else None
