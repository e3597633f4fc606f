"""A few devices in the small partnership, in whatever state a test wants."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Site
from kiosks.models import Kiosk, Pulse

# A Tuesday at ten, in office hours.
NOW = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
_number = itertools.count(1)


def device(
    name: str = "", *, site: str = "evesham-kiosk", heard: float | None = 5, **said: Any
) -> Kiosk:
    """A device that was heard of so many seconds before NOW; None: never. `said` goes to its row,
    what stands in `pulse` to what it said last."""
    number, pulse = next(_number), said.pop("pulse", {})
    now = said.pop("now", NOW)
    kiosk = Kiosk.objects.create(
        **{
            "site": Site.objects.get(slug=site),
            "name": name or f"Kiosk {number}",
            "thumbprint": f"key-{number}",
            "enrolled_at": now - timedelta(days=40),
            **said,
        }
    )
    if heard is not None:
        at = now - timedelta(seconds=heard)
        Pulse.objects.create(kiosk=kiosk, **{"at": at, "numbers": 300, **pulse})
    return kiosk


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is Tuesday at ten on every page."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW
