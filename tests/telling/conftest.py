from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from customers.models import ContactPoint
from enquiries.inbound import Sender
from enquiries.models import Enquiry
from notifications.backends import memory, registry
from notifications.backends.base import Handed, NotHanded, Outgoing
from tests.world import NOW, World, ask, enquiry_of

MEMORY = "tests.telling.conftest.Carrier"
PHONE, MAIL = "+447700900123", "jo@example.com"
BOTH = Sender(name="Jo Bloggs", email=MAIL, phone="07700 900123")
HOME = Sender(
    name="Jo Bloggs",
    email=MAIL,
    phone="07700 900123",
    address="1 High Street, Evesham",
    postcode="WR11 3DA",
)


class Clock:
    """The time of day, which a test moves on."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self.now = NOW

    def later(self, **more: float) -> datetime:
        self.now += timedelta(**more)
        self._traveller.move_to(self.now, tick=False)
        return self.now


# What a carrier says to every message to one of the citizen's addresses, by medium.
troubles: dict[str, NotHanded] = {}


class Carrier(memory.MemoryBackend):
    """Takes all but what `troubles` refuses; mail to staff always."""

    def send(self, message: Outgoing) -> Handed:
        trouble = troubles.get(message.medium)
        if trouble is not None and not message.to.endswith(".demo"):
            raise trouble
        return super().send(message)


@pytest.fixture(autouse=True)
def providers(settings) -> Iterator[None]:
    """Every medium has a carrier inside the process, and so much is too much."""
    settings.HUB_TOLD_PER_HOUR = 5
    troubles.clear()
    settings.NOTIFICATION_BACKENDS = {"sms": MEMORY, "email": MEMORY, "letter": MEMORY}
    registry.forget()
    memory.clear()
    yield
    registry.forget()
    memory.clear()


@pytest.fixture
def clock(world: World) -> Iterator[Clock]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield Clock(traveller)


def asked(clock: Clock, sender: Sender = BOTH, *, tell_by: str = "sms", **more: Any) -> Enquiry:
    """An enquiry as its citizen sent it, through triage."""
    return enquiry_of(ask(at=clock.now, sender=sender, tell_by=tell_by, **more))


def prove(value: str) -> None:
    """They showed that they read what is sent there."""
    ContactPoint.objects.filter(value=value).update(verified_at=NOW, verified_how="link")
