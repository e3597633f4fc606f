"""What waits for the agent who looks, as every page of theirs says it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from accounts.middleware import viewer_of
from desk import live
from enquiries.queries import reminders
from enquiries.queries.reminders import OFFERED, PARKED, RING, Reminder


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits, by what it is; `topic` is what the part of the page listens to."""

    topic: str
    ring: list[Reminder]
    offered: list[Reminder]
    parked: list[Reminder]

    def __bool__(self) -> bool:
        return bool(self.ring or self.offered or self.parked)

    @property
    def words(self) -> str:
        """What is said when the part comes anew."""
        number = len(self.ring) + len(self.offered) + len(self.parked)
        return "One thing waits for you" if number == 1 else f"{number} things wait for you"


def waits(request: HttpRequest) -> Waits | None:
    """What waits for who looks; None for who is not signed in. One statement."""
    who = viewer_of(request)
    if who is None:
        return None
    found = reminders.reminders(who, now=timezone.now())
    ring, offered, parked = (
        [one for one in found if one.what == what] for what in (RING, OFFERED, PARKED)
    )
    return Waits(live.own(who), ring, offered, parked)
