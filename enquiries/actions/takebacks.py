"""An act of a moment ago is taken back, as if it had not been: its rows stand as they stood before.

Nothing may have happened since. The lines of the act stay in the ledger, marked, and count no more;
a line of its own says who took it back. Messages are withdrawn before a carrier has them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

import customers.queries
import notifications.withdrawing
from accounts.permissions import Viewer
from core import live, outbox
from core import rows as kept
from core.errors import DomainError
from core.statements import Given, Objects, Statement, objects, statement
from enquiries import events
from enquiries.actions import hand_overs
from enquiries.actions.contacts import held as held_contact
from enquiries.events import EventType
from enquiries.lifecycle import LIVE
from enquiries.models import (
    AboutOffer,
    Acting,
    Attachment,
    CallDue,
    Clock,
    Contact,
    ContactItem,
    Enquiry,
    EnquiryEvent,
    EnquiryLink,
    HandOver,
    Referral,
)
from enquiries.queries import links, story
from enquiries.queries.access import NoSuchCase, desk_id, own_referrals

Data = Mapping[str, Any]
# What hangs on an enquiry and an act may change, in the order in which it is written back.
Part = type[Referral] | type[Clock] | type[EnquiryLink]
_HANGING: tuple[Part, ...] = (Referral, Clock)
_PARTS: tuple[Part, ...] = (Referral, Clock, EnquiryLink)
# What hangs on a contact: what it was about, what it was offered to be about, who took it over,
# for whom they speak.
_OF_CONTACT = (ContactItem, AboutOffer, HandOver, Acting)
# How many of the lines that came since are enough to say what happened.
_SHOWN = 2


class ChangedSince(DomainError):
    """Something happened after the act, so that it cannot be as if it had not been."""

    code = "changed_since"


@dataclass(frozen=True, slots=True)
class Before:
    """Rows as they were before an act, held until its transaction ends."""

    ids: tuple[int, ...]
    rows: str
    versions: Mapping[int, int]
    tied: bool
    files: tuple[int, ...] = ()
    contact: int | None = None
    of_contact: str = ""


NOTHING = Before((), "[]", {}, tied=False)


def before(viewer: Viewer, references: Iterable[str], *, tied: bool = False) -> Before:
    """Enquiries of the hub's desk with all that an act may change, locked in the order of their
    keys. `tied`: with those that they are joined to, for what joins and parts.

    One that there is not is left out: the act itself says so.
    """
    ids: set[int] = set()
    for reference in references:
        with suppress(NoSuchCase):
            ids.add(desk_id(viewer, reference))
    if tied:
        for pk in list(ids):
            ids |= {links.merged_end(pk), links.stands_for_id(pk)}
    return _rows(sorted(ids), _PARTS if tied else _HANGING)


def before_referral(viewer: Viewer, public_id: uuid.UUID) -> Before:
    """The enquiry of a referral of the viewer's organisation, in the same way."""
    ids = own_referrals(viewer).filter(public_id=public_id).values_list("enquiry_id", flat=True)
    return _rows(sorted(ids), _HANGING)


def before_person(viewer: Viewer, public_id: uuid.UUID) -> Before:
    """What somebody has open: an alert makes it due sooner. Raises NoSuchPerson."""
    person = customers.queries.person(viewer, public_id)
    live_ones = Enquiry.objects.filter(person_id=person.id, status__in=list(LIVE))
    return _rows(sorted(live_ones.values_list("pk", flat=True)), _HANGING)


def before_contact(viewer: Viewer, public_id: uuid.UUID, references: Iterable[str] = ()) -> Before:
    """A contact of the desk with what it is about, and cases that it may be about next.

    Raises NoSuchContact.
    """
    contact = held_contact(viewer, public_id, still_open=False)
    rows: list[models.Model] = [contact]
    for part in _OF_CONTACT:
        rows += part.objects.filter(contact=contact).order_by("pk")
    ids = {row.enquiry_id for row in rows if isinstance(row, ContactItem)}
    for reference in references:
        with suppress(NoSuchCase):
            pk = desk_id(viewer, reference)
            ids |= {pk, links.merged_end(pk)}
    whole = _rows(sorted(ids), _HANGING, rows)
    return replace(whole, contact=contact.pk, of_contact=kept.written(rows))


def _rows(ids: Sequence[int], parts: Sequence[Part], more: Sequence[models.Model] = ()) -> Before:
    one = ids[0] if len(ids) == 1 else None
    held = Enquiry.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    enquiries = list(held.filter(pk__in=ids)) if one is None else _of_one(Enquiry).rows(one=one)
    rows: list[models.Model] = [*more, *enquiries]
    for part in parts:
        if one is not None:
            rows += _of_one(part).rows(one=one)
        else:
            rows += part.objects.filter(enquiry_id__in=ids).order_by("pk")
    return Before(
        tuple(ids),
        kept.written(rows),
        {one.pk: one.version for one in enquiries},
        tied=EnquiryLink in parts,
        files=tuple(_files(ids)),
    )


@cache
def _of_one(part: type[models.Model]) -> Objects[Any]:
    """The same of one enquiry, which is held: so most acts are."""
    pk = Given("one", models.BigIntegerField())
    rows: QuerySet[Any] = QuerySet(part).order_by("pk")
    if part is not Enquiry:
        return objects(rows.filter(enquiry_id=pk), prepared=True)
    held = rows.filter(pk=pk).select_for_update(of=("self",), no_key=True)
    return objects(held, prepared=True)


