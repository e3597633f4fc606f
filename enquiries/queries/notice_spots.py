"""A place as notices read it."""

from __future__ import annotations

from accounts import areas
from enquiries.inbound import Located, Place
from enquiries.queries.locating import located
from kb.queries_notices import Spot


def of(place: Place) -> Spot | None:
    """The areas and the degrees of a place. Raises what locating.located raises."""
    return spot(located(place), by_point=place.latitude is not None)


def spot(place: Located, *, by_point: bool) -> Spot | None:
    """The same of a place that was read; None where nobody said where, so that none is left out."""
    if not place.district_code:
        return None
    around = areas.containing(district_code=place.district_code, ward_code=place.ward_code).codes
    beside = (place.beside_code,) if place.beside_code else ()
    return Spot((*around, *beside), place.latitude, place.longitude, by_point=by_point)
