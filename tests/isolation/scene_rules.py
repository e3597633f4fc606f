"""A macro and a rule of the hub's front team, of another of its teams, and of all."""

from __future__ import annotations

from uuid import UUID

from accounts.models import Team
from accounts.permissions import SYSTEM_VIEWER
from teamwork import actions_macros, actions_rules
from teamwork.actions_rules import Written
from tests.isolation.stage import Scene
from tests.world import NOW

_ACTS = [{"kind": "reply", "words": "Dear {name}, we look at {service} at {place}"}]


def _whose(scene: Scene) -> dict[str, int | None]:
    hub = scene.world.organisations["hub"]
    teams = Team.objects.filter(organisation=hub)
    front, second = teams.get(is_default=True).pk, teams.get(slug="second").pk
    return {"team": front, "second": second, "all": None}


def macros(scene: Scene) -> dict[str, UUID]:
    """Their ids."""
    return {
        whose: actions_macros.write(
            viewer=SYSTEM_VIEWER, public_id=None, seen=0, team_id=team, name=f"For {whose}",
            key="", acts=_ACTS, now=NOW,
        ).public_id
        for whose, team in _whose(scene).items()
    }  # fmt: skip


def rules(scene: Scene) -> dict[str, UUID]:
    """Theirs."""
    return {
        whose: actions_rules.write(
            viewer=SYSTEM_VIEWER, public_id=None, seen=0, now=NOW,
            said=Written(name=f"For {whose}", team_id=team, trigger="received", acts=_ACTS),
        ).public_id
        for whose, team in _whose(scene).items()
    }  # fmt: skip
