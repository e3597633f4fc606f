"""Who speaks for somebody else in a contact, and of what that one may be told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

import customers.queries_lives
from customers import living
from enquiries.models import Acting, Contact, Enquiry


@dataclass(frozen=True, slots=True)
class ActingShown:
    """Who is in touch for somebody, and what they may be told by now; nothing where it ended."""

    by_id: int
    name: str
    public_id: uuid.UUID
    relation: str = ""
    basis: str = ""
    may: str = ""
    may_words: str = ""
    ends_on: date | None = None


def of(contact: Contact, person_id: int) -> ActingShown | None:
    """Who speaks for the person of a contact in it; None where they speak for themselves. No
    statement for these."""
    # Django says "there is none" of the other side of a pair as of an attribute.
    row: Acting | None = getattr(contact, "acting", None)
    if row is None:
        return None
    proxy = customers.queries_lives.proxy(person_id, row.by_id, on=timezone.localdate())
    if proxy is None:
        return ActingShown(row.by_id, str(row.by), row.by.public_id)
    return ActingShown(
        row.by_id, str(row.by), row.by.public_id, proxy.relation, proxy.basis, proxy.may,
        proxy.may_words, proxy.ends_on,
    )  # fmt: skip


def tellable(told: ActingShown | None, rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """Those of somebody's enquiries of which who speaks for them may be told."""
    if told is None or living.may_hear(told.may, is_own=False):
        return rows
    if living.may_hear(told.may, is_own=True):
        return rows.filter(first_contact__acting__by_id=told.by_id)
    return rows.none()
