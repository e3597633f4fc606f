"""What the ledger is written from, without a model around each row: a rebuild reads millions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from enquiries.models import Contact as ContactRow
from enquiries.models import ContactItem, EnquiryEvent
from enquiries.models import Enquiry as EnquiryRow


class Item(NamedTuple):
    """What a contact said about an enquiry."""

    pk: int
    contact_id: int
    enquiry_id: int
    kind: str
    avoidable: str
    evidence: Any
    desk_answer: str
    about_id: int | None
    at: datetime


class Contact(NamedTuple):
    """One sitting as its channel recorded it."""

    pk: int
    channel: str
    started_at: datetime
    ended_at: datetime | None
    recorded_at: datetime
    person_id: int | None
    address_hash: str
    site_id: int | None
    agent_id: int | None
    thread: str
    session: str
    digest: str
    abandoned: bool
    assists_id: int | None
    signals: list[str]


class Enquiry(NamedTuple):
    """One need; `service` and `owner` are slugs."""

    pk: int
    reference: str
    service: str | None
    owner: str | None
    team_id: int | None
    article: str
    uprn: str
    easting: int | None
    northing: int | None


class Event(NamedTuple):
    """One line of an enquiry's ledger."""

    enquiry_id: int
    type: str
    at: datetime
    recorded_at: datetime
    organisation_id: int | None
    sequence: int
    data: dict[str, Any]


def items(enquiries: Iterable[int]) -> list[Item]:
    """All that was said about these enquiries, in the order in which it was written down."""
    rows = ContactItem.objects.filter(enquiry_id__in=enquiries).order_by("pk")
    return [Item(*row) for row in rows.values_list(*Item._fields)]


def contacts(keys: Collection[int]) -> dict[int, Contact]:
    """These contacts by their keys."""
    rows = ContactRow.objects.filter(pk__in=keys).order_by()
    return {row[0]: Contact(*row) for row in rows.values_list(*Contact._fields)}


def events(enquiries: Iterable[int]) -> Iterator[Event]:
    """The lines of these enquiries, each enquiry's in their order."""
    rows = EnquiryEvent.objects.filter(enquiry_id__in=enquiries).order_by("enquiry_id", "sequence")
    return (Event(*row) for row in rows.values_list(*Event._fields))


def enquiries(keys: Iterable[int]) -> list[Enquiry]:
    """These enquiries in the order of their keys."""
    rows = EnquiryRow.objects.filter(pk__in=keys).order_by("pk")
    return [
        Enquiry(*row)
        for row in rows.values_list(
            "pk", "reference", "service__slug", "owner__slug", "team_id", "article",
            "uprn", "easting", "northing",
        )
    ]  # fmt: skip
