"""What somebody can do, as the choice of their next case reads it."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language_info

from accounts.permissions import Viewer
from enquiries.queries.next_best import Fit
from enquiries.queries.queue_names import Names
from teamwork.models import Capacity, Skill, SkillKind


def languages() -> dict[str, str]:
    """Languages beside English by their codes, as somebody may speak them."""
    codes = [code for code, _ in settings.LANGUAGES if not code.startswith("en")]
    return {code: str(get_language_info(code)["name"]) for code in codes}


def fit(viewer: Viewer, known: Names) -> Fit:
    """What the viewer can do. One statement."""
    rows = Skill.objects.filter(staff_id=viewer.id or 0).values_list("kind", "value", "level")
    kinds: dict[str, dict[str, int]] = {kind: {} for kind in SkillKind.values}
    for kind, value, level in rows.order_by():
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
