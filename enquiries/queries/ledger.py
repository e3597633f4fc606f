"""The ledger as `osr-ledger/1` lines, and which enquiries changed since a reader looked.

Identifiers are our own; `metrics.exports` turns them into pseudonyms before they leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

import accounts.queries
import customers.queries
import kb.queries
import notifications.queries
from accounts import calendars
from core.privacy import address_hash
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import UNCONFIRMED
from enquiries.models import Contact, ContactItem, Enquiry, EnquiryEvent, Referral
from enquiries.vocabulary import EventType

Line = dict[str, Any]
# What the case page needs but a ledger must not carry: words and names of people.
_NOT_CARRIED = frozenset(
    {"words", "name", "kind_words", "outcome_words", "channel", "service"}
    | {"was", "why", "reference", "restored", "same_person", "pointed", "came_at"}
    | {"helped_unknown"}
    | {"question", "suggested_name", "file"}
)
# Lines that others need not have: notes are ours alone, who has it within a body is that body's,
# contacts have item lines of their own, and
# what was joined or split stands in the ledger of the report that it was done to.
_SKIPPED = frozenset(
    {
        EventType.NOTED,
        EventType.CONTACTED,
        EventType.TRIAGED,
        EventType.MERGED_IN,
        EventType.ALSO_REPORTED,
        EventType.TAKEN_OUT,
        EventType.SPLIT_OFF,
        EventType.SPLIT_FROM,
        EventType.HANDED,
        EventType.TEAM_CHANGED,
        EventType.ATTACHED,
        EventType.DISPUTED,
        # Said by the contact's signal; there was no outcome (R37).
        EventType.UNANSWERED,
        EventType.TELLING_CHANGED,
        EventType.SUBSCRIBED,
        EventType.UNSUBSCRIBED,
        # A line of its own kind: `surveys`.
        EventType.SURVEYED,
    }
)


def organisations() -> Iterator[Line]:
    """A line for each body, also those that have left; the hub is the front door."""
    for row in accounts.queries.organisations(left=True):
        yield {
            "type": "org",
            "id": row.slug,
            "role": "front_door" if row.is_hub else "partner",
            # Reasons of closures, and who wrote them, are nobody else's.
            "calendar": calendars.bare(row.calendar),
        }


def services() -> Iterator[Line]:
    """A line for each service, also ended ones. `owner` is null where it depends on the place."""
    rows = kb.queries.services(ended=True)
    yield _about_answers(ABOUT_ANSWERS, "answers")
    yield from (_about_answers(about_answers(row.slug), row.family) for row in rows)
    for row in rows:
        yield {
            "type": "service",
            "id": row.slug,
            "class": row.resolution_class,
            "family": row.family,
            "promise_wd": row.promise_wd,
            "owner": None,
            "subject": row.subject,
            "first_response_wh": row.first_response_wh,
        }


# What readers ask of an answer that is about no service.
ABOUT_ANSWERS = "answers"


def about_answers(service: str | None) -> str:
    """What a ledger calls the questions that answers about a service settle, or do not."""
    return f"{service[:70]}.answers" if service else ABOUT_ANSWERS


def _about_answers(name: str, family: str) -> Line:
    """Reading an answer is a question answered, also about what is otherwise done later."""
    return {
        "type": "service",
        "id": name,
        "class": "INFORM",
        "family": family,
        "promise_wd": None,
        "owner": None,
        "subject": "person",
        "first_response_wh": None,
    }


def ledger(enquiry_ids: Sequence[int]) -> Iterator[Line]:
    """Every line that concerns these enquiries: people, contacts, texts, items, events.

    Contacts come whole: all that have an item on one of the enquiries.
    """
    items = list(
        ContactItem.objects.filter(enquiry_id__in=enquiry_ids)
        .select_related("contact__site")
        .order_by("pk")
    )
    contacts = {item.contact_id: item.contact for item in items}
    people = {row.person_id for row in contacts.values() if row.person_id is not None}
    addresses = customers.queries.digests_of(people)
    for person_id in sorted(people):
        yield {"type": "person", "id": person_id, "addresses": sorted(addresses[person_id])}
    yield from (_contact(row) for _pk, row in sorted(contacts.items()))
    yield from _enquiries(enquiry_ids)
    if any(row.channel == Channel.SMS.value for row in contacts.values()):
        yield from _outbound(enquiry_ids)
    yield from (_item(item) for item in items)
    yield from _events(enquiry_ids, _openings(items))


def _contact(row: Contact) -> Line:
    return {
        "type": "contact",
        "id": row.pk,
        "channel": row.channel,
        "start": row.started_at,
        "end": row.ended_at,
        "person": row.person_id,
        "address": row.address_hash,
        "site": row.site.slug if row.site else None,
        "thread": row.thread,
        "session": row.session,
        "submission": row.digest,
        "abandoned": row.abandoned,
        "assists": row.assists_id,
        "signals": [one for one in row.signals if one != UNCONFIRMED],
        "recorded": row.recorded_at,
    }


def _enquiries(ids: Iterable[int]) -> Iterator[Line]:
    first_owner: dict[int, str] = {}
    referrals = (
        Referral.objects.filter(enquiry_id__in=ids)
        .select_related("organisation")
        .order_by("offered_at", "pk")
    )
    for referral in referrals:
        first_owner.setdefault(referral.enquiry_id, referral.organisation.slug)
    pointed = _pointed_at(ids)
    rows = Enquiry.objects.filter(pk__in=ids).select_related("service", "owner").order_by("pk")
    for row in rows:
        owner = first_owner.get(row.pk) or (row.owner.slug if row.owner else None)
        slug = row.service.slug if row.service else None
        yield {
            "type": "enquiry",
            "id": row.pk,
            "reference": row.reference,
            "service": about_answers(slug) if row.article else slug,
            "owner": owner,
            "place": _place(row, pointed=row.pk in pointed),
        }


def _outbound(ids: Iterable[int]) -> Iterator[Line]:
    """Our texts: a conversation goes on while either side writes (R10)."""
    references = Enquiry.objects.filter(pk__in=ids).values_list("reference", flat=True)
    for text in notifications.queries.texts_sent(references):
        yield {
            "type": "outbound",
            "channel": Channel.SMS.value,
            "address": address_hash("phone", text.to),
            "at": text.at,
            "kind": text.event,
            "recorded": text.at,
        }


def _pointed_at(ids: Iterable[int]) -> set[int]:
    """Enquiries that came with a point on the map; it is said by their first line."""
    rows = EnquiryEvent.objects.filter(
        enquiry_id__in=ids, sequence=1, type=EventType.RECEIVED, data__pointed=True
    )
    return set(rows.values_list("enquiry_id", flat=True))


def _place(row: Enquiry, *, pointed: bool) -> Line | None:
    place: Line = {}
    if row.uprn:
        place["uprn"] = row.uprn
    if row.easting is not None and row.northing is not None:
        place |= {"e": row.easting, "n": row.northing}
        if not pointed:
            # The middle of a postcode, not of a property: a neighbour's bin is another place.
            place["approx"] = True
    return place or None


def _item(item: ContactItem) -> Line:
    return {
        "type": "item",
        "id": item.pk,
        "contact": item.contact_id,
        "enquiry": item.enquiry_id,
        "kind": item.kind,
        "avoidable": item.avoidable,
        "evidence": item.evidence,
        "about": item.about_id if item.kind == ItemKind.NEW.value else None,
        "recorded": item.at,
    }


def _openings(items: Iterable[ContactItem]) -> dict[int, int]:
    """The item in which each enquiry was first spoken of, by the enquiry's key."""
    found: dict[int, int] = {}
    for item in sorted(items, key=lambda one: (one.contact.started_at, one.pk)):
        found.setdefault(item.enquiry_id, item.pk)
    return found


