"""Rules for tests: written, switched on, and run as the worker does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from enquiries.models import Enquiry
from teamwork import actions_rules, ruling
from teamwork.actions_rules import Written
from teamwork.models import Rule
from tests.world import World, ask, enquiry_of

URGENT = {"kind": "priority", "priority": "urgent", "words": "A rule says so"}
NOTE = {"kind": "note", "words": "Look at {reference}"}


def rule(world: World, *acts: dict[str, str], on: bool = True, **more: Any) -> Rule:
    """A rule of all the hub's cases, on from now."""
    who, now = world.viewer(world.administrator), timezone.now()
    said = {"name": "Wheels", "team_id": None, "trigger": "received", **more}
    made = actions_rules.write(
        viewer=who, public_id=None, seen=0, said=Written(acts=acts or (URGENT,), **said), now=now
    )
    if on:
        actions_rules.switch(viewer=who, public_id=made.public_id, on=True, now=now)
    return made


def begin() -> None:
    """The rules read from here on."""
    ruling.read(now=timezone.now())


def case(words: str = "My bin was not emptied", **more: Any) -> Enquiry:
    """An enquiry of just now."""
    return enquiry_of(ask(words=words, at=timezone.now(), **more))


def run(now: datetime | None = None) -> int:
    """A run of the worker."""
    return ruling.run(now=now or timezone.now())
