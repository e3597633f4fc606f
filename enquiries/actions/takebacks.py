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
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

import notifications.withdrawing
from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions.contacts import held as held_contact
from enquiries.events import EventType
from enquiries.models import (
    AboutOffer,
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
# What hangs on a contact: what it was about, what it was offered to be about, who took it over.
_OF_CONTACT = (ContactItem, AboutOffer, HandOver)
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
    contact: int | None = None
    of_contact: str = ""


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
    return replace(whole, contact=contact.pk, of_contact=_written(rows))


def _rows(ids: Sequence[int], parts: Sequence[Part], more: Sequence[models.Model] = ()) -> Before:
    held = Enquiry.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    enquiries = list(held.filter(pk__in=ids))
    rows: list[models.Model] = [*more, *enquiries]
    for part in parts:
        rows += part.objects.filter(enquiry_id__in=ids).order_by("pk")
    return Before(
        tuple(ids),
        _written(rows),
        {one.pk: one.version for one in enquiries},
        tied=EnquiryLink in parts,
    )


def after(was: Before) -> dict[str, Any]:
    """What it takes to take the act back that was just done, to be kept for those seconds."""
    now = Enquiry.objects.filter(pk__in=was.ids).values_list("pk", "version")
    versions = {str(pk): [was.versions[pk], version] for pk, version in now}
    data = {
        "rows": was.rows,
        "versions": versions,
        "tied": was.tied,
        "done": _is_done(was, versions),
    }
    if was.contact is None:
        return data
    # What became a case of its own is not unmade.
    new = ContactItem.objects.filter(contact=was.contact).exclude(enquiry__in=was.ids)
    now_there = _of_contact(was.contact)
    data["done"] = now_there != was.of_contact and not new.exists()
    return data | {"contact": was.contact, "now": now_there}


def _is_done(was: Before, versions: Mapping[str, Sequence[int]]) -> bool:
    return any(first != last for first, last in versions.values())


def _of_contact(pk: int) -> str:
    """A contact with what hangs on it, as it is."""
    rows: list[models.Model] = [Contact.objects.get(pk=pk)]
    for part in _OF_CONTACT:
        rows += part.objects.filter(contact=pk).order_by("pk")
    return _written(rows)


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
    CallDue.objects.filter(enquiry_id__in=versions, created_at=done_at, done_at=None).delete()
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
    by_kind: dict[type[Any], dict[Any, models.Model]] = {}
    for one in serializers.deserialize("json", text):
        by_kind.setdefault(type(one.object), {})[one.object.pk] = one.object
    # What the act made goes: clocks before what they measure. Nobody has acted on any of it.
    for part in reversed(parts):
        new = part.objects.filter(enquiry_id__in=ids)
        new.exclude(pk__in=by_kind.get(part, {})).delete()
    if contact is not None:
        for of_contact in reversed(_OF_CONTACT):
            made = of_contact.objects.filter(contact=contact)
            made.exclude(pk__in=by_kind.get(of_contact, {})).delete()
    for rows in by_kind.values():
        for row in rows.values():
            _write(row)


def _written(rows: Iterable[models.Model]) -> str:
    return str(serializers.serialize("json", rows))


def _write(row: models.Model) -> None:
    """A row as it was, but for its version: the ledger goes on."""
    kept = {"id", "version"}
    fields = [one.attname for one in row._meta.concrete_fields if one.attname not in kept]
    row._meta.base_manager.filter(pk=row.pk).update(**{name: getattr(row, name) for name in fields})


def _since(enquiry: Enquiry, version: int, viewer: Viewer) -> str:
    """Who did what after the act, in words."""
    rows = EnquiryEvent.objects.filter(enquiry=enquiry, sequence__gt=version).order_by("sequence")
    said = [
        f"{date_format(timezone.localtime(line.at), 'H:i')}, {line.who}: {line.words.rstrip('.')}"
        for line in story.lines(rows, viewer)[:_SHOWN]
    ]
    what = ". ".join(said) or "somebody acted on it"
    return f"It cannot be taken back any more, for something happened since. {what}"
