"""Notices in force: outages and planned works, for whoever asks about a service at a place."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import accounts.queries
from accounts import boundaries, gazetteer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from kb.models import Notice, NoticeKind

if TYPE_CHECKING:
    from kb.models import Service

# How near another report is shown where a service says nothing else: a public place, a short walk.
NEARBY_METRES = 300
# A postcode's middle may be this far from the door that is meant.
_POSTCODE_METRES = 150
_EARTH_METRES = 6_371_000
# Kinds of organisations that answer for a part of the county.
_LOCAL = frozenset({"district", "town"})


class NoSuchNotice(DomainError):
    """There is none, or it is another organisation's."""

    code = "no_such_notice"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody asks about: the codes of its areas and its degrees, as far as known."""

    codes: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    by_point: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice as people read it. `is_late` says that its expected end has passed."""

    public_id: uuid.UUID
    kind: str
    kind_words: str
    title: str
    words: str
    advice: str
    organisation: str
    where: str
    expected_end_at: datetime | None
    is_late: bool


def nearby_metres(service: Service | None) -> int:
    """How near other reports of a service are shown to who reports the same; 0 is never.

    A sensitive service never; one about somebody's home only where its `nearby_m` says so.
    """
    if service is None or service.sensitive:
        return 0
    if service.nearby_m is not None:
        return service.nearby_m
    is_public = service.subject == "place" and service.location == "map"
    return NEARBY_METRES if is_public else 0


def in_force(now: datetime) -> QuerySet[Notice]:
    """Notices that hold now."""
    over = Q(ends_itself=True, expected_end_at__lte=now)
    rows = Notice.objects.filter(published_at__lte=now, ended_at=None, starts_at__lte=now)
    return rows.exclude(over).select_related("organisation")


def is_over(notice: Notice, now: datetime) -> bool:
    """Whether a notice has ended, by hand or by itself."""
    by_itself = notice.ends_itself and notice.expected_end_at is not None
    return notice.ended_at is not None or (
        by_itself and notice.expected_end_at is not None and notice.expected_end_at <= now
    )


def current(service: str, place: Spot | None, *, now: datetime) -> tuple[Shown, ...]:
    """What is known about a service where somebody asks; without a place, wherever it holds."""
    if not service or "\x00" in service:
        return ()
    rows = in_force(now).filter(services__slug=service).order_by("-starts_at", "-pk")
    return tuple(shown(row, now) for row in rows if place is None or covers(row, place))


def keys(public_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The keys of notices, for who counts what hangs on them."""
    rows = Notice.objects.filter(public_id__in=list(public_ids))
    return dict(rows.values_list("public_id", "pk")) if public_ids else {}


def one_current(
    public_id: uuid.UUID, *, service: str, place: Spot | None, now: datetime
) -> Notice | None:
    """One notice, if it holds for this service and place now."""
    row = in_force(now).filter(public_id=public_id, services__slug=service).first()
    return row if row is not None and (place is None or covers(row, place)) else None


def covers(notice: Notice, place: Spot) -> bool:
    """Whether a notice holds at a place."""
    if notice.everywhere or not set(notice.area_codes).isdisjoint(place.codes):
        return True
    if notice.latitude is None or notice.longitude is None or notice.radius_m is None:
        return False
    if place.latitude is None or place.longitude is None or _is_others(notice, place):
        return False
    slack = 0 if place.by_point else _POSTCODE_METRES
    away = metres(notice.latitude, notice.longitude, place.latitude, place.longitude)
    return away <= notice.radius_m + slack


def reached(notice: Notice) -> list[str]:
    """The areas where a notice holds; of a circle the wards that it reaches into."""
    codes = set(notice.area_codes)
    if notice.latitude is not None and notice.longitude is not None and notice.radius_m is not None:
        around = notice.radius_m + _POSTCODE_METRES
        for one in gazetteer.postcodes_near(notice.latitude, notice.longitude, around):
            ward = one.ward_code or one.district_code
            if covers(notice, Spot((ward, one.district_code), one.latitude, one.longitude)):
                codes.add(ward)
    return sorted(codes)


def _is_others(notice: Notice, place: Spot) -> bool:
    """Whether a circle of a district or a town reaches over its border there."""
    whose = notice.organisation
    return whose.kind in _LOCAL and bool(place.codes) and whose.area_code not in place.codes


def metres(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """How far two points are from each other over ground."""
    one, other = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((other - one) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(math.sqrt(half))


def shown(notice: Notice, now: datetime) -> Shown:
    """A notice as people read it."""
    end = notice.expected_end_at
    return Shown(
        public_id=notice.public_id,
        kind=notice.kind,
        kind_words=kind_words(notice),
        title=notice.title,
        words=notice.words,
        advice=notice.advice,
        organisation=notice.organisation.name,
        where=where_words(notice),
        expected_end_at=end,
        is_late=end is not None and end <= now,
    )


def kind_words(notice: Notice) -> str:
    """What kind of notice it is, in words."""
    if notice.kind == NoticeKind.WORKS.value:
        return _("Planned works")
    return _("We know about this")


def where_words(notice: Notice) -> str:
    """Where a notice holds, in words."""
    if notice.everywhere:
        return _("Everywhere in the county")
    if notice.area_codes:
        names = gazetteer.gazetteer().names
        return ", ".join(sorted(names.get(code, code) for code in notice.area_codes))
    return _("Within %(metres)s m of %(spot)s") % {
        "metres": f"{notice.radius_m:,}",
        "spot": notice.spot,
    }


def middle(notice: Notice) -> str:
    """The postcode that stands in the middle of a notice's circle; nothing where it has none."""
    if notice.latitude is None or notice.longitude is None:
        return ""
    found = boundaries.near(notice.latitude, notice.longitude)
    return found[0].name if found else ""


def for_viewer(viewer: Viewer) -> QuerySet[Notice]:
    """The notices that somebody may write: all for the hub, else those of their organisation."""
    rows = Notice.objects.select_related("organisation")
    if not viewer.may(Permission.WRITE_NOTICES):
        return rows.none()
    return rows if viewer.is_hub else rows.filter(organisation_id=viewer.organisation_id or 0)


def readable(now: datetime) -> list[tuple[Shown, bool]]:
    """What everybody may read now, and what they will: each with whether it holds already."""
    rows = Notice.objects.filter(published_at__lte=now, ended_at=None)
    rows = rows.exclude(ends_itself=True, expected_end_at__lte=now).select_related("organisation")
    return [(shown(row, now), row.starts_at <= now) for row in rows.order_by("starts_at", "pk")]


def every(viewer: Viewer) -> Sequence[Notice]:
    """Those, the last changed first."""
    return list(for_viewer(viewer).order_by("-changed_at", "-pk")[:200])


def one(viewer: Viewer, public_id: uuid.UUID) -> Notice:
    """One of those. Raises NoSuchNotice."""
    found = for_viewer(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchNotice("There is no such notice")
    return found


def writers(viewer: Viewer) -> list[tuple[str, str]]:
    """The organisations in whose name somebody may write, by slug."""
    bodies = accounts.queries.organisations()
    return [
        (body.slug, body.name)
        for body in bodies
        if viewer.is_hub or body.pk == viewer.organisation_id
    ]
