"""What others told us lately about the same kind of thing near a place, as anybody may read it.

Nobody reads another citizen's words, name, address or reference here (ADR 18): an answer chosen
from a list, a day, a distance, how it stands; words and a picture only where staff approved them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import hypot
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

import kb.queries_notices
import kb.questions
from enquiries import clocks
from enquiries.lifecycle import ENDED, LIVE, PUBLIC_WORDS, Outcome, Status
from enquiries.models import Attachment, Enquiry, PublicNote

if TYPE_CHECKING:
    from enquiries.inbound import Located
    from kb.models import Service

# So long ago is still the same thing (issue C); and as many as a person reads on one page.
LATELY = timedelta(days=14)
SHOWN = 5
# A postcode stands for a street or two: its middle may be this far from what is meant.
POSTCODE_METRES = 200
_READ = 100
# In somebody's hands: what is new is being routed, or held because it looks like spam.
_IN_HAND = sorted(LIVE - {Status.NEW})
# Ended because somebody looked at it: news for a neighbour.
_NEWS = (Outcome.COMPLETED.value, Outcome.FULFILLED.value, Outcome.DECIDED_NO.value)
PICTURES = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Nearby:
    """One report of somebody else. `enquiry_id` is for us alone: it is sealed before it leaves.

    `words` and `picture` are there when staff approved them. A report that has ended is shown, and
    is not joined.
    """

    enquiry_id: int
    said: tuple[str, ...]
    words: str
    picture: uuid.UUID | None
    picture_words: str
    status: str
    status_words: str
    is_live: bool
    reported_on: date
    ended_on: date | None
    metres: int
    where: str
    latitude: float
    longitude: float


def metres_for(service: Service | None, *, by_point: bool) -> int:
    """How far round a place reports of a service are shown; 0 where none ever is."""
    reach = kb.queries_notices.nearby_metres(service)
    return reach + (0 if by_point else POSTCODE_METRES) if reach else 0


def nearby(
    service: Service | None, place: Located, *, now: datetime, by_point: bool
) -> tuple[Nearby, ...]:
    """Reports of a service near a place in the last 14 days, the nearest first. One statement."""
    reach = metres_for(service, by_point=by_point)
    if service is None or not reach or place.easting is None or place.northing is None:
        return ()
    rows = (
        Enquiry.objects.filter(
            service_id=service.pk,
            received_at__range=(now - LATELY, now),
            easting__range=(place.easting - reach, place.easting + reach),
            northing__range=(place.northing - reach, place.northing + reach),
        )
        .filter(_worth_showing(now))
        .select_related("public_note__picture")
        .defer("description")
        .order_by("-received_at", "-pk")[:_READ]
    )
    found = [
        (away, row)
        for row in rows
        if (away := _away(row, place)) <= reach and row.latitude is not None
    ]
    found.sort(key=lambda one: (one[1].status in ENDED, one[0], -one[1].pk))
    return tuple(_shown(row, round(away), place, service) for away, row in found[:SHOWN])


def _worth_showing(now: datetime) -> Q:
    return Q(status__in=_IN_HAND) | Q(outcome__in=_NEWS, resolved_at__gte=now - LATELY)


def _away(row: Enquiry, place: Located) -> float:
    return hypot(
        (row.easting or 0) - (place.easting or 0), (row.northing or 0) - (place.northing or 0)
    )


def _shown(row: Enquiry, away: int, place: Located, service: Service) -> Nearby:
    note = approved(row)
    status = Status(row.status)
    if status is Status.WAITING:
        status = Status.IN_PROGRESS  # it is not the reader who is waited for
    picture = note.picture if note and note.picture and may_show(note.picture) else None
    return Nearby(
        enquiry_id=row.pk,
        said=_chosen(service, row.answers),
        words=note.words if note else "",
        picture=picture.public_id if picture else None,
        picture_words=note.picture_words if note and picture else "",
        status=status.value,
        status_words=_(PUBLIC_WORDS[status]),
        is_live=row.status in LIVE,
        reported_on=clocks.london_date(row.received_at),
        ended_on=clocks.london_date(row.resolved_at) if row.resolved_at else None,
        metres=away,
        where=_where(row, away, place),
        # About ten metres: enough to stand before it, too little to name a door.
        latitude=round(row.latitude or 0.0, 4),
        longitude=round(row.longitude or 0.0, 4),
    )


def _where(row: Enquiry, away: int, place: Located) -> str:
    if place.postcode and row.postcode == place.postcode and not away:
        return _("At the same postcode")
    if away < 20:
        return _("Less than 20 m away")
    step = 10 if away < 100 else 50
    return _("About %(metres)s m away") % {"metres": round(away / step) * step}


def _chosen(service: Service, answers: dict[str, object]) -> tuple[str, ...]:
    """Answers that were chosen from a list, in its words. What somebody typed is not among them."""
    said = []
    for question in kb.questions.of(service):
        given = answers.get(question.key)
        words = dict(kb.questions.choices(question))
        said += [words[one] for one in _several(given) if one in words]
    return tuple(said)


def _several(given: object) -> list[str]:
    values = given if isinstance(given, list) else [given]
    return [one for one in values if isinstance(one, str)]


def approved(row: Enquiry) -> PublicNote | None:
    """What staff wrote of an enquiry for its neighbours, unless they took it back."""
    note: PublicNote | None = getattr(row, "public_note", None)
    return note if note is not None and note.hidden_at is None else None


def note_of(enquiry: Enquiry) -> PublicNote | None:
    """The same, read anew."""
    return (
        PublicNote.objects.filter(enquiry=enquiry, hidden_at=None).select_related("picture").first()
    )


def is_shown(enquiry: Enquiry) -> bool:
    """Whether reports of its service are shown to neighbours at all."""
    return kb.queries_notices.nearby_metres(enquiry.service) > 0


def pictures(enquiry: Enquiry) -> list[Attachment]:
    """The pictures of an enquiry that staff may show: those that the hub sees, checked."""
    rows = Attachment.objects.filter(enquiry=enquiry, content_type__in=PICTURES)
    return [one for one in rows.exclude(seen_by="us") if may_show(one)]


def may_show(attachment: Attachment) -> bool:
    """Whether a file is a picture that browsers show, redrawn by us and checked."""
    return attachment.content_type in PICTURES and not attachment.is_waiting


def picture(public_id: uuid.UUID, *, now: datetime) -> Attachment | None:
    """The picture that staff approved for neighbours, while its report is shown to them."""
    note = (
        PublicNote.objects.filter(
            Q(enquiry__status__in=_IN_HAND) | Q(enquiry__outcome__in=_NEWS),
            picture__public_id=public_id,
            hidden_at=None,
            enquiry__received_at__gte=now - LATELY,
            enquiry__service__sensitive=False,
        )
        .select_related("picture")
        .first()
    )
    if note is None or note.picture is None or not may_show(note.picture):
        return None
    return note.picture
