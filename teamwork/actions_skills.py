"""What members of staff can do and how much they should have in hand, as their leaders say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from teamwork.models import Away, Capacity, Skill, SkillKind, SkillLevel

MOST = 200


class NotYoursToSay(DomainError):
    code = "not_yours_to_say"


class SkillUnknown(DomainError):
    code = "skill_unknown"


@dataclass(frozen=True, slots=True)
class Said:
    """What a leader says of somebody: languages, services, areas and teams by their keys with a
    level, the most cases in hand, and up to which day they are away."""

    languages: Mapping[str, int]
    services: Mapping[str, int]
    areas: Mapping[str, int]
    teams: Mapping[str, int]
    most: int | None
    away_until: date | None


@transaction.atomic
def say(*, viewer: Viewer, staff_id: int, said: Said, now: datetime) -> None:
    """All that a leader says of somebody, in place of what was said before. Raises NotYoursToSay,
    SkillUnknown."""
    kinds = {
        SkillKind.LANGUAGE: said.languages,
        SkillKind.SERVICE: said.services,
        SkillKind.AREA: said.areas,
        SkillKind.TEAM: said.teams,
    }
    for kind, levels in kinds.items():
        set_skills(viewer=viewer, staff_id=staff_id, kind=kind, levels=levels)
    set_capacity(viewer=viewer, staff_ids=[staff_id], most=said.most)
    set_away(viewer=viewer, staff_id=staff_id, until=said.away_until)
    audit.record(
        "colleague.said",
        actor=viewer.actor,
        target=f"user:{staff_id}",
        at=now,
        data={
            "languages": dict(said.languages),
            "services": dict(said.services),
            "areas": dict(said.areas),
            "teams": dict(said.teams),
            "most": said.most,
            "away_until": said.away_until.isoformat() if said.away_until else "",
        },
    )


def set_away(*, viewer: Viewer, staff_id: int, until: date | None) -> None:
    """Somebody is away up to and on that day; None says that they are at work. Raises
    NotYoursToSay."""
    _may(viewer)
    if until is None:
        Away.objects.filter(staff_id=staff_id).delete()
        return
    Away.objects.bulk_create(
        [Away(staff_id=staff_id, until_on=until)],
        update_conflicts=True,
        unique_fields=["staff"],
        update_fields=["until_on"],
    )


@transaction.atomic
def set_skills(*, viewer: Viewer, staff_id: int, kind: str, levels: Mapping[str, int]) -> None:
    """All skills of one kind that somebody has: value by value with a level; others are gone.

    Raises NotYoursToSay for who leads nobody, SkillUnknown.
    """
    _may(viewer)
    if kind not in SkillKind.values or len(levels) > MOST:
        raise SkillUnknown("Choose a language, a service, an area or a team")
    if not set(levels.values()) <= set(SkillLevel.values):
        raise SkillUnknown("Choose some, good or expert")
    own = Skill.objects.filter(staff_id=staff_id, kind=kind)
    own.exclude(value__in=list(levels)).delete()
    Skill.objects.bulk_create(
        [
            Skill(staff_id=staff_id, kind=kind, value=value[:60], level=level)
            for value, level in levels.items()
        ],
        update_conflicts=True,
        unique_fields=["staff", "kind", "value"],
        update_fields=["level"],
    )


def set_capacity(*, viewer: Viewer, staff_ids: Collection[int], most: int | None) -> None:
    """How many cases somebody should have in hand; None holds nobody back. Raises
    NotYoursToSay."""
    _may(viewer)
    if most is None:
        Capacity.objects.filter(staff_id__in=list(staff_ids)).delete()
        return
    if not 1 <= most <= MOST:
        raise SkillUnknown(f"Enter a number from 1 to {MOST}")
    Capacity.objects.bulk_create(
        [Capacity(staff_id=one, most_in_hand=most) for one in staff_ids],
        update_conflicts=True,
        unique_fields=["staff"],
        update_fields=["most_in_hand"],
    )


def _may(viewer: Viewer) -> None:
    if not (viewer.is_hub and viewer.may(Permission.LEAD_TEAM)):
        raise NotYoursToSay("Team leaders of the hub say what somebody can do")