def _events(ids: Iterable[int], openings: dict[int, int]) -> Iterator[Line]:
    slugs = {row.pk: row.slug for row in accounts.queries.organisations(left=True)}
    rows = EnquiryEvent.objects.filter(enquiry_id__in=ids).order_by("enquiry_id", "sequence")
    for row in rows:
        if row.type in _SKIPPED:
            continue
        data = {key: value for key, value in row.data.items() if key not in _NOT_CARRIED}
        organisation = row.organisation_id
        yield {
            **data,
            "type": "event",
            "enquiry": row.enquiry_id,
            "at": row.at,
            "recorded": row.recorded_at,
            "event": row.type.removeprefix("enquiry."),
            "org": slugs.get(organisation) if organisation is not None else None,
        }
        if row.enquiry_id in openings:
            yield from _corrections(row, openings[row.enquiry_id])


def _corrections(row: EnquiryEvent, opening: int) -> Iterator[Line]:
    """What an agent said of two reports, that they are one person's or are not (R52)."""
    is_one = row.type == EventType.DUPLICATE_OF and bool(row.data.get("same_person"))
    if is_one or row.type == EventType.UNMERGED:
        yield {
            "type": "correction",
            "item": opening,
            "earlier": row.data["target"],
            "linked": is_one,
            "at": row.at,
            "recorded": row.recorded_at,
        }


def all_ids(after: int = 0, limit: int = 2_000) -> list[int]:
    """Enquiry ids in order, a batch at a time."""
    rows = Enquiry.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(rows[:limit])


def changed_since(cursor: str, limit: int = 5_000) -> tuple[list[int], str]:
    """Enquiries whose ledger grew since the cursor, and the next cursor; "" is the beginning.

    Reads only below the oldest running transaction: a line that commits late is seen later,
    never missed. After a restore from a dump start again from "".
    """
    transaction, last = (int(part) for part in (cursor or "0:0").split(":"))
    with connection.cursor() as sql:
        sql.execute(
            "SELECT transaction, id, enquiry_id FROM enquiries_enquiryevent"
            " WHERE (transaction, id) > (%s, %s)"
            " AND transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " ORDER BY transaction, id LIMIT %s",
            [transaction, last, limit],
        )
        rows = sql.fetchall()
    if not rows:
        return [], cursor
    ids = list(dict.fromkeys(row[2] for row in rows))
    return ids, f"{rows[-1][0]}:{rows[-1][1]}"
