"""What members of staff can do and how much they should have in hand, as their leaders say."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from teamwork.models import Capacity, Skill, SkillKind, SkillLevel

MOST = 200


class NotYoursToSay(DomainError):
    code = "not_yours_to_say"


class SkillUnknown(DomainError):
    code = "skill_unknown"


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
    leads = viewer.may(Permission.SEE_PERFORMANCE) and viewer.may(Permission.SEE_QUEUE)
    if not (viewer.is_hub and leads):
        raise NotYoursToSay("Team leaders of the hub say what somebody can do")
