"""What somebody can do, as the choice of their next case reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import BigIntegerField
from django.utils.translation import get_language_info

from accounts.permissions import Viewer
from core.statements import Given, Statement, statement
from enquiries.queries.next_best import Fit
from enquiries.queries.queue_names import Names
from teamwork.models import Away, Capacity, Skill, SkillKind, SkillLevel

LEVELS: Mapping[int, str] = {one.value: str(one.label) for one in SkillLevel}
GOOD = SkillLevel.GOOD.value


def languages() -> dict[str, str]:
    """Languages beside English by their codes, as somebody may speak them."""
    codes = [code for code, _ in settings.LANGUAGES if not code.startswith("en")]
    return {code: str(get_language_info(code)["name"]) for code in codes}


def fit(viewer: Viewer, known: Names) -> Fit:
    """What the viewer can do. One statement."""
    kinds: dict[str, dict[str, int]] = {kind: {} for kind in SkillKind.values}
    for kind, value, level in _statement().rows(staff=viewer.id or 0):
        kinds[kind][value] = level
    spoken = languages()
    services = kinds[SkillKind.SERVICE.value]
    return Fit(
        languages={
            code: spoken[code] for code in kinds[SkillKind.LANGUAGE.value] if code in spoken
        },
        services={
            one.pk: services[one.slug] for one in known.services.values() if one.slug in services
        },
        areas=kinds[SkillKind.AREA.value],
        teams={int(key): level for key, level in kinds[SkillKind.TEAM.value].items()},
    )


@cache
def _statement() -> Statement:
    rows = Skill.objects.filter(staff_id=Given("staff", BigIntegerField())).order_by()
    return statement(rows.values_list("kind", "value", "level"), prepared=True)


def skills(staff_id: int) -> dict[str, dict[str, int]]:
    """The skills of somebody by kind: value by value with its level."""
    found: dict[str, dict[str, int]] = {kind: {} for kind in SkillKind.values}
    for one in Skill.objects.filter(staff_id=staff_id):
        found[one.kind][one.value] = one.level
    return found


def capacity(staff_id: int | None) -> int | None:
    """How many cases somebody should have in hand at once; None where nothing was agreed."""
    rows = Capacity.objects.filter(staff_id=staff_id or 0)
    return rows.values_list("most_in_hand", flat=True).first()


def agreed() -> Mapping[int, int]:
    """How many cases each should have in hand, of those with whom that was agreed."""
    return dict(Capacity.objects.values_list("staff_id", "most_in_hand"))


def away(*, on: date) -> Mapping[int, date]:
    """Who is away on a day, and up to which. One statement."""
    rows = Away.objects.filter(until_on__gte=on)
    return dict(rows.values_list("staff_id", "until_on"))
