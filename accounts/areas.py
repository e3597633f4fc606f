"""Postcode → district and ward. Never by sector: that is wrong for one postcode in fifteen."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import Area, Organisation, OrganisationKind, Postcode
from core.errors import DomainError

COUNTY_NAME: Final = "Worcestershire"
# The shape of a full United Kingdom postcode, spaces removed (BS 7666 form).
SHAPE = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][ABD-HJLNP-UW-Z]{2}$")
IN_TEXT = re.compile(
    r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s{0,2}([0-9][ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE
)
# Postcode areas that reach into Worcestershire; anything else is certainly elsewhere.
NEARBY_AREAS = ("WR", "B", "DY", "GL", "WV", "CV", "HR", "SY")


class NotAPostcode(DomainError):
    code = "postcode_not_valid"


class UnknownPostcode(DomainError):
    code = "postcode_unknown"


class OutsideCounty(DomainError):
    code = "postcode_outside"


@dataclass(frozen=True, slots=True)
class PostcodeFound:
    """A place in the county. Eastings and northings in metres, degrees in WGS84."""

    postcode: str
    district_code: str
    district_name: str
    ward_code: str
    ward_name: str
    latitude: float
    longitude: float
    easting: int
    northing: int


@dataclass(frozen=True, slots=True)
class Named:
    """A district or a ward."""

    code: str
    name: str
    kind: str
    parent_code: str


_KEPT_SECONDS: Final = 300
_named: tuple[float, dict[str, Named]] | None = None


def named() -> dict[str, Named]:
    """Districts and wards by their codes, in the order of their names; each process reads them
    once in five minutes, for they change with the reference data alone."""
    global _named  # noqa: PLW0603  # one for the process
    now = time.monotonic()
    if _named is None or now - _named[0] >= _KEPT_SECONDS:
        rows = Area.objects.filter(kind__in=["district", "ward"])
        found = [Named(*row) for row in rows.values_list("code", "name", "kind", "parent_code")]
        _named = now, {one.code: one for one in found}
    return _named[1]


def forget() -> None:
    """Reads them anew at the next page."""
    global _named  # noqa: PLW0603  # one for the process
    _named = None


def compact(text: str) -> str:
    """Upper case, no spaces or stops: the form in which postcodes are stored."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def spaced(postcode: str) -> str:
    """The form in which postcodes are shown, "WR1 1AA"."""
    return f"{postcode[:-3]} {postcode[-3:]}"


def find_in(text: str) -> str | None:
    """The first thing in a text that looks like a full postcode, stored form."""
    found = IN_TEXT.search(text)
    return (found.group(1) + found.group(2)).upper() if found else None


def lookup(text: str) -> PostcodeFound:
    """Where a postcode is. Raises with words for the person who typed it.

    NotAPostcode: not shaped like one. OutsideCounty: another part of the country.
    UnknownPostcode: could be ours, but is not in the reference data.
    """
    postcode = compact(text)
    if not SHAPE.match(postcode):
        raise NotAPostcode(_("Enter a full postcode, like WR1 3EZ"))
    named = Area.objects.order_by().values("name")
    row = (
        Postcode.objects.filter(pk=postcode)
        .annotate(
            district_name=Subquery(named.filter(code=OuterRef("district_code"))),
            ward_name=Subquery(named.filter(code=OuterRef("ward_code"))),
        )
        .first()
    )
    if row is None:
        area = re.match(r"[A-Z]+", postcode)
        if area is None or area.group() not in NEARBY_AREAS:
            raise OutsideCounty(
                _(
                    "%(postcode)s is outside %(county)s. Check the postcode, or ask the council "
                    "for that area. If you are not sure, %(ask)s"
                )
                % {"postcode": spaced(postcode), "county": COUNTY_NAME, "ask": whom_to_ask()}
            )
        raise UnknownPostcode(
            _(
                "We do not know %(postcode)s in %(county)s. Check it, use a postcode nearby, "
                "or %(ask)s"
            )
            % {"postcode": spaced(postcode), "county": COUNTY_NAME, "ask": whom_to_ask()}
        )
    return PostcodeFound(
        postcode=spaced(row.postcode),
        district_code=row.district_code,
        district_name=row.district_name or "",
        ward_code=row.ward_code,
        ward_name=row.ward_name or "",
        latitude=row.latitude,
        longitude=row.longitude,
        easting=row.easting,
        northing=row.northing,
    )


def whom_to_ask() -> str:
    """Who helps when a place cannot be told: "ring Worcestershire Hub on 01632 960000"."""
    hub = Organisation.objects.filter(kind=OrganisationKind.HUB).values_list("name", "phone")
    for name, phone in hub[:1]:
        if phone:
            return _("ring %(name)s on %(phone)s") % {"name": name, "phone": phone}
        return _("ask %(name)s") % {"name": name}
    return _("ask your council")


@dataclass(frozen=True, slots=True)
class Around:
    """What a place lies in: the codes of its areas, smallest first, and its district's name."""

    codes: tuple[str, ...] = ()
    district_name: str = ""


# UNION, not UNION ALL: areas that lie in each other by mistake end the walk.
_UPWARDS = """
WITH RECURSIVE up AS (
    SELECT code, name, parent_code FROM accounts_area WHERE code IN (%s, %s)
    UNION
    SELECT area.code, area.name, area.parent_code
    FROM accounts_area AS area JOIN up ON area.code = up.parent_code)
SELECT code, name, parent_code FROM up"""


def containing(*, district_code: str, ward_code: str) -> Around:
    """Every area a place lies in: ward, town, district, county. One statement, a few rows."""
    if not district_code:
        return Around()
    with connection.cursor() as cursor:
        cursor.execute(_UPWARDS, [district_code, ward_code])
        found = {code: (name, parent) for code, name, parent in cursor.fetchall()}
    codes = []
    code = ward_code or district_code
    while code and code not in codes:
        codes.append(code)
        _name, code = found.get(code, ("", ""))
    if district_code not in codes:
        codes.append(district_code)
    name, _parent = found.get(district_code, ("", ""))
    return Around(tuple(codes), name)
