"""What is broken and known already, for an agent with somebody on the line: how many told us, and
by when it is due. Nothing here is anybody's: no words, no name, no address of who told us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

import kb.queries_notices
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from enquiries import clocks
from enquiries.inbound import Place
from enquiries.lifecycle import LIVE, LinkKind, Status
from enquiries.models import Enquiry, EnquiryLink, NoticeFollow
from enquiries.queries import following, links, nearby, notice_spots
from enquiries.queries.locating import located
from kb.queries_notices import Shown

if TYPE_CHECKING:
    from kb.models import Service

# Everybody whose report ended in one of these, and whoever told us first. One person who told us
# twice is one; somebody without a name is one each time.
_PEOPLE = """
WITH RECURSIVE told(root, id, depth) AS (
    SELECT id, id, 0 FROM enquiries_enquiry WHERE id = ANY(%s)
    UNION ALL
    SELECT told.root, link.enquiry_id, told.depth + 1
    FROM enquiries_enquirylink link JOIN told ON link.target_id = told.id
    WHERE link.undone_at IS NULL AND link.kind = ANY(%s) AND told.depth < 50
)
SELECT told.root, count(DISTINCT coalesce('p' || row.person_id, 'e' || row.id))
FROM told JOIN enquiries_enquiry row ON row.id = told.id
GROUP BY told.root
"""


@dataclass(frozen=True, slots=True)
class Report:
    """A thing that somebody told us of and that is in hand: `people` told us, `due` is when it is
    promised. `said` was chosen from lists, `words` were written for neighbours by staff."""

    reference: str
    people: int
    due: date | None
    is_late: bool
    status_words: str
    where: str
    said: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that holds, and how many wait to hear of its end. `fits` says that it holds where
    they ask; else nobody has said yet where that is."""

    shown: Shown
    people: int
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Joined:
    """What was ended in this contact by something known, and can be taken back: while the other
    report is open, or the notice holds."""

    reference: str
    is_notice: bool
    words: str


def _sees(viewer: Viewer) -> bool:
    return viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)


def people(enquiry_ids: Sequence[int]) -> dict[int, int]:
    """How many people told us of each of these, one statement for all."""
    if not enquiry_ids:
        return {}
    with connection.cursor() as sql:
        sql.execute(_PEOPLE, [list(enquiry_ids), list(links.ENDING)])
        return dict(sql.fetchall())


def reports(
    viewer: Viewer,
    service: Service | None,
    place: Place,
    *,
    apart_from: int | None,
    now: datetime,
) -> tuple[Report, ...]:
    """What others told us of near a place and is in hand, the nearest first. `apart_from` is the
    person who asks: their own reports are no news to them. Nothing where the place is none yet."""
    if not _sees(viewer) or not place.postcode.strip():
        return ()
    try:
        where = located(place)
    except DomainError:
        return ()
    found = {
        one.enquiry_id: one
        for one in nearby.nearby(service, where, now=now, by_point=place.latitude is not None)
        if one.is_live
    }
    rows = Enquiry.objects.filter(pk__in=list(found))
    if apart_from is not None:
        rows = rows.exclude(person_id=apart_from)
    by_id = {row.pk: row for row in rows.defer("description")}
    told = people(list(by_id))
    today = clocks.london_date(now)
    return tuple(
        _report(by_id[pk], one, told.get(pk, 1), today) for pk, one in found.items() if pk in by_id
    )


def _report(row: Enquiry, one: nearby.Nearby, told: int, today: date) -> Report:
    due = row.expected_on or row.promised_on
    return Report(
        reference=row.reference,
        people=told,
        due=due,
        is_late=due is not None and due < today,
        status_words=one.status_words,
        where=one.where,
        said=one.said,
        words=one.words,
    )


def of_case(viewer: Viewer, reference: str, *, now: datetime) -> Report | None:
    """One case as such a report; None for one that others cannot follow: it has ended, is shown to
    nobody, or stands for nothing by itself."""
    rows = Enquiry.objects.select_related("service", "public_note")
    row = rows.filter(reference=reference, status__in=sorted(LIVE)).first()
    if row is None or not _sees(viewer) or not nearby.is_shown(row):
        return None
    note = nearby.approved(row)
    due, today = row.expected_on or row.promised_on, clocks.london_date(now)
    return Report(
        reference=row.reference,
        people=people([row.pk]).get(row.pk, 1),
        due=due,
        is_late=due is not None and due < today,
        status_words="",
        where="",
        said=(),
        words=note.words if note else "",
    )


def target(reference: str) -> Enquiry:
    """The enquiry that a caller's report is to end in, for code that has settled that it may."""
    return Enquiry.objects.select_related("service").get(reference=reference)


def notices(service: Service | None, place: Place, *, now: datetime) -> tuple[Notice, ...]:
    """What is known of a service where somebody asks, with how many wait to hear of the end; what
    fits comes first."""
    if service is None:
        return ()
    where = spot(place)
    shown = kb.queries_notices.current(service.slug, where, now=now)
    fits = {one.public_id for one in shown}
    if where is None and shown:
        sure = kb.queries_notices.current(service.slug, kb.queries_notices.Spot(), now=now)
        fits = {one.public_id for one in sure}
    keys = kb.queries_notices.keys([one.public_id for one in shown])
    waiting = following.counts(list(keys.values()))
    found = [
        Notice(one, waiting.get(keys.get(one.public_id, 0), 0), one.public_id in fits)
        for one in shown
    ]
    return tuple(sorted(found, key=lambda one: not one.fits))


def spot(place: Place) -> kb.queries_notices.Spot | None:
    """A place as notices read it; None while what was typed is none yet."""
    try:
        return notice_spots.of(place) if place.postcode.strip() else None
    except DomainError:
        return None


def joined(enquiry_ids: Sequence[int]) -> tuple[Joined, ...]:
    """Of these enquiries of a contact, those that ended in something known that goes on."""
    rows = EnquiryLink.objects.filter(
        enquiry_id__in=list(enquiry_ids),
        kind=LinkKind.DUPLICATE.value,
        undone_at=None,
        target__status__in=sorted(LIVE),
    ).select_related("enquiry", "target")
    found = [Joined(one.enquiry.reference, False, one.target.reference) for one in rows]
    follows = NoticeFollow.objects.filter(
        enquiry_id__in=list(enquiry_ids), done_at=None, enquiry__status=Status.RESOLVED.value
    )
    found += [
        Joined(one.enquiry.reference, True, one.notice.title)
        for one in follows.select_related("enquiry", "notice")
    ]
    return tuple(found)
