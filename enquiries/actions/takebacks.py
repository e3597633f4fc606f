"""An act of a moment ago is taken back, as if it had not been: its rows stand as they stood before.

Nothing may have happened since. The lines of the act stay in the ledger, marked, and count no more;
a line of its own says who took it back. Messages are withdrawn before a carrier has them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
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
from enquiries.models import CallDue, Clock, Contact, Enquiry, EnquiryEvent, EnquiryLink, Referral
from enquiries.queries import links, story
from enquiries.queries.access import NoSuchCase, desk_id, own_referrals

Data = Mapping[str, Any]
# What hangs on an enquiry and an act may change, in the order in which it is written back.
Part = type[Referral] | type[Clock] | type[EnquiryLink]
_HANGING: tuple[Part, ...] = (Referral, Clock)
_PARTS: tuple[Part, ...] = (Referral, Clock, EnquiryLink)
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


def _rows(ids: Sequence[int], parts: Sequence[Part]) -> Before:
    held = Enquiry.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    enquiries = list(held.filter(pk__in=ids))
    rows: list[models.Model] = [*enquiries]
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
    return {"rows": was.rows, "versions": versions, "tied": was.tied}


@transaction.atomic
def take_back(*, data: Data, viewer: Viewer, what: str, done_at: datetime, now: datetime) -> None:
    """Restores what stood before an act of `done_at`. Raises ChangedSince, AlreadySaid."""
    versions = {int(pk): pair for pk, pair in data["versions"].items()}
    enquiries = {pk: events.locked(pk) for pk in sorted(versions)}
    for pk, enquiry in enquiries.items():
        if enquiry.version != versions[pk][1]:
            raise ChangedSince(_since(enquiry, versions[pk][1], viewer))
    notifications.withdrawing.withdraw(
        messages=data["messages"], silenced=data["silenced"], now=now
    )
    CallDue.objects.filter(enquiry_id__in=versions, created_at=done_at, done_at=None).delete()
    _restore(data["rows"], list(versions), _PARTS if data["tied"] else _HANGING)
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


def _restore(text: str, ids: Sequence[int], parts: Sequence[Part]) -> None:
    stood = [one.object for one in serializers.deserialize("json", text)]
    by_kind: dict[type[Any], dict[Any, models.Model]] = {}
    for row in stood:
        by_kind.setdefault(type(row), {})[row.pk] = row
    # What the act made goes: clocks before what they measure. Nobody has acted on any of it.
    for part in reversed(parts):
        new = part.objects.filter(enquiry_id__in=ids)
        new.exclude(pk__in=by_kind.get(part, {})).delete()
    for kind in (*parts, Enquiry):
        for row in by_kind.get(kind, {}).values():
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


def contact_before(viewer: Viewer, public_id: uuid.UUID) -> str:
    """A contact of the desk as it is, held until the act's transaction ends."""
    return _written([held_contact(viewer, public_id, still_open=False)])


def contact_after(was: str) -> dict[str, Any]:
    """What it takes to take back what was done to the contact itself, as with `after`."""
    [stood] = serializers.deserialize("json", was)
    now = Contact.objects.filter(pk=stood.object.pk)
    return {"contact": was, "now": _written(now)}


@transaction.atomic
def take_back_contact(*, data: Data, viewer: Viewer) -> None:
    """The contact goes on as before its wrap-up. Raises ChangedSince."""
    [stood] = serializers.deserialize("json", data["contact"])
    row = stood.object
    if not isinstance(row, Contact):
        raise TypeError(type(row).__name__)
    held = held_contact(viewer, row.public_id, still_open=False)
    if json.loads(_written([held])) != json.loads(data["now"]):
        raise ChangedSince("The contact was changed since, so it cannot be taken back any more")
    _write(row)
