"""The one place that a text by itself names, or what to ask because it names none that we know."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import areas
from channels.sms.parsing import Reading
from core.errors import DomainError
from enquiries.inbound import Place


@dataclass(frozen=True, slots=True)
class Where:
    """The place that a text names, the districts of all that it may mean, or what to ask."""

    place: Place | None = None
    district_codes: frozenset[str] = frozenset()
    hint: str = ""


def read(reading: Reading) -> Where:
    """The one place that a text names. Two districts in doubt, or none that we know: ask."""
    found, trouble = [], ""
    for postcode in reading.postcodes:
        try:
            found.append(areas.lookup(postcode))
        except DomainError as error:
            trouble = trouble or f"{error}."
    districts = frozenset(place.district_code for place in found)
    if len(districts) > 1:
        named = _(" and ").join(
            _("%(postcode)s in %(district)s")
            % {"postcode": one.postcode, "district": one.district_name}
            for one in found[:3]
        )
        hint = _("You named %(places)s: text us which one it is, or %(whom)s.") % {
            "places": named,
            "whom": areas.whom_to_ask(),
        }
        return Where(district_codes=districts, hint=hint)
    if found:
        return Where(Place(postcode=found[0].postcode), districts)
    return Where(hint=trouble)
