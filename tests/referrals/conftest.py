"""The wall clock stands at the tests' own day, so that nothing here is old news."""

from __future__ import annotations

import pytest

from accounts.permissions import Viewer
from tests.referrals import steps
from tests.referrals.steps import LATER
from tests.world import World


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def constable(world: World) -> Viewer:
    _body, user = steps.police(world)
    return world.viewer(user)
