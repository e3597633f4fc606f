"""Writes reference data in bulk. Saving the same rows twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts import actions_calendars
from accounts.boundary_files import BoundaryRow
from accounts.models import Address, Area, Boundary, Organisation, Postcode, Site, Team
from accounts.reference import AddressRow, AreaRow, OrganisationRow, PostcodeRow, SiteRow, TeamRow
from core import audit
from core.audit import Actor

BATCH = 2_000


@transaction.atomic
def save_areas(rows: Sequence[AreaRow], *, actor: Actor, now: datetime) -> int:
    """Adds areas and renews known ones; none is removed, because enquiries name them."""
    Area.objects.bulk_create(
        [Area(**asdict(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "kind", "parent_code"],
        batch_size=BATCH,
    )
    _audit("areas", len(rows), actor=actor, now=now)
    return len(rows)


@transaction.atomic
def save_postcodes(rows: Sequence[PostcodeRow], *, actor: Actor, now: datetime) -> int:
    """Makes the postcodes exactly these: ended ones go, new and moved ones come.

    Every row is written, changed or not: `boundaries` tells by the first and the last of them that
    its atlas is of yesterday.
    """
    kept = [row.postcode for row in rows]
    Postcode.objects.exclude(pk__in=kept).delete()
    Postcode.objects.bulk_create(
        [Postcode(**asdict(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["postcode"],
        update_fields=[name for name in PostcodeRow.__slots__ if name != "postcode"],
        batch_size=BATCH,
    )
    _audit("postcodes", len(rows), actor=actor, now=now)
    return len(rows)


@transaction.atomic
def save_addresses(rows: Sequence[AddressRow], *, actor: Actor, now: datetime) -> int:
    """Makes the addresses exactly these: what enquiries say of theirs stays with them."""
    Address.objects.exclude(pk__in=[row.uprn for row in rows]).delete()
    Address.objects.bulk_create(
        [Address(**asdict(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["uprn"],
        update_fields=[name for name in AddressRow.__slots__ if name != "uprn"],
        batch_size=BATCH,
    )
    _audit("addresses", len(rows), actor=actor, now=now)
    return len(rows)


@transaction.atomic
def save_boundaries(rows: Sequence[BoundaryRow], *, actor: Actor, now: datetime) -> int:
    """Adds boundaries and renews those that differ; how many did. None is removed."""
    known = dict(Boundary.objects.values_list("area_code", "geometry"))
    changed = [row for row in rows if known.get(row.area_code) != row.geometry]
    Boundary.objects.bulk_create(
        [Boundary(**asdict(row), imported_at=now) for row in changed],
        update_conflicts=True,
        unique_fields=["area_code"],
        update_fields=["geometry", "source", "imported_at"],
        batch_size=BATCH,
    )
    _audit("boundaries", len(changed), actor=actor, now=now)
    return len(changed)


@transaction.atomic
def save_organisations(
    organisations: Sequence[OrganisationRow],
    teams: Sequence[TeamRow],
    sites: Sequence[SiteRow],
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Adds bodies, teams and sites and renews known ones; none is removed.

    Working hours that somebody has changed by hand stay as they are.
    """
    before = {body.slug: body.calendar for body in Organisation.objects.all()}
    by_hand = {slug: hours for slug, hours in before.items() if "changed" in (hours or {})}
    Organisation.objects.bulk_create(
        [
            Organisation(**{**asdict(row), "calendar": by_hand.get(row.slug, row.calendar)})
            for row in organisations
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[name for name in OrganisationRow.__slots__ if name != "slug"],
    )
    bodies = dict(Organisation.objects.values_list("slug", "pk"))
    for row in organisations:
        if row.slug in before and before[row.slug] != by_hand.get(row.slug, row.calendar):
            actions_calendars.changed(organisation_id=bodies[row.slug], now=now)
    # One default per body is a constraint: the old one steps back before the new one comes.
    Team.objects.filter(organisation__slug__in={row.organisation for row in teams}).update(
        is_default=False
    )
    Team.objects.bulk_create(
        [
            Team(
                organisation_id=bodies[row.organisation],
                slug=row.slug,
                name=row.name,
                email=row.email,
                is_default=row.is_default,
            )
            for row in teams
        ],
        update_conflicts=True,
        unique_fields=["organisation", "slug"],
        update_fields=["name", "email", "is_default"],
    )
    _save_sites(sites, bodies)
    count = len(organisations) + len(teams) + len(sites)
    _audit("organisations", count, actor=actor, now=now)
    return count


def _save_sites(sites: Sequence[SiteRow], bodies: dict[str, int]) -> None:
    places = Postcode.objects.in_bulk([row.postcode for row in sites if row.postcode])
    Site.objects.bulk_create(
        [
            Site(
                organisation_id=bodies[row.organisation],
                slug=row.slug,
                name=row.name,
                kind=row.kind,
                address=row.address,
                postcode=f"{row.postcode[:-3]} {row.postcode[-3:]}" if row.postcode else "",
                latitude=places[row.postcode].latitude if row.postcode in places else None,
                longitude=places[row.postcode].longitude if row.postcode in places else None,
                opening=row.opening,
                phone=row.phone,
                offers=row.offers,
            )
            for row in sites
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[
            *("organisation", "name", "kind", "address", "postcode"),
            *("latitude", "longitude", "opening", "phone", "offers"),
        ],
    )


def _audit(what: str, count: int, *, actor: Actor, now: datetime) -> None:
    audit.record(
        "reference.loaded", actor=actor, target=f"reference:{what}", at=now, data={"rows": count}
    )
