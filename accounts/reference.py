"""Reads organisations, teams, sites, areas and postcodes from tables, checking every row."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from accounts.hours import Hours, read_hours
from accounts.offers import OFFERS
from accounts.outside import HAND_OFF, OutsideRow
from accounts.outside import KINDS as OUTSIDE_KINDS
from core.sheets import Check, Row, read

KINDS = ("hub", "county", "district", "police", "health", "town")
AREA_KINDS = ("county", "district", "ward", "town")
SITE_KINDS = ("service_centre", "centre", "contact_centre", "kiosk")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_POSTCODE = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$")


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A public body, or the hub."""

    slug: str
    name: str
    short_name: str
    kind: str
    area_code: str
    phone: str
    email: str
    calendar: Hours


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team of an organisation, by the organisation's slug."""

    organisation: str
    slug: str
    name: str
    email: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address; degrees in WGS84 where the table has them."""

    uprn: str
    postcode: str
    text: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A place where contacts are taken."""

    organisation: str
    slug: str
    name: str
    kind: str
    address: str
    postcode: str
    opening: Hours
    phone: str
    offers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area and what it lies in."""

    code: str
    name: str
    kind: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A postcode without its space, its areas and its position."""

    postcode: str
    district_code: str
    ward_code: str
    easting: int
    northing: int
    latitude: float
    longitude: float


def _hours(row: Row, column: str) -> Hours:
    text = row.text(column)
    try:
        return read_hours(text)
    except ValueError as error:
        row.wrong(column, str(error), "Write them as mon-fri 09:00-17:00; sat 09:00-13:00")
        return {}


def _email(row: Row, column: str) -> str:
    value = row.text(column, limit=254, required=False)
    if value and not _EMAIL.match(value):
        row.wrong(column, f'"{value}" is no e-mail address', "Write it as team@council.example")
    return value


def _postcode(row: Row, column: str, *, required: bool) -> str:
    value = re.sub(r"\s", "", row.text(column, required=required)).upper()
    if value and not _POSTCODE.match(value):
        row.wrong(column, f'"{value}" is no postcode', "Write it as WR1 1AA")
    return value


def organisations(path: Path, check: Check, areas: Collection[str]) -> list[OrganisationRow]:
    """The bodies of a table. Exactly one of them must be the hub."""
    found = []
    columns = ("slug", "name", "short_name", "kind", "area_code", "phone", "email", "hours")
    for row in read(path, columns, check):
        check.once(row, "slug")
        found.append(
            OrganisationRow(
                slug=row.slug("slug"),
                name=row.text("name", limit=120),
                short_name=row.text("short_name", limit=60),
                kind=row.one_of("kind", KINDS, "kind of organisation"),
                area_code=row.one_of("area_code", areas, "area", required=False),
                phone=row.text("phone", limit=32, required=False),
                email=_email(row, "email"),
                calendar=_hours(row, "hours"),
            )
        )
        if found[-1].kind == "hub":
            check.once(row, "kind")
    return found


def teams(path: Path, check: Check, organisations: Collection[str]) -> list[TeamRow]:
    """The teams of a table. Every organisation in it must have one default team."""
    found: list[TeamRow] = []
    rows: dict[str, Row] = {}
    for row in read(path, ("organisation", "slug", "name", "email", "is_default"), check):
        check.once(row, "organisation", "slug")
        found.append(
            TeamRow(
                organisation=row.one_of("organisation", organisations, "organisation"),
                slug=row.slug("slug"),
                name=row.text("name", limit=120),
                email=_email(row, "email"),
                is_default=row.flag("is_default"),
            )
        )
        rows.setdefault(found[-1].organisation, row)
    for slug, first in rows.items():
        defaults = sum(team.is_default for team in found if team.organisation == slug)
        if slug and defaults != 1:
            first.wrong(
                "is_default", f"{slug} has {defaults} default teams", "Mark exactly one with yes"
            )
    return found


