"""Who carries messages, for those who look after it. Secrets are never read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifications import carrier_kinds
from notifications.backends import registry
from notifications.carrier_kinds import KINDS
from notifications.models import Carrier, Route
from notifications.models.carriers import KINDS as KIND_NAMES

KIND_WORDS = dict(KIND_NAMES)


@dataclass(frozen=True, slots=True)
class CarrierKnown:
    """An account. `of_environment`: the settings of the machine name it, nobody changes it here."""

    slug: str
    name: str
    kind: str
    kind_words: str
    media: tuple[str, ...]
    organisation: int | None
    is_active: bool
    of_environment: bool


@dataclass(frozen=True, slots=True)
class CarrierTold:
    """An account with what it was told, but for its secrets, of which `kept` says the names."""

    known: CarrierKnown
    told: Mapping[str, str]
    kept: frozenset[str]


@dataclass(frozen=True, slots=True)
class RouteKnown:
    """Who carries a medium for a body (None: for all others), the first choice first.

    `is_own` False: what stands behind counts, because nobody has said anything here.
    """

    medium: str
    organisation: int | None
    carriers: tuple[str, ...]
    is_own: bool


def carriers() -> list[CarrierKnown]:
    """All accounts: those of the environment, then the rows by name."""
    rows = {row.slug: row for row in Carrier.objects.order_by("name", "slug")}
    named = [
        CarrierKnown(one.slug, KIND_WORDS.get(one.kind, one.kind), one.kind,
                     KIND_WORDS.get(one.kind, one.kind), _media(one.kind), None, True, True)
        for one in registry.of_environment()
        if one.slug not in rows
    ]  # fmt: skip
    return [*named, *(_known(row) for row in rows.values())]


def carrier(slug: str) -> CarrierTold | None:
    """One account that was set up here; None for any other."""
    row = Carrier.objects.filter(slug=slug).first()
    if row is None:
        return None
    told = {name: _words(value) for name, value in row.settings.items()}
    return CarrierTold(_known(row), told, frozenset(registry.secrets_kept(row.sealed)))


def routes() -> list[RouteKnown]:
    """The partnership's route of each medium, whoever has said it, and each body's own."""
    found: dict[tuple[str, int | None], list[str]] = {}
    for row in Route.objects.all():
        found.setdefault((row.medium, row.organisation_id), []).append(row.carrier)
    for medium in carrier_kinds.MEDIA:
        found.setdefault((medium, None), [])
    order = {medium: n for n, medium in enumerate(carrier_kinds.MEDIA)}
    return [
        RouteKnown(
            medium,
            body,
            tuple(slugs or [one.slug for one in registry.carriers_for(medium)]),
            is_own=bool(slugs),
        )
        for (medium, body), slugs in sorted(
            # Bodies with a route of their own before everybody else.
            found.items(),
            key=lambda one: (order[one[0][0]], one[0][1] is None, one[0][1] or 0),
        )
    ]


def _known(row: Carrier) -> CarrierKnown:
    return CarrierKnown(
        row.slug, row.name, row.kind, KIND_WORDS.get(row.kind, row.kind), _media(row.kind),
        row.organisation_id, row.is_active, of_environment=False,
    )  # fmt: skip


def _media(kind: str) -> tuple[str, ...]:
    return KINDS[kind].media if kind in KINDS else carrier_kinds.MEDIA


def _words(value: Any) -> str:
    return carrier_kinds.write_templates(value) if isinstance(value, dict) else str(value)
