"""Which other enquiries may be the same thing told twice: same service, same place, in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    IntegerField,
    Q,
    Value,
    When,
)

from accounts.permissions import Permission, Viewer
from core.statements import Given, Objects, objects
from enquiries import clocks
from enquiries.lifecycle import LIVE, STAFF_WORDS, Outcome, Status
from enquiries.models import Enquiry

if TYPE_CHECKING:
    from kb.models import Service

# R15: so near is one place, unless both have a number of their own.
NEAR_METRES = 50
# No window is longer (measures.md, resolution classes), and a first contact ends within days.
_LONGEST = timedelta(days=97)
# There may be many, of which a few are shown: a few are read, and more where these do not do.
_READ_FIRST, _READ = 8, 60
SHOWN = 3

# No more is read of each than is looked at.
_FIELDS = (
    "reference",
    "description",
    "person_id",
    "received_at",
    "promised_on",
    "status",
    "uprn",
    "postcode",
    "easting",
    "northing",
    "owner__short_name",
    "owner__calendar",
    "first_contact__address_hash",
    "first_contact__started_at",
    "first_contact__ended_at",
)

SAME, OTHER, UNKNOWN = "same", "other", "unknown"


@dataclass(frozen=True, slots=True)
class Alike:
    """An enquiry that may be the same thing. `whose` is same, other or unknown.

    `came_first` says that it came before the one it is compared with, so that this one ends.
    """

    reference: str
    description: str
    whose: str
    where: str
    received_at: datetime
    status: str
    status_words: str
    owner: str
    is_live: bool
    came_first: bool


def alike(viewer: Viewer, enquiry: Enquiry) -> tuple[Alike, ...]:
    """What may be the same as a live enquiry, the same person's first. One statement, or none; a
    second one where many are near of which hardly any came in time.

    Sensitive cases are found by those who may find them.
    """
    service = enquiry.service
    if service is None or not viewer.is_hub or enquiry.status not in LIVE:
        return ()
    if service.sensitive and not viewer.may(Permission.SEE_SENSITIVE):
        return ()
    has_point = enquiry.easting is not None and enquiry.northing is not None
    by = _By(bool(enquiry.uprn), bool(enquiry.postcode), has_point, bool(enquiry.person_id))
    if not any(by):
        return ()
    found: list[Enquiry] = []
    for most in (_READ_FIRST, _READ):
        rows = _rows(by, most).rows(
            **{name: getattr(enquiry, name) for name in _GIVEN},
            begins=enquiry.received_at - _LONGEST,
            ends=enquiry.received_at + _LONGEST,
            **_around(enquiry),
        )
        fits = (row for row in rows if _is_near(row, enquiry) and _in_time(row, enquiry, service))
        found = list(islice(fits, SHOWN))
        if len(found) == SHOWN or len(rows) < most:
            break
    return tuple(_alike(row, enquiry) for row in found)


class _By(NamedTuple):
    """What is known of an enquiry that others may be like."""

    uprn: bool
    postcode: bool
    point: bool
    person: bool


_GIVEN = ("pk", "service_id", "person_id", "uprn", "postcode")


def _around(enquiry: Enquiry) -> dict[str, int]:
    east, north = enquiry.easting, enquiry.northing
    if east is None or north is None:
        return {}
    return {
        "west": east - NEAR_METRES,
        "east": east + NEAR_METRES,
        "south": north - NEAR_METRES,
        "north": north + NEAR_METRES,
    }


def _whole(name: str) -> Given:
    return Given(name, BigIntegerField())


@cache
def _rows(by: _By, most: int) -> Objects[Enquiry]:
    """So many of them. What stands beside each is read of those alone that are left of all."""
    same = Q(person_id=_whole("person_id")) if by.person else Q(pk=None)
    spell = (Given("begins", DateTimeField()), Given("ends", DateTimeField()))
    first = Case(When(same, then=Value(0)), default=Value(1), output_field=IntegerField())
    order = ("whose", "-received_at", "-pk")
    near = (
        Enquiry.objects.filter(
            _place(by), service_id=_whole("service_id"), received_at__range=spell
        )
        .filter(status__in=[*(one.value for one in LIVE), Status.RESOLVED.value])
        .exclude(pk=_whole("pk"))
        .exclude(outcome=Outcome.DUPLICATE.value)
        .annotate(whose=first)
        .order_by(*order)[:most]
    )
    rows = Enquiry.objects.filter(pk__in=near.values("pk")).annotate(whose=first).order_by(*order)
    return objects(rows.select_related("owner", "first_contact").only(*_FIELDS), prepared=True)


def _place(by: _By) -> Q:
    """Where to look for others."""
    where = Q()
    if by.uprn:
        where |= Q(uprn=Given("uprn", CharField()))
    if by.postcode:
        where |= Q(postcode=Given("postcode", CharField()))
    if by.point:
        where |= Q(
            easting__range=(_whole("west"), _whole("east")),
            northing__range=(_whole("south"), _whole("north")),
        )
    # Two that both have no place agree in place (R16); of strangers that says nothing.
    return where or Q(person_id=_whole("person_id"), uprn="", postcode="", easting=None)


def _metres(one: Enquiry, other: Enquiry) -> float | None:
    if one.easting is None or one.northing is None:
        return None
    if other.easting is None or other.northing is None:
        return None
    return hypot(one.easting - other.easting, one.northing - other.northing)


def _is_near(one: Enquiry, other: Enquiry) -> bool:
    if one.uprn and other.uprn:
        return one.uprn == other.uprn
    metres = _metres(one, other)
    if metres is not None and metres <= NEAR_METRES:
        return True
    return one.postcode == other.postcode


def _in_time(one: Enquiry, other: Enquiry, service: Service) -> bool:
    """Whether the later of the two came inside the repeat window of the earlier, both of one
    service."""
    first, second = sorted((one, other), key=lambda row: (row.received_at, row.pk))
    contact = first.first_contact
    calendar = clocks.Calendar.from_json(first.owner.calendar) if first.owner else clocks.OFFICE
    window = clocks.window_end(
        service.resolution_class,
        contact.ended_at or contact.started_at,
        first.promised_on,
        calendar if calendar.hours else clocks.OFFICE,
    )
    return second.received_at <= window


def whose(one: Enquiry, other: Enquiry) -> str:
    """Whether two enquiries are one person's, as far as it is known."""
    if one.person_id is not None and other.person_id is not None:
        return SAME if one.person_id == other.person_id else OTHER
    hashes = {one.first_contact.address_hash, other.first_contact.address_hash}
    return SAME if len(hashes) == 1 and "" not in hashes else UNKNOWN


def _where(one: Enquiry, other: Enquiry) -> str:
    if one.uprn and one.uprn == other.uprn:
        return "The same address"
    metres = _metres(one, other)
    if one.postcode and one.postcode == other.postcode:
        return "The same postcode"
    return f"{round(metres)} metres away" if metres is not None else "No place was given"


def _alike(row: Enquiry, enquiry: Enquiry) -> Alike:
    return Alike(
        reference=row.reference,
        description=row.description[:140],
        whose=whose(row, enquiry),
        where=_where(row, enquiry),
        received_at=row.received_at,
        status=row.status,
        status_words=STAFF_WORDS[Status(row.status)],
        owner=row.owner.short_name if row.owner else "Hub",
        is_live=row.status in LIVE,
        came_first=(row.received_at, row.pk) < (enquiry.received_at, enquiry.pk),
    )