def sites(path: Path, check: Check, organisations: Collection[str]) -> list[SiteRow]:
    """The sites of a table."""
    found = []
    columns = ("organisation", "slug", "name", "kind", "address", "postcode", "hours", "phone")
    for row in read(path, columns, check):
        check.once(row, "slug")
        found.append(
            SiteRow(
                organisation=row.one_of("organisation", organisations, "organisation"),
                slug=row.slug("slug"),
                name=row.text("name", limit=120),
                kind=row.one_of("kind", SITE_KINDS, "kind of site"),
                address=row.text("address", limit=200, required=False),
                postcode=_postcode(row, "postcode", required=False),
                opening=_hours(row, "hours"),
                phone=row.text("phone", limit=32, required=False),
                offers=row.some_of("offers", OFFERS, "offer"),
            )
        )
    return found


def areas(path: Path, check: Check) -> list[AreaRow]:
    """The areas of a table. Every parent must be in it too."""
    found, rows = [], []
    for row in read(path, ("code", "name", "kind", "parent_code"), check):
        check.once(row, "code")
        found.append(
            AreaRow(
                code=row.text("code", limit=12),
                name=row.text("name", limit=80),
                kind=row.one_of("kind", AREA_KINDS, "kind of area"),
                parent_code=row.text("parent_code", limit=12, required=False),
            )
        )
        rows.append(row)
    codes = {area.code for area in found}
    for area, row in zip(found, rows, strict=True):
        if area.parent_code and area.parent_code not in codes:
            row.unknown("parent_code", area.parent_code, codes, "area")
    return found


def postcodes(path: Path, check: Check, areas: Collection[str]) -> list[PostcodeRow]:
    """The postcodes of a table, each in a known district and ward."""
    found = []
    columns = PostcodeRow.__slots__
    for row in read(path, columns, check):
        check.once(row, "postcode")
        found.append(
            PostcodeRow(
                postcode=_postcode(row, "postcode", required=True),
                district_code=row.one_of("district_code", areas, "area"),
                ward_code=row.one_of("ward_code", areas, "area", required=False),
                easting=row.number("easting", most=700_000),
                northing=row.number("northing", most=1_300_000),
                latitude=row.degrees("latitude", most=90),
                longitude=row.degrees("longitude", most=180),
            )
        )
    return found


def addresses(path: Path, check: Check, postcodes: Collection[str]) -> list[AddressRow]:
    """The addresses of a table, each at a known postcode. Degrees may be left out."""
    found = []
    for row in read(path, AddressRow.__slots__, check):
        check.once(row, "uprn")
        uprn = row.text("uprn", limit=12)
        if uprn and not (uprn.isascii() and uprn.isdigit()):
            row.wrong("uprn", f'"{uprn}" is no UPRN', "Write 1 to 12 digits")
        has_point = row.text("latitude", required=False) and row.text("longitude", required=False)
        postcode = _postcode(row, "postcode", required=True)
        if postcode and postcode not in postcodes:
            row.wrong("postcode", f"{postcode} is not known", "Load the postcodes first")
        found.append(
            AddressRow(
                uprn=uprn,
                postcode=postcode,
                text=row.text("text", limit=300),
                latitude=row.degrees("latitude", most=90) if has_point else None,
                longitude=row.degrees("longitude", most=180) if has_point else None,
            )
        )
    return found


def outside(path: Path, check: Check) -> list[OutsideRow]:
    """The bodies of a table that are not of the partnership."""
    found = []
    kinds = [kind for kind, _ in OUTSIDE_KINDS]
    for row in read(path, ("slug", "name", "kind", "phone", "url", "hand_off"), check):
        check.once(row, "slug")
        url = row.text("url", limit=200, required=False)
        if url and not url.startswith("https://"):
            row.wrong("url", f'"{url}" is no address', "Write it with https:// before it")
        found.append(
            OutsideRow(
                slug=row.slug("slug"),
                name=row.text("name", limit=120),
                kind=row.one_of("kind", kinds, "kind of body"),
                phone=row.text("phone", limit=32),
                url=url,
                hand_off=row.text("hand_off", limit=HAND_OFF),
            )
        )
    return found
