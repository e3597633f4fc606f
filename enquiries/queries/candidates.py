"""Who may be calling: those who gave us the number, the likeliest first, each with why."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

import customers.calling
from accounts.permissions import Viewer
from core.references import PREFIX
from customers.calling import Holder
from enquiries.clocks import london_date
from enquiries.lifecycle import LIVE
from enquiries.models import Contact, Enquiry
from enquiries.queries import sensitive

A_YEAR = timedelta(days=365)
_TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be calling, masked, with why: a hint and no proof."""

    public_id: uuid.UUID
    name: str
    area: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Callers:
    """Who may be calling: some of them, how many more, and what else is known of the number."""

    likely: tuple[Candidate, ...] = ()
    more: int = 0
    # Enquiries from this number of somebody who gave no name: their references, shortened.
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What we have of a number: how often each used it in a year, and which enquiries are open."""

    used: dict[int, int]
    open: dict[int, list[str]]
    unnamed: tuple[str, ...]


def short(reference: str) -> str:
    """7QX…: enough to speak of an enquiry, too little to open it."""
    return f"{reference.removeprefix(PREFIX).replace('-', '')[:3]}…"


def times(number: int) -> str:
    """Once, twice, 3 times."""
    return _TIMES.get(number, f"{number} times")


def callers(viewer: Viewer, digest: str, *, now: datetime, most: int = 4) -> Callers:
    """Who may be calling from a number (its keyed hash). Nobody for a withheld one."""
    if not digest:
        return Callers()
    found = customers.calling.holders(viewer, digest, on=london_date(now))
    known = _known(viewer, digest, [one.id for one in found], now=now)
    ranked = sorted(found, key=lambda one: (-_weight(one, known), one.id))
    likely = tuple(_candidate(one, known) for one in ranked[:most])
    return Callers(likely, max(0, len(ranked) - most), known.unnamed)


def _known(viewer: Viewer, digest: str, ids: list[int], *, now: datetime) -> _Known:
    contacts = Contact.objects.filter(
        address_hash=digest, person_id__in=ids, started_at__range=(now - A_YEAR, now)
    ).order_by()
    used = dict(contacts.values_list("person_id").annotate(number=Count("pk")))
    rows = Enquiry.objects.filter(status__in=sorted(LIVE)).filter(
        Q(person_id__in=ids) | Q(person_id=None, first_contact__address_hash=digest)
    )
    rows = sensitive.findable(viewer, rows).order_by("-received_at", "-pk")
    opened: dict[int, list[str]] = {}
    unnamed = []
    for row in rows.select_related("first_contact").defer("description")[:100]:
        if row.person_id is None:
            unnamed.append(short(row.reference))
            continue
        hint = f"open enquiry {short(row.reference)}"
        here = row.first_contact.address_hash == digest
        opened.setdefault(row.person_id, []).append(f"{hint} from this number" if here else hint)
    return _Known(used, opened, tuple(unnamed[:3]))


def _weight(one: Holder, known: _Known) -> int:
    return (
        3 * min(known.used.get(one.id, 0), 5)
        + 4 * min(len(known.open.get(one.id, ())), 2)
        + 2 * one.is_preferred
        + 2 * one.is_proved
        - 20 * one.is_unusable
    )


def _candidate(one: Holder, known: _Known) -> Candidate:
    why = []
    if used := known.used.get(one.id):
        why.append(f"this number, used {times(used)} this year")
    else:
        why.append("this number, not used in a year")
    if one.is_preferred:
        why.append("their preferred number")
    if one.is_proved:
        why.append("they proved that it is theirs")
    if one.is_unusable:
        why.append("we marked it as no longer theirs")
    why += known.open.get(one.id, [])[:2]
    if one.speaks_for:
        why.append(f"speaks for {' and '.join(one.speaks_for[:2])}")
    if one.household > 1:
        why.append(f"number of a household of {_words(one.household)}")
    elif one.sharing > 1:
        why.append(f"number of {_words(one.sharing)} people at different addresses")
    return Candidate(one.public_id, one.name, one.area, tuple(why))


def _words(number: int) -> str:
    words = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)
