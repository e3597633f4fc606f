"""The ledger as `osr-ledger/1` lines, and which enquiries changed since a reader looked.

Identifiers are our own; `metrics.exports` turns them into pseudonyms before they leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

import accounts.queries
import customers.queries
import customers.queries_merges
import kb.queries
import notifications.queries
from accounts import calendars
from accounts.queries import TeamDays
from core.privacy import address_hash
from enquiries.channels import Channel, ItemKind
from enquiries.clocks import london_date
from enquiries.inbound import UNCONFIRMED
from enquiries.models import Agreement, Enquiry, Referral
from enquiries.queries import ledger_rows, told
from enquiries.queries.told import TOLD, Told
from enquiries.vocabulary import EventType

Line = dict[str, Any]
# What the case page needs but a ledger must not carry: words and names of people.
_NOT_CARRIED = frozenset(
    {"words", "name", "kind_words", "outcome_words", "channel", "service"}
    | {"was", "why", "reference", "restored", "same_person", "pointed", "came_at"}
    | {"helped_unknown"}
    | {"question", "suggested_name", "file", "through"}
)
# Lines that others need not have: notes are ours alone, who has it within a body is that body's,
# contacts have item lines of their own, and
# what was joined or split stands in the ledger of the report that it was done to.
_SKIPPED = frozenset(
    {
        EventType.NOTED,
        EventType.UNDONE,
        EventType.CONTACTED,
        # Its contact's end is the contact's, its reason the item's.
        EventType.CONTACT_ENDED,
        EventType.TRIAGED,
        EventType.MERGED_IN,
        EventType.ALSO_REPORTED,
        EventType.TAKEN_OUT,
        # Lines of their own kind: `merge`, `unmerge`.
        EventType.PERSON_MERGED,
        EventType.PERSON_UNMERGED,
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
        EventType.MESSAGE_LOST,
    }
)


def organisations() -> Iterator[Line]:
    """A line for each body, also those that have left; the hub is the front door.

    What another hub's ledger told of its own comes first, and stands for ours of that name.
    """
    said = told.frame("org")
    yield from said
    known = {line["id"] for line in said}
    for row in accounts.queries.organisations(left=True):
        if row.slug in known:
            continue
        yield {
            "type": "org",
            "id": row.slug,
            "role": "front_door" if row.is_hub else "partner",
            # Reasons of closures, and who wrote them, are nobody else's.
            "calendar": calendars.bare(row.calendar),
        }


def services() -> Iterator[Line]:
    """A line for each service, also ended ones. `owner` is null where it depends on the place."""
    said = told.frame("service")
    yield from said
    known = {line["id"] for line in said}
    rows = [row for row in kb.queries.services(ended=True) if row.slug not in known]
    named = [(ABOUT_ANSWERS, "answers")] if rows or not said else []
    named += [(about_answers(row.slug), row.family) for row in rows]
    yield from (_about_answers(*one) for one in named if one[0] not in known)
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


def agreements() -> Iterator[Line]:
    """A line for each agreement that may bring a promise nearer (R50): of services with one."""
    said = told.frame("agreement", "service")
    yield from (line for line in said if line["type"] == "agreement")
    known = {line.get("id") for line in said}
    rows = Agreement.objects.filter(service__promise_wd__isnull=False)
    for row in rows.select_related("service", "organisation").order_by("pk"):
        if row.service is not None and row.service.slug not in known:
            yield {
                "type": "agreement",
                "service": row.service.slug,
                "to": row.organisation.slug,
                "accept_wh": row.accept_wh,
                "work_wd": row.work_wd,
                "elapsed": row.elapsed,
            }


def frame() -> Iterator[Line]:
    """What every enquiry is judged by: bodies, services, what was agreed."""
    yield from organisations()
    yield from services()
    yield from agreements()


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
    items = ledger_rows.items(enquiry_ids)
    contacts = ledger_rows.contacts({item.contact_id for item in items})
    said = Told(contacts, [item.pk for item in items], enquiry_ids)
    yield from said.beside
    people = {row.person_id for row in contacts.values() if row.person_id is not None}
    merges = customers.queries_merges.lines(people)
    # Who was merged into somebody has their addresses with them.
    people.update(key for line in merges for key in (line.keep, line.drop))
    for person_id, addresses in sorted(customers.queries.digests_of(people).items()):
        yield {"type": "person", "id": person_id, "addresses": sorted(addresses)}
    for merge in merges:
        kind = "unmerge" if merge.is_undo else "merge"
        yield {"type": kind, "keep": merge.keep, "drop": merge.drop, "at": merge.at}
    agents = {row.agent_id for row in contacts.values() if row.agent_id is not None}
    teams = accounts.queries.teams_of(agents)
    sites = {row.pk: (row.slug, row.organisation.slug) for row in accounts.queries.sites()}
    ordered = (_contact(row, teams, sites) for _pk, row in sorted(contacts.items()))
    yield from said.instead("contact", ordered)
    yield from said.instead("enquiry", _enquiries(enquiry_ids))
    if any(row.channel == Channel.SMS.value for row in contacts.values()):
        yield from _outbound(enquiry_ids)
    yield from said.instead("item", (_item(item) for item in items))
    yield from said.corrections
    yield from _events(enquiry_ids, _openings(items, contacts))


def needs(enquiry_ids: Sequence[int]) -> Iterator[Line]:
    """Of these enquiries only the lines that say what each is about, and where."""
    yield from Told((), (), enquiry_ids).instead("enquiry", _enquiries(enquiry_ids))


def _contact(
    row: ledger_rows.Contact,
    teams: Mapping[int, Sequence[TeamDays]],
    sites: Mapping[int, tuple[str, str]],
) -> Line:
    """A contact; taken by whose the place is where it came in, else by the front door."""
    day = london_date(row.started_at)
    site, organisation = sites[row.site_id] if row.site_id is not None else (None, None)
    mine = teams.get(row.agent_id or 0, ())
    return {
        "type": "contact",
        "id": row.pk,
        "channel": row.channel,
        "start": row.started_at,
        "end": row.ended_at,
        "person": row.person_id,
        "address": row.address_hash,
        "site": site,
        "org": organisation,
        "team": next((one.team for one in mine if one.covers(day)), None),
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
    referrals = Referral.objects.filter(enquiry_id__in=ids).order_by("offered_at", "pk")
    for enquiry_id, slug in referrals.values_list("enquiry_id", "organisation__slug"):
        first_owner.setdefault(enquiry_id, slug)
    pointed = ledger_rows.pointed_at(ids)
    rows = ledger_rows.enquiries(ids)
    teams = accounts.queries.team_labels({row.team_id for row in rows if row.team_id is not None})
    for row in rows:
        yield {
            "type": "enquiry",
            "id": row.pk,
            "reference": row.reference,
            "service": about_answers(row.service) if row.article else row.service,
            "owner": first_owner.get(row.pk) or row.owner,
            "team": teams.get(row.team_id or 0),
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


def _place(row: ledger_rows.Enquiry, *, pointed: bool) -> Line | None:
    place: Line = {}
    if row.uprn:
        place["uprn"] = row.uprn
    if row.easting is not None and row.northing is not None:
        place |= {"e": row.easting, "n": row.northing}
        if not pointed:
            # The middle of a postcode, not of a property: a neighbour's bin is another place.
            place["approx"] = True
    return place or None


def _item(item: ledger_rows.Item) -> Line:
    answered = {"desk_answer": item.desk_answer} if item.desk_answer else {}
    return answered | {
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


def _openings(
    items: Iterable[ledger_rows.Item], contacts: Mapping[int, ledger_rows.Contact]
) -> dict[int, int]:
    """The item in which each enquiry was first spoken of, by the enquiry's key."""
    found: dict[int, int] = {}
    for item in sorted(items, key=lambda one: (contacts[one.contact_id].started_at, one.pk)):
        found.setdefault(item.enquiry_id, item.pk)
    return found


def _events(ids: Iterable[int], openings: dict[int, int]) -> Iterator[Line]:
    slugs = {row.pk: row.slug for row in accounts.queries.organisations(left=True)}
    for row in ledger_rows.events(ids):
        if TOLD in row.data:
            yield _told_event(row)
            continue
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
            "sequence": row.sequence,
        }
        if row.enquiry_id in openings:
            yield from _corrections(row, openings[row.enquiry_id])


def _told_event(row: ledger_rows.Event) -> Line:
    """As another hub's ledger said it; `data` has our keys in the place of its names."""
    return {**row.data[TOLD], **row.data, "enquiry": row.enquiry_id}


def _corrections(row: ledger_rows.Event, opening: int) -> Iterator[Line]:
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


def count() -> int:
    """How many enquiries there are."""
    return Enquiry.objects.count()


def end() -> str:
    """The cursor of a reader who has read all that `changed_since` would give now."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT transaction, id FROM enquiries_enquiryevent"
            " WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " ORDER BY transaction DESC, id DESC LIMIT 1"
        )
        row = sql.fetchone()
    return f"{row[0]}:{row[1]}" if row else ""


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
