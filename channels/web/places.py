"""What a map on a page asks: a point in words, a postcode, what is around, the districts' edges."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

import accounts.queries
from accounts import areas, boundaries
from channels.asking import places
from core.errors import DomainError
from enquiries.queries import nearby

_AROUND = 40
_SQUARE = re.compile(r"^([0-9]{1,2})-([0-9]{1,6})-([0-9]{1,6})$")
# The same for everybody, and changed by an operator once a year.
_KEPT = "public, max-age=3600"


@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """A point in words, with its nearest postcode; whom to ask for one outside the county."""
    found = _point(request)
    if isinstance(found, HttpResponse):
        return found
    told = places.told(*found)
    return _answer({"words": told.words, "postcode": told.postcode, "outside": told.is_outside})


@require_safe
def postcode(request: HttpRequest) -> HttpResponse:
    """Where a postcode is."""
    try:
        found = areas.lookup(request.GET.get("q", "")[:30])
    except DomainError as error:
        return _refusal(error.message)
    where = {"postcode": found.postcode, "lat": found.latitude, "lon": found.longitude}
    return _answer({**where, "words": f"{found.postcode}, {found.district_name}"})


@require_safe
def around(request: HttpRequest) -> HttpResponse:
    """Known points near a point: what a map without pictures is read by."""
    found = _point(request)
    if isinstance(found, HttpResponse):
        return found
    rows = [
        {"name": one.name, "lat": round(one.latitude, 5), "lon": round(one.longitude, 5)}
        for one in boundaries.near(*found, most=_AROUND)
    ]
    return _answer({"points": rows})


@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """The edges of the districts, good enough to be drawn, and the centres that people know."""
    shapes = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for _code, name, geometry in boundaries.outlines()
    ]
    names = [
        {"name": name, "lat": round(north, 4), "lon": round(east, 4)}
        for name, north, east in boundaries.middles()
    ]
    centres = [
        {"name": site.name, "lat": site.latitude, "lon": site.longitude}
        for site in accounts.queries.sites()
        if site.latitude is not None and site.longitude is not None
    ]
    body: dict[str, Any] = {"districts": {"type": "FeatureCollection", "features": shapes}}
    wards = [
        {"name": name, "lat": round(north, 4), "lon": round(east, 4)}
        for name, north, east in boundaries.wards()
    ]
    body |= {"names": names, "wards": wards, "centres": centres}
    return JsonResponse(body, headers={"Cache-Control": _KEPT})


@require_safe
@gzip_page
def dots(request: HttpRequest) -> HttpResponse:
    """The postcodes in a square of the map: by turns how far right, how far down, and how many.

    No more than `accounts.dots` lets through, the same for everybody, and nobody's.
    """
    square = _SQUARE.match(request.GET.get("square", ""))
    found = boundaries.dots(*map(int, square.groups())) if square else None
    if found is None:
        return _refusal(_("Name a square of the map: its zoom, column and row, like 12-2025-1356"))
    body = {"dots": [number for spot in found for number in spot]}
    return JsonResponse(body, headers={"Cache-Control": _KEPT})


@require_safe
def picture(request: HttpRequest, public_id: uuid.UUID) -> FileResponse:
    """A picture that staff approved for neighbours, while they may see its report."""
    found = nearby.picture(public_id, now=timezone.now())
    if found is None:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        content_type=found.content_type,
        headers={
            "Cache-Control": "private, max-age=300",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _point(request: HttpRequest) -> tuple[float, float] | HttpResponse:
    try:
        found = places.point(request.GET.get("lat", "")[:40], request.GET.get("lon", "")[:40])
        if found is None:
            return _refusal(_("Send the latitude and the longitude of the point"))
        boundaries.locate(*found)
    except DomainError as error:
        return _refusal(error.message)
    return found


def _answer(body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def _refusal(words: str) -> JsonResponse:
    return JsonResponse({"words": words}, status=400, headers={"Cache-Control": "no-store"})
