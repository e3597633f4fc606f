"""A script of the scene: begun in a contact of the hub, with somebody's words in it."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from accounts.permissions import Viewer
from enquiries.models import Contact
from kb.journeys import Journey
from teamwork import actions_scripts
from tests.isolation.stage import Scene
from tests.world import NOW


def scripts(scene: Scene, who: Viewer) -> None:
    """Writes it. What was said in it is on its own page alone."""
    contact = Contact.objects.get(public_id=scene.contacts["open"])
    journey = Journey(id="scene").about("missed-bin", "Missed bin")
    scene.scripts["public_id"] = contact.public_id
    scene.scripts["script"] = actions_scripts.begin(
        contact_id=contact.pk,
        key=uuid4(),
        viewer=who,
        journey=replace(journey, description="A script"),
        now=NOW,
    )
