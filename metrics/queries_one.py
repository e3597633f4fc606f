"""One enquiry as the figures have it: its verdict, and the lines of the ledger that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import accounts.queries
from accounts.permissions import Viewer
from enquiries.channels import Channel
from enquiries.queries import ledger, ledger_rows
from metrics import reading
from metrics.choosing import seen_by
from metrics.models import EnquiryFact
from metrics.queries import EnquiryRow, row_of


@dataclass(frozen=True, slots=True)
class Line:
    """What was said in a contact (`item`: its kind, and the channel), or done (`event`: its name).

    `organisation` is the slug of who did it, "" where nobody is named; `recorded` is when it was
    written down. `more` has neither words nor names of people.
    """

    at: datetime
    recorded: datetime
    type: str
    what: str
    organisation: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A later contact that was tied to this enquiry, and by which tier (L1 to L4)."""

    at: datetime
    channel: str
    tier: str


@dataclass(frozen=True, slots=True)
class One:
    """A verdict with what it rests on; `counted` of its `links` broke S3, the others did not."""

    row: EnquiryRow
    opened_at: datetime
    counted: int
    capped: bool
    linkable: bool
    version: str
    links: tuple[Link, ...]
    lines: tuple[Line, ...]


def one(viewer: Viewer, reference: str) -> One | None:
    """An enquiry that the viewer may count; None of all others. A partner reads what it did
    itself and what the front door did, and of others' doings nothing."""
    fact = seen_by(viewer).filter(reference=reference).first()
    if fact is None:
        return None
    found = sorted(_lines(fact), key=lambda line: line.at)
    if not viewer.is_hub:
        known = {"", viewer.organisation_slug, accounts.queries.hub().slug}
        found = [line for line in found if line.organisation in known and _is_of(line, known)]
    return One(
        row=row_of(fact),
        opened_at=fact.opened_at,
        counted=fact.recontacts,
        capped=fact.capped,
        linkable=fact.linkable,
        version=fact.version,
        links=_links(fact),
        lines=tuple(found),
    )


def _is_of(line: Line, known: set[str]) -> bool:
    """Whether what was sent somewhere was sent to one of these."""
    to = str(line.more.get("to") or "")
    return to in known or to in set(Channel)


def _lines(fact: EnquiryFact) -> Iterator[Line]:
    """What was said in contacts about it, and what was done; each as the verdict reads it."""
    key = str(fact.pk)
    read = reading.read(ledger.ledger([fact.pk]))
    for item in read.items:
        if item.enquiry == key:
            contact = read.contacts[item.contact]
            more = {"channel": contact.channel, "avoidable": item.avoidable}
            yield Line(contact.start, item.recorded, "item", item.kind, "", more)
    for event in read.events.get(key, ()):
        yield Line(event.at, event.recorded, "event", event.name, event.org or "", event.fields)


def _links(fact: EnquiryFact) -> tuple[Link, ...]:
    """The contacts that came back, oldest first; what was folded without its contact is left."""
    tiers = {
        int(link["contact"]): str(link["tier"])
        for link in fact.links
        if str(link["contact"]).isdigit()
    }
    rows = ledger_rows.contacts(tiers) if tiers else {}
    found = (Link(row.started_at, row.channel, tiers[key]) for key, row in rows.items())
    return tuple(sorted(found, key=lambda link: link.at))
