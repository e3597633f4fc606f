"""A device at a library, for what comes from devices while nobody looks."""

from __future__ import annotations

import pytest

import accounts.queries
from tests import kiosk_device
from tests.kiosk_device import Device
from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]


@pytest.fixture
def site(partnership: None) -> str:
    return accounts.queries.sites("kiosk")[0].slug


@pytest.fixture
def device(site: str) -> Device:
    """A device that was enrolled."""
    return kiosk_device.enrolled(site)
