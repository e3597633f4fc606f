"""Citizens after they sent something: their page, and what they press on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from enquiries.actions import referrals
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, Referral
from tests.journeys.steps import hidden_fields, words
from tests.world import NOW, World, ask, enquiry_of


@dataclass
class Citizen:
    """Who has the link of one enquiry."""

    enquiry: Enquiry
    client: Client = field(default_factory=Client)

    @property
    def page(self) -> str:
        return f"/track/{self.enquiry.reference}/{self.enquiry.secret}/"

    def reads(self, name: str = "") -> str:
        """The words of the page of the enquiry, or of one of its acts."""
        return words(self.html(name))

    def html(self, name: str = "") -> str:
        answer = self.client.get(f"{self.page}{name}")
        assert answer.status_code == 200, answer
        return str(answer.content.decode())

    def sends(self, name: str, **fields: Any) -> Any:
        """Opens the page of an act and sends its form; what the page says then."""
        form = hidden_fields(self.html(f"{name}/"))
        self.sent = {**form, **fields}
        return self.again(name)

    def again(self, name: str) -> Any:
        """Sends the same form once more."""
        return self.client.post(f"{self.page}{name}/", self.sent, follow=True)

    def now(self) -> Enquiry:
        """The enquiry as it is now."""
        return Enquiry.objects.get(pk=self.enquiry.pk)


@pytest.fixture(autouse=True)
def _afternoon() -> Iterator[None]:
    """Some hours after what the tests say happened; the clock goes on."""
    with time_machine.travel(NOW + timedelta(hours=4), tick=True):
        yield


@pytest.fixture
def citizen(world: World) -> Citizen:
    """With a missed bin that was sent to Wychavon."""
    return Citizen(enquiry_of(ask()))


@pytest.fixture
def referral(citizen: Citizen) -> Referral:
    return Referral.objects.get(enquiry=citizen.enquiry)


@pytest.fixture
def done(world: World, citizen: Citizen, referral: Referral) -> Citizen:
    """One whose bin was emptied."""
    officer = world.viewer(world.officer)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=NOW)
    referrals.complete(
        public_id=referral.public_id,
        viewer=officer,
        outcome=Outcome.COMPLETED,
        words="The crew emptied it",
        now=NOW,
    )
    return citizen


def token_in(text: str, path: str) -> str:
    """The secret part of an address that stands in a text."""
    found = re.search(rf"{path}([^/\s\"]+)/", text)
    assert found, text
    return found[1]
