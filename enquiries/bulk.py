"""Loads histories by the thousand: the rows that intake, triage and the actions would have written.

The rules are the same pure ones (routing, clocks, lifecycle); a test writes one history both ways
and compares them line by line.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.db import models, transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from core import references
from core.copying import copy_columns, copy_in, new_ids
from enquiries.channels import Channel
from enquiries.clocks import LONDON
from enquiries.histories import History
from enquiries.models import (
    Clock,
    Contact,
    ContactItem,
    Enquiry,
    EnquiryEvent,
    Receipt,
    Referral,
    SurveyAnswer,
)
from enquiries.queries.book import Book
from enquiries.retelling import retell
from enquiries.retold import Told
from enquiries.retold_rows import ClockRow, ContactRow, ItemRow, LedgerLine


@dataclass(slots=True)
class _Batch:
    """Rows on their way, by table."""

    receipts: list[tuple[Any, ...]] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    enquiries: list[Enquiry] = field(default_factory=list)
    items: list[ItemRow] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    events: list[LedgerLine] = field(default_factory=list)
    clocks: list[ClockRow] = field(default_factory=list)
    surveys: list[SurveyAnswer] = field(default_factory=list)


def known(histories: Sequence[History]) -> set[tuple[str, str]]:
    """Which of these came in before, as (channel, external id)."""
    rows = Receipt.objects.filter(external_id__in=[one.external_id for one in histories])
    return set(rows.values_list("channel", "external_id"))


def count_of(keys: Sequence[str]) -> int:
    """How many came in under these external ids."""
    return Receipt.objects.filter(external_id__in=keys).count()


def by_day(channel: Channel) -> dict[date, int]:
    """How many contacts of a channel began on each London day."""
    rows = Contact.objects.filter(channel=channel.value).order_by()
    rows = rows.annotate(day=TruncDate("started_at", tzinfo=LONDON))
    return dict(rows.values_list("day").annotate(Count("pk")))


@transaction.atomic
def load(
    histories: Sequence[History], *, book: Book, now: datetime, recorded_at: datetime | None
) -> int:
    """Writes the histories that did not come in before; returns how many that were.

    `recorded_at` is when the ledger learned of them; None means as it happened, for made-up ones.
    """
    before = known(histories)
    by_key = {(one.channel.value, one.external_id): one for one in reversed(histories)}
    fresh = [one for key, one in reversed(by_key.items()) if key not in before]
    told = [retell(one, book=book, now=now) for one in fresh]
    batch = _Batch()
    _contacts(told, batch, recorded_at)
    _enquiries(told, batch)
    _rest(told, batch, recorded_at)
    write(Contact, batch.contacts)
    write(Enquiry, batch.enquiries)
    _write_receipts(batch.receipts)
    write(ContactItem, batch.items)
    write(Referral, batch.referrals)
    write(EnquiryEvent, batch.events)
    for clock in batch.clocks:
        clock.referral_id = clock.referral.pk if clock.referral is not None else None
    write(Clock, batch.clocks)
    write(SurveyAnswer, batch.surveys)
    return len(fresh)


class _Row(Protocol):
    id: Any


def write(model: type[models.Model], rows: Sequence[_Row]) -> None:
    missing = [row for row in rows if row.id is None]
    for row, key in zip(missing, new_ids(model, len(missing)), strict=True):
        row.id = key
    if rows:
        copy_in(model, rows)


def _write_receipts(rows: Sequence[tuple[Any, ...]]) -> None:
    names = ("id", "channel", "external_id", "body_hash", "contact_id", "references", "at")
    keys = new_ids(Receipt, len(rows))
    copy_columns(Receipt, names, ((key, *row) for key, row in zip(keys, rows, strict=True)))


def _contacts(told: Sequence[Told], batch: _Batch, recorded_at: datetime | None) -> None:
    keys = iter(new_ids(Contact, sum(1 + len(one.history.later) for one in told)))
    for one in told:
        one.contact.id = next(keys)
        one.contact.recorded_at = recorded_at or one.history.received_at
        batch.contacts.append(one.contact)
        for contact in one.later_contacts:
            contact.id = next(keys)
            contact.recorded_at = recorded_at or contact.started_at
            batch.contacts.append(contact)


def _enquiries(told: Sequence[Told], batch: _Batch) -> None:
    keys = new_ids(Enquiry, len(told))
    for one, key, reference in zip(told, keys, unused_references(len(told)), strict=True):
        enquiry = one.enquiry
        enquiry.pk, enquiry.reference = key, reference
        enquiry.secret = secrets.token_urlsafe(16)
        enquiry.first_contact_id = one.contact.id
        enquiry.version = len(one.events)
        batch.enquiries.append(enquiry)


def unused_references(count: int) -> list[str]:
    """That many references that nobody has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {references.new() for _ in range(count - len(found))}
        found |= drawn
        found -= set(
            Enquiry.objects.filter(reference__in=drawn).values_list("reference", flat=True)
        )
    return list(found)


def _rest(told: Sequence[Told], batch: _Batch, recorded_at: datetime | None) -> None:
    for one in told:
        history, enquiry = one.history, one.enquiry
        batch.receipts.append(
            (
                history.channel.value,
                history.external_id,
                history.fingerprint,
                one.contact.id,
                [enquiry.reference],
                recorded_at or history.received_at,
            )
        )
        for item, contact in zip(one.items, (one.contact, *one.later_contacts), strict=True):
            item.contact_id, item.enquiry_id = contact.id, enquiry.pk
            batch.items.append(item)
        for referral in one.referrals:
            referral.enquiry_id = enquiry.pk
        batch.referrals += one.referrals
        if one.survey is not None:
            one.survey.enquiry_id = enquiry.pk
            batch.surveys.append(one.survey)
        for clock in one.clocks:
            clock.enquiry_id = enquiry.pk
        batch.clocks += one.clocks
        _number(one, recorded_at)
        batch.events += one.events


def _number(one: Told, recorded_at: datetime | None) -> None:
    """Ledger lines in the order of their times, each with the contact that it names."""
    contacts = (one.contact, *one.later_contacts)
    for sequence, event in enumerate(one.events, 1):
        event.enquiry_id, event.sequence = one.enquiry.pk, sequence
        event.recorded_at = recorded_at or event.at
        if "contact" in event.data:
            event.data["contact"] = contacts[event.data["contact"]].id
