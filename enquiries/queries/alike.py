"""Which other enquiries may be the same thing told twice: same service, same place, in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import hypot

from django.db.models import Case, IntegerField, Q, Value, When

from accounts.permissions import Permission, Viewer
from enquiries import clocks
from enquiries.lifecycle import LIVE, STAFF_WORDS, Outcome, Status
from enquiries.models import Enquiry

# R15: so near is one place, unless both have a number of their own.
NEAR_METRES = 50
# No window is longer (measures.md, resolution classes), and a first contact ends within days.
_LONGEST = timedelta(days=97)
_READ = 60
SHOWN = 3

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
    """What may be the same as a live enquiry, the same person's first. One statement, or none.

    Sensitive cases are found by those who may find them.
    """
    service = enquiry.service
    if service is None or not viewer.is_hub or enquiry.status not in LIVE:
        return ()
    if service.sensitive and not viewer.may(Permission.SEE_SENSITIVE):
        return ()
    place = _place(enquiry)
    if place is None:
        return ()
    spell = (enquiry.received_at - _LONGEST, enquiry.received_at + _LONGEST)
    same = Q(person_id=enquiry.person_id) if enquiry.person_id else Q(pk=None)
    rows = (
        Enquiry.objects.filter(place, service_id=service.pk, received_at__range=spell)
        .filter(status__in=[*(one.value for one in LIVE), Status.RESOLVED.value])
        .exclude(pk=enquiry.pk)
        .exclude(outcome=Outcome.DUPLICATE.value)
        .select_related("owner", "first_contact", "service")
        .annotate(
            whose=Case(When(same, then=Value(0)), default=Value(1), output_field=IntegerField())
        )
        .order_by("whose", "-received_at", "-pk")[:_READ]
    )
    found = [
        _alike(row, enquiry) for row in rows if _is_near(row, enquiry) and _in_time(row, enquiry)
    ]
    return tuple(found[:SHOWN])


def _place(enquiry: Enquiry) -> Q | None:
    """Where to look; None for an enquiry without a place by somebody unknown."""
    where = Q()
    if enquiry.uprn:
        where |= Q(uprn=enquiry.uprn)
    if enquiry.postcode:
        where |= Q(postcode=enquiry.postcode)
    if enquiry.easting is not None and enquiry.northing is not None:
        where |= Q(
            easting__range=(enquiry.easting - NEAR_METRES, enquiry.easting + NEAR_METRES),
            northing__range=(enquiry.northing - NEAR_METRES, enquiry.northing + NEAR_METRES),
        )
    if where:
        return where
    if enquiry.person_id is None:
        return None
    # Two that both have no place agree in place (R16); of strangers that says nothing.
    return Q(person_id=enquiry.person_id, uprn="", postcode="", easting=None)


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


def _in_time(one: Enquiry, other: Enquiry) -> bool:
    """Whether the later of the two came inside the repeat window of the earlier."""
    first, second = sorted((one, other), key=lambda row: (row.received_at, row.pk))
    contact = first.first_contact
    calendar = clocks.Calendar.from_json(first.owner.calendar) if first.owner else clocks.OFFICE
    window = clocks.window_end(
        first.service.resolution_class if first.service else "REQUEST",
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
