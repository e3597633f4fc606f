"""A device of the whole reference partnership, and what it is given to work without us."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

import accounts.queries
from channels.kiosk import content
from tests.kiosk_device import Device, enrolled
from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]
LARGEST = 1_500_000


@pytest.fixture(scope="module")
def _whole(_loaded: None, django_db_blocker: Any) -> None:
    """The forms and the Polish of the reference catalogue, beside what every test has of it."""
    with django_db_blocker.unblock():
        call_command("import_forms", replace=True, stdout=StringIO())
        call_command("import_words", stdout=StringIO())


@pytest.fixture
def kiosk(_whole: None, partnership: None, monkeypatch: pytest.MonkeyPatch) -> Device:
    """A device of the reference partnership."""
    content.forget()
    monkeypatch.setattr(content, "MOMENT", 0.0)
    return enrolled(accounts.queries.sites("kiosk")[0].slug)


def told(kiosk: Device, what: str) -> Any:
    answer = kiosk.client.get(f"/kiosk/content/{what}/")
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST
    return json.loads(answer.content)
