"""A draft of a notice by each of two bodies: each writes its own, and the hub all."""

from __future__ import annotations

from uuid import UUID

from accounts.permissions import SYSTEM_VIEWER
from kb.actions_notices import NoticeSaid, draft
from tests.isolation.stage import BODIES, Scene
from tests.world import NOW


def drafts(scene: Scene) -> dict[str, UUID]:
    """Their ids by owner."""
    return {
        owner: draft(
            NoticeSaid(
                organisation=BODIES[owner],
                kind="outage",
                title=f"Nothing is emptied in {owner}",
                words="The lorry is broken.",
                services=("missed-bin",),
                starts_at=NOW,
                everywhere=True,
            ),
            viewer=SYSTEM_VIEWER,
            now=NOW,
        ).public_id
        for owner in ("a", "b")
        if scene.world.organisations[BODIES[owner]]
    }
