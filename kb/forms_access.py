"""Whose form it is: what all read is the hub's, what differs in an area is its organisation's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import QuerySet

from accounts.gazetteer import gazetteer
from accounts.permissions import Permission, Viewer
from kb.models import Service

# Which services an organisation answers for, by what kind of body it is. The districts answer for
# the town's services where there is no town. What is everybody's ("all") stays with the hub.
TIERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "county": ("county",),
        "district": ("district", "town"),
        "town": ("town",),
        "police": ("police",),
        "health": ("health",),
    }
)


def answered_for(viewer: Viewer) -> QuerySet[Service]:
    """The services whose forms a partner's editor may change for the areas of their body."""
    if viewer.is_hub or not viewer.may(Permission.EDIT_ANSWERS):
        return Service.objects.none()
    tiers = TIERS.get(viewer.organisation_kind, ())
    return Service.objects.filter(is_active=True, owner_tier__in=tiers)


def own_areas(viewer: Viewer, area_code: str) -> dict[str, str]:
    """The area of the viewer's body and all that lies in it: codes with names, the body's first."""
    if viewer.is_hub or not area_code:
        return {}
    book = gazetteer()
    found = {area_code: book.names[area_code]} if area_code in book.names else {}
    inside = {code for code in book.names if area_code in _around(code, book.parents)}
    return found | {
        code: book.names[code]
        for code in sorted(inside - {area_code}, key=lambda one: book.names[one])
    }


def _around(code: str, parents: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    while code and code not in found:
        found.add(code)
        code = parents.get(code, "")
    return found
