"""Files in the scene: a partner's for each kind of reader, and the citizen's own."""

from __future__ import annotations

from enquiries.actions import attachments, uploads
from enquiries.models import Attachment
from tests.isolation.canaries import mark
from tests.isolation.stage import PNG, Scene
from tests.world import NOW

# Enough to have one of each kind: own, others', of colleagues, of the police.
WITH_FILES = {"a.accepted", "b.accepted", "both", "a.private"}
# What the citizen sent is read by all who have a part of it: here that is one body.
WITH_OWN_FILES = WITH_FILES - {"both"}


def of_partner(scene: Scene, key: str, owner: str, officer: str, reader: str) -> None:
    name = scene.canaries.add(f"{key}.file_{reader}_{owner}", mark(key, f"file{reader}{owner}"))
    # The store takes the same bytes once for each reader.
    row: Attachment = attachments.attach(
        public_id=scene.things[key].referrals[owner], viewer=scene.viewer(officer),
        name=f"{name}.png", content=PNG, seen_by=reader, now=NOW,
    )  # fmt: skip
    scene.files[f"{key}.{reader}.{owner}"] = row.public_id
    scene.canaries.add(f"{key}.fileid_{reader}_{owner}", str(row.public_id))


def of_citizen(scene: Scene, key: str, owner: str) -> None:
    name = scene.canaries.add(f"{key}.file_all_{owner}", mark(key, f"fileall{owner}"))
    row = uploads.add_by_citizen(
        reference=scene.things[key].reference, name=f"{name}.png", content=PNG, now=NOW
    )
    scene.files[f"{key}.all.{owner}"] = row.public_id
    scene.canaries.add(f"{key}.fileid_all_{owner}", str(row.public_id))
