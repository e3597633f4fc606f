"""Bodies that another hub's ledger names: ours of that name, or new ones without people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import slugify

from accounts.models import Organisation
from accounts.models.organisations import OrganisationKind, office_hours


@dataclass(frozen=True, slots=True)
class ToldBody:
    """What a ledger says of a body; `calendar` as ours, {} where it says nothing."""

    name: str
    is_hub: bool
    calendar: Mapping[str, object]


def take(bodies: Iterable[ToldBody]) -> dict[str, int]:
    """Our keys of these bodies by their names. Those that we know stay as they are."""
    known = dict(Organisation.objects.values_list("slug", "pk"))
    hub = Organisation.objects.filter(kind=OrganisationKind.HUB).values_list("pk", flat=True)
    front_door = hub.first()
    found: dict[str, int] = {}
    for body in bodies:
        if body.name in known:
            found[body.name] = known[body.name]
        elif body.is_hub and front_door is not None:
            found[body.name] = front_door
        else:
            row = _new(body, known)
            known[row.slug] = found[body.name] = row.pk
            front_door = row.pk if body.is_hub else front_door
    return found


def _new(body: ToldBody, known: Mapping[str, int]) -> Organisation:
    slug = slugify(body.name)[:50] or "body"
    if slug != body.name and slug in known:
        slug = f"{slug[:40]}-{len(known)}"
    kind = OrganisationKind.HUB if body.is_hub else OrganisationKind.DISTRICT
    return Organisation.objects.create(
        slug=body.name if slug == body.name.lower() else slug,
        name=body.name,
        short_name=body.name,
        kind=kind,
        calendar=dict(body.calendar) or office_hours(),
    )
