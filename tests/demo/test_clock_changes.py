"""A made-up crowd lives through the nights on which the clocks change."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from core.audit import Actor
from enquiries.models import EnquiryEvent
from hub.demo import crowd, needs
from hub.demo.crowd import Hands
from hub.demo.seasons import Asked, Seasons
from tests.partnership import _loaded

__all__ = ["_loaded"]
HANDS = Hands((), Actor("staff", name="Asha Agent"))
# The clocks went forward at 01:00 GMT on the Sunday, back at 01:00 GMT on another.
SPRING, AUTUMN = date(2026, 3, 29), date(2025, 10, 26)
UNTIL = datetime(2026, 6, 30, tzinfo=UTC)


class Around(Seasons):
    """Everybody comes in the hours around a clock change, or on the two evenings before it."""

    def __init__(self, night: date, services: list[str]) -> None:
        super().__init__(services, UNTIL.date())
        self._night = night

    def draw(self, chance: random.Random) -> Asked:
        asked = super().draw(chance)
        ago = chance.choice((0, 0, 1, 2))
        clock = time(chance.randrange(18, 24) if ago else chance.randrange(4), chance.randrange(60))
        day = self._night - timedelta(days=ago)
        return replace(asked, at=datetime.combine(day, clock, asked.at.tzinfo))


def moments(told: Any) -> Iterator[datetime]:
    """Every moment that a history says."""
    if isinstance(told, datetime):
        yield told
    elif isinstance(told, tuple):
        for one in told:
            yield from moments(one)
    elif is_dataclass(told):
        for field in fields(told):
            yield from moments(getattr(told, field.name))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_what_is_told_around_a_clock_change_happens_in_its_order(night: date) -> None:
    cause = crowd._prepared(HANDS, UNTIL)
    cause = replace(cause, seasons=Around(night, sorted(cause.rules.services)))
    chance = random.Random(157)
    people = needs.residents(0, chance, cause)
    for made in needs.plan(people, chance, cause):
        assert {one.tzinfo for one in moments(made.history)} == {UTC}
    assert crowd._chunk(0, needs.CHUNK, crowd.SEED, cause) == needs.CHUNK
    lines = EnquiryEvent.objects.order_by("enquiry", "sequence").values_list("enquiry", "at")
    last: dict[int, datetime] = {}
    for enquiry, at in lines:
        assert at >= last.get(enquiry, at)
        last[enquiry] = at
