"""The register of purposes: read from its table, kept, and looked up for privacy notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from core import audit
from core.audit import Actor
from core.sheets import Check, Row, read
from kb.models import Purpose, Service


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """One line of the register (standards.md section 7, row 9)."""

    slug: str
    name: str
    groups: list[str]
    services: list[str]
    for_all: bool
    words: str
    uses: str
    lawful_basis: str
    special_category: str
    controller: str
    recipients: str
    retention: str
    is_proposal: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What holds for one service: its own purpose, and those that hold for all."""

    own: Purpose | None
    beside: Sequence[Purpose] = field(default_factory=tuple)

    @property
    def is_proposal(self) -> bool:
        """Whether the partnership still has to agree to any of it."""
        return any(one.is_proposal for one in (self.own, *self.beside) if one is not None)


def rows(
    path: Path, check: Check, groups: Collection[str], services: Collection[str]
) -> list[PurposeRow]:
    """The lines of a table. Each group and service stands in at most one of them."""
    found: list[PurposeRow] = []
    taken: set[str] = set()
    for row in read(path, PurposeRow.__slots__, check):
        check.once(row, "slug")
        one = _row(row, groups, services)
        for name in (*one.groups, *one.services):
            if name in taken:
                row.wrong("groups", f'"{name}" has a purpose already', "Name it in one line only")
            taken.add(name)
        found.append(one)
    if found and not any(_is_default(one) for one in found):
        row.wrong("groups", "no line holds for the other services", "Add one that names none")
    return found


def _row(row: Row, groups: Collection[str], services: Collection[str]) -> PurposeRow:
    return PurposeRow(
        slug=row.slug("slug"),
        name=row.text("name", limit=120),
        groups=row.some_of("groups", groups, "group", ";"),
        services=row.some_of("services", services, "service"),
        for_all=row.flag("for_all"),
        words=row.text("words", limit=400),
        uses=row.text("uses", limit=300),
        lawful_basis=row.text("lawful_basis", limit=200),
        special_category=row.text("special_category", limit=300, required=False),
        controller=row.text("controller", limit=200, required=False),
        recipients=row.text("recipients", limit=300),
        retention=row.text("retention", limit=200),
        is_proposal=row.flag("is_proposal"),
    )


def _is_default(one: PurposeRow | Purpose) -> bool:
    return not (one.for_all or one.groups or one.services)


@transaction.atomic
def save(found: Sequence[PurposeRow], *, actor: Actor, now: datetime) -> int:
    """Adds lines and renews known ones by slug."""
    Purpose.objects.bulk_create(
        [Purpose(**asdict(row)) for row in found],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[name for name in PurposeRow.__slots__ if name != "slug"],
    )
    audit.record(
        "reference.loaded",
        actor=actor,
        target="reference:purposes",
        at=now,
        data={"rows": len(found)},
    )
    return len(found)


def of(service: Service) -> Notice:
    """What a service's own notice says: the line that names it, its group, or neither."""
    return _notice(service, list(Purpose.objects.all()))


def _notice(service: Service, register: Iterable[Purpose]) -> Notice:
    lines = list(register)
    own = [one for one in lines if not one.for_all]
    fits = (
        next((one for one in own if service.slug in one.services), None)
        or next((one for one in own if service.group in one.groups), None)
        or next((one for one in own if _is_default(one)), None)
    )
    return Notice(fits, tuple(one for one in lines if one.for_all))


def for_all() -> Sequence[Purpose]:
    """The purposes that hold for every service."""
    return list(Purpose.objects.filter(for_all=True))


def without(services: Iterable[Service]) -> list[str]:
    """Services that no line of the register holds for, by slug."""
    lines = list(Purpose.objects.all())
    return [one.slug for one in services if _notice(one, lines).own is None]
