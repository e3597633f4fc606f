"""Lines of `osr-ledger/1` into plain values. Pure; a line that cannot be read says why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from metrics.facts import (
    OUTCOMES,
    Agreement,
    Contact,
    Correction,
    Enquiry,
    Event,
    Item,
    Ledger,
    Merge,
    Org,
    Outbound,
    Place,
    Service,
)

Line = Mapping[str, object]


class BadLineError(ValueError):
    """A ledger line that does not say what its type must say."""


@dataclass(slots=True)
class _Sheet:
    orgs: dict[str, Org] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    enquiries: dict[str, Enquiry] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    outbound: list[Outbound] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    persons: dict[str, frozenset[str]] = field(default_factory=dict)
    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)


def read(lines: Iterable[Line], *, within: Ledger | None = None) -> Ledger:
    """Fold ledger lines into one `Ledger`; types that it does not know are left to others.

    `within` has the bodies, services and agreements where the lines do not say them again.
    """
    sheet = _Sheet()
    if within is not None:
        sheet.orgs, sheet.services = {**within.orgs}, {**within.services}
        sheet.agreements = {(one.service, one.to): one for one in within.agreements}
    items = []
    for line in lines:
        if line.get("type") == "item":
            items.append(line)  # it may stand before the contact that it takes its time from
        else:
            _take(line, sheet)
    for line in items:
        _take(line, sheet)
    return Ledger(
        orgs=sheet.orgs,
        services=sheet.services,
        contacts=sheet.contacts,
        items=tuple(sheet.items.values()),
        enquiries=sheet.enquiries,
        events={key: in_order(events) for key, events in sheet.events.items()},
        corrections=tuple(sheet.corrections),
        outbound=tuple(sheet.outbound),
        merges=tuple(sheet.merges),
        persons=sheet.persons,
        agreements=tuple(sheet.agreements.values()),
    )


def _take(line: Line, sheet: _Sheet) -> None:
    reader = _READERS.get(str(line.get("type")))
    if reader is None:
        return
    try:
        reader(line, sheet)
    except (KeyError, TypeError, ValueError) as error:
        raise BadLineError(f"{line.get('type')} {line.get('id', '')}: {error!r}") from error


def moment(value: object) -> datetime:
    """An aware moment, in UTC, from a datetime or ISO 8601 text with an offset.

    In UTC the time between two moments is elapsed time, also over a change of the clocks (R2).
    """
    read_value = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if read_value.tzinfo is None:
        raise ValueError(f"{value}: a time needs its offset")
    return read_value if read_value.tzinfo is UTC else read_value.astimezone(UTC)


def _text(line: Line, key: str) -> str:
    value = line.get(key)
    return "" if value is None else str(value)


def _maybe(line: Line, key: str) -> str | None:
    return _text(line, key) or None


def _moment_or(line: Line, key: str, default: datetime) -> datetime:
    value = line.get(key)
    return default if value is None else moment(value)


def _words(line: Line, key: str) -> tuple[str, ...]:
    value = line.get(key)
    if not isinstance(value, list | tuple):
        return ()
    return tuple(
        str(one.get("kind", one.get("signal", ""))) if isinstance(one, dict) else str(one)
        for one in value
    )


def _org(line: Line, sheet: _Sheet) -> None:
    calendar = line.get("calendar")
    sheet.orgs[str(line["id"])] = Org(
        id=str(line["id"]),
        role=_text(line, "role") or "partner",
        calendar=calendar if isinstance(calendar, Mapping) else {},
    )


def _service(line: Line, sheet: _Sheet) -> None:
    promise = line.get("promise_wd")
    sheet.services[str(line["id"])] = Service(
        id=str(line["id"]),
        klass=str(line["class"]),
        family=_text(line, "family"),
        promise_wd=None if promise is None else int(str(promise)),
        owner=_maybe(line, "owner"),
        subject=_text(line, "subject"),
    )


def _agreement(line: Line, sheet: _Sheet) -> None:
    service, to = str(line["service"]), str(line["to"])
    sheet.agreements[(service, to)] = Agreement(
        service=service,
        to=to,
        accept_wh=int(str(line.get("accept_wh") or 0)),
        work_wd=int(str(line.get("work_wd") or 0)),
        elapsed=bool(line.get("elapsed")),
    )


def _person(line: Line, sheet: _Sheet) -> None:
    sheet.persons[str(line["id"])] = frozenset(one for one in _words(line, "addresses") if one)


def _contact(line: Line, sheet: _Sheet) -> None:
    start = moment(line["start"])
    end = None if line.get("end") is None else moment(line["end"])
    sheet.contacts[str(line["id"])] = Contact(
        id=str(line["id"]),
        channel=str(line["channel"]),
        start=start,
        end=end,
        recorded=_moment_or(line, "recorded", end or start),
        person=_maybe(line, "person"),
        address=_text(line, "address"),
        site=_maybe(line, "site"),
        thread=_text(line, "thread"),
        session=_text(line, "session"),
        submission=_text(line, "submission"),
        abandoned=bool(line.get("abandoned")),
        leg_of=_maybe(line, "leg_of"),
        assists=_maybe(line, "assists"),
        signals=_words(line, "signals"),
        org=_maybe(line, "org"),
        team=_maybe(line, "team"),
    )


def _item(line: Line, sheet: _Sheet) -> None:
    contact = sheet.contacts.get(str(line["contact"]))
    if contact is None:
        raise ValueError(f"contact {line['contact']} is nowhere in the ledger")
    sheet.items[str(line["id"])] = Item(
        id=str(line["id"]),
        contact=contact.id,
        enquiry=str(line["enquiry"]),
        kind=str(line["kind"]),
        recorded=_moment_or(line, "recorded", contact.recorded),
        avoidable=_text(line, "avoidable"),
        evidence=_words(line, "evidence"),
        about=_maybe(line, "about"),
        desk_answer=_text(line, "desk_answer"),
    )


def _correction(line: Line, sheet: _Sheet) -> None:
    at = moment(line["at"])
    sheet.corrections.append(
        Correction(
            item=str(line["item"]),
            earlier=str(line["earlier"]),
            linked=bool(line["linked"]),
            at=at,
            recorded=_moment_or(line, "recorded", at),
        )
    )


def _enquiry(line: Line, sheet: _Sheet) -> None:
    sheet.enquiries[str(line["id"])] = Enquiry(
        id=str(line["id"]),
        service=_maybe(line, "service"),
        place=_place(line.get("place")),
        owner=_maybe(line, "owner"),
        team=_maybe(line, "team"),
        reference=_text(line, "reference"),
    )


def _place(value: object) -> Place | None:
    if not isinstance(value, Mapping):
        return None
    east, north = value.get("e"), value.get("n")
    place = Place(
        uprn=_text(value, "uprn"),
        e=None if east is None else float(east),
        n=None if north is None else float(north),
        approx=bool(value.get("approx")),
    )
    return None if not place.uprn and (place.e is None or place.n is None) else place


_EVENT_OWN = frozenset({"type", "enquiry", "at", "recorded", "event", "org", "sequence"})
# What comes after what where two are of one moment and nobody numbered them.
_EARLIER = ("received", "acknowledged", "referred", "accepted", "info_requested", "info_received")
_LATER = (*sorted(OUTCOMES), "closed", "reopened", "not_spam", "not_test", "unlinked", "unmerged")
_RANKS = {name: at - len(_EARLIER) for at, name in enumerate(_EARLIER)} | {
    name: at for at, name in enumerate(_LATER, 1)
}


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """By time, never by where the lines stand. Of one moment: as they are numbered; else as they
    were learned of, then as a case goes, then by what they say."""
    found = sorted(events, key=_numbered)
    if len({_numbered(event) for event in found}) < len(found):
        found.sort(key=_told)
    return tuple(found)


def _numbered(event: Event) -> tuple[datetime, int]:
    return event.at, event.order


def _told(event: Event) -> tuple[datetime, int, datetime, int, str]:
    said = sorted((key, str(value)) for key, value in event.fields.items())
    rank = _RANKS.get(event.name, 0)
    return event.at, event.order, event.recorded, rank, repr((event.name, event.org, said))


def _event(line: Line, sheet: _Sheet) -> None:
    at = moment(line["at"])
    name = str(line["event"]).removeprefix("enquiry.")
    if name == "resolved":
        name = _text(line, "outcome") or "closed"
    enquiry = str(line["enquiry"])
    sheet.events.setdefault(enquiry, []).append(
        Event(
            enquiry=enquiry,
            name=name,
            at=at,
            recorded=_moment_or(line, "recorded", at),
            org=_maybe(line, "org"),
            order=int(str(line.get("sequence") or 0)),
            fields={key: value for key, value in line.items() if key not in _EVENT_OWN},
        )
    )


def _outbound(line: Line, sheet: _Sheet) -> None:
    at = moment(line["at"])
    sheet.outbound.append(
        Outbound(
            channel=str(line["channel"]),
            address=_text(line, "address"),
            at=at,
            recorded=_moment_or(line, "recorded", at),
        )
    )


def _merge(line: Line, sheet: _Sheet) -> None:
    at = moment(line["at"])
    sheet.merges.append(
        Merge(
            keep=str(line["keep"]),
            drop=str(line["drop"]),
            at=at,
            recorded=_moment_or(line, "recorded", at),
            undo=line["type"] == "unmerge",
        )
    )


_READERS: Mapping[str, Callable[[Line, _Sheet], None]] = {
    "org": _org,
    "service": _service,
    "agreement": _agreement,
    "person": _person,
    "contact": _contact,
    "item": _item,
    "correction": _correction,
    "enquiry": _enquiry,
    "event": _event,
    "outbound": _outbound,
    "merge": _merge,
    "unmerge": _merge,
}
