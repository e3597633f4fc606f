"""Where something is: what somebody said of the place, with its areas."""

from __future__ import annotations

import re
from dataclasses import replace

from accounts import areas, boundaries
from enquiries.inbound import Located, Place

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def located(place: Place | None) -> Located:
    """A place with its areas: those of the point where there is one, else those of the postcode.

    Raises what accounts.areas raises for a postcode and accounts.boundaries for a point.
    """
    if place is None:
        return Located()
    found = areas.lookup(place.postcode) if place.postcode.strip() else None
    where = Located(
        postcode=found.postcode if found else "",
        address=_CONTROL.sub("", place.address).strip()[:300],
        uprn=_CONTROL.sub("", place.uprn).strip()[:12],
        easting=found.easting if found else None,
        northing=found.northing if found else None,
        latitude=found.latitude if found else None,
        longitude=found.longitude if found else None,
        district_code=found.district_code if found else "",
        ward_code=found.ward_code if found else "",
    )
    if place.latitude is None and place.longitude is None:
        return where
    return _at_the_point(place, where, found)


def _at_the_point(place: Place, where: Located, postcode: areas.PostcodeFound | None) -> Located:
    """The point decides over the postcode; that they differ is said when it is by a district."""
    if place.latitude is None or place.longitude is None:
        raise boundaries.NotAPoint("Send the latitude and the longitude of the point, or neither")
    spot = boundaries.inside(place.latitude, place.longitude)
    easting, northing = boundaries.to_grid(place.latitude, place.longitude)
    doubts = [spot.words] if spot.is_doubtful else []
    if postcode and spot.district_code not in ("", postcode.district_code):
        theirs = postcode.district_name or postcode.district_code
        doubts.append(
            f"The point is in {spot.district_name}, the postcode {postcode.postcode} in {theirs}"
        )
    return replace(
        where,
        easting=easting,
        northing=northing,
        latitude=place.latitude,
        longitude=place.longitude,
        district_code=spot.district_code or where.district_code,
        ward_code=spot.ward_code if spot.district_code else where.ward_code,
        beside_code=spot.beside_code,
        place_doubt=". ".join(doubts)[:200],
    )
