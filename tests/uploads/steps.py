"""What tests do with files of a form, in few words."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path
from typing import Any

from enquiries import intake
from enquiries.actions import uploads
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Received, Sender
from enquiries.models import Upload
from tests.uploads import corpus
from tests.world import NOW

_shades = itertools.count(1)


def photo(shade: int | None = None) -> bytes:
    """A picture unlike all others, unless a shade is named."""
    number = next(_shades) if shade is None else shade
    return corpus.image(size=(40 + number % 200, 30 + number // 200))


def add(journey: str = "form", content: bytes | None = None, **more: Any) -> Upload:
    given = {"name": "hole.jpg", "now": NOW, **more}
    return uploads.add(
        journey=journey, content=photo() if content is None else content, **given
    ).upload


def send(
    journey: str = "form", *, now: datetime = NOW, service: str = "missed-bin", **more: Any
) -> Received:
    """The form is sent with its files."""
    return intake.receive(
        InboundContact(
            channel=Channel.WEB,
            external_id=journey,
            received_at=now,
            needs=(Need("The bin is full", service=service, place=Place("WR11 3DA")),),
            sender=Sender(name="Jo Bloggs", email="jo@example.com"),
            tell_by="email",
            files_of=journey,
            **more,
        ),
        now=now,
    )


def on_disk(media: Path) -> set[str]:
    folder = media / "attachments"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()