@cache
def _files_of_one() -> Statement:
    rows = Attachment.objects.filter(enquiry_id=Given("one", models.BigIntegerField()))
    return statement(rows.order_by().values_list("pk"), prepared=True)


def _files(ids: Sequence[int]) -> list[int]:
    if len(ids) == 1:
        return [pk for (pk,) in _files_of_one().rows(one=ids[0])]
    return list(Attachment.objects.filter(enquiry_id__in=ids).values_list("pk", flat=True))


def after(was: Before) -> dict[str, Any]:
    """What it takes to take the act back that was just done, to be kept for those seconds; `done`
    says whether anything was, `beyond` whether it was more than can be undone."""
    versions = {str(pk): [was.versions[pk], version] for pk, version in _versions(was.ids)}
    data = {
        "rows": was.rows,
        "versions": versions,
        "tied": was.tied,
        "files": [pk for pk in _files(was.ids) if pk not in was.files],
        "done": any(first != last for first, last in versions.values()),
        "beyond": False,
    }
    if was.contact is None:
        return data
    # What became a case of its own is not unmade.
    new = ContactItem.objects.filter(contact=was.contact).exclude(enquiry__in=was.ids)
    now_there = _of_contact(was.contact)
    data |= {"done": now_there != was.of_contact, "beyond": new.exists()}
    return data | {"contact": was.contact, "now": now_there}


def _versions(ids: Sequence[int]) -> Iterable[tuple[int, ...]]:
    if len(ids) == 1:
        return _version_of_one().rows(one=ids[0])
    return Enquiry.objects.filter(pk__in=ids).values_list("pk", "version")


@cache
def _version_of_one() -> Statement:
    rows = Enquiry.objects.filter(pk=Given("one", models.BigIntegerField())).order_by()
    return statement(rows.values_list("pk", "version"), prepared=True)


def _of_contact(pk: int) -> str:
    """A contact with what hangs on it, as it is."""
    rows: list[models.Model] = [Contact.objects.get(pk=pk)]
    for part in _OF_CONTACT:
        rows += part.objects.filter(contact=pk).order_by("pk")
    return kept.written(rows)


@transaction.atomic
def take_back(*, data: Data, viewer: Viewer, what: str, done_at: datetime, now: datetime) -> None:
    """Restores what stood before an act of `done_at`. Raises ChangedSince, AlreadySaid."""
    versions = {int(pk): pair for pk, pair in data["versions"].items()}
    contact = data.get("contact")
    if contact is not None:
        Contact.objects.select_for_update(no_key=True).get(pk=contact)
        if json.loads(_of_contact(contact)) != json.loads(data["now"]):
            raise ChangedSince("The contact has gone on since, so it cannot be taken back any more")
    enquiries = {pk: events.locked(pk) for pk in sorted(versions)}
    for pk, enquiry in enquiries.items():
        if enquiry.version != versions[pk][1]:
            raise ChangedSince(_since(enquiry, versions[pk][1], viewer))
    notifications.withdrawing.withdraw(
        messages=data["messages"], silenced=data["silenced"], now=now
    )
    outbox.forget(data.get("promises", ()))
    CallDue.objects.filter(enquiry_id__in=versions, created_at=done_at, done_at=None).delete()
    # What no row knows any more is swept away by itself.
    Attachment.objects.filter(pk__in=data.get("files", ())).delete()
    _restore(data["rows"], list(versions), _PARTS if data["tied"] else _HANGING, contact)
    for pk, (first, last) in versions.items():
        if first == last:
            continue
        lines = EnquiryEvent.objects.filter(enquiry_id=pk, sequence__gt=first, sequence__lte=last)
        lines.update(undone_at=now)
        enquiry = Enquiry.objects.get(pk=pk)
        events.record(
            enquiry, EventType.UNDONE, actor=viewer.actor, at=now, what=what,
            lines=list(range(first + 1, last + 1)),
        )  # fmt: skip


def _restore(text: str, ids: Sequence[int], parts: Sequence[Part], contact: int | None) -> None:
    by_kind = kept.read(text)
    # What the act made goes: clocks before what they measure. Nobody has acted on any of it.
    for part in reversed(parts):
        new = part.objects.filter(enquiry_id__in=ids)
        new.exclude(pk__in=by_kind.get(part, {})).delete()
    if contact is not None:
        for of_contact in reversed(_OF_CONTACT):
            made = of_contact.objects.filter(contact=contact)
            _goes(made.exclude(pk__in=by_kind.get(of_contact, {})))
    for rows in by_kind.values():
        for row in rows.values():
            kept.write(row)


def _goes(made: models.QuerySet[Any]) -> None:
    """An offer that was made stays as one that was taken back: a colleague reads it just now."""
    if made.model is not HandOver:
        made.delete()
        return
    for one in made:
        HandOver.objects.filter(pk=one.pk).update(
            answered_at=one.offered_at, answer="taken_back", sealed=""
        )
        for colleague in hand_overs.told(one):
            live.say(f"staff:{colleague}", {"what": "offered"})


def _since(enquiry: Enquiry, version: int, viewer: Viewer) -> str:
    """Who did what after the act, in words."""
    rows = EnquiryEvent.objects.filter(enquiry=enquiry, sequence__gt=version).order_by("sequence")
    said = [
        f"{date_format(timezone.localtime(line.at), 'H:i')}, {line.who}: {line.words.rstrip('.')}"
        for line in story.lines(rows, viewer)[:_SHOWN]
    ]
    what = ". ".join(said) or "somebody acted on it"
    return f"It cannot be taken back any more, for something happened since. {what}"
