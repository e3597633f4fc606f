"""The heartbeat of a device: what is written down, what it is told, and who gets a session."""

from __future__ import annotations

import time
from typing import Any

from kiosks.models import Pulse


def said(**changes: Any) -> dict[str, Any]:
    """A heartbeat of a device at which nothing happens."""
    return {
        "v": 1,
        "now": int(time.time() * 1000),
        "release": "",
        "content": "",
        "queued": 0,
        "oldest": None,
        "numbers": 300,
        "touched": None,
        "printed": 0,
        "here": False,
        "problems": [],
        "done": [],
        "counts": {},
        **changes,
    }


def test_a_heartbeat_is_written_down_and_answered(device):
    answer = device.call("/kiosk/pulse/", said(queued=2, problems=["printer"]))
    assert answer.status_code == 200, answer.content
    pulse = Pulse.objects.get()
    assert (pulse.queued, pulse.problems, pulse.numbers) == (2, ["printer"], 300)
    told = answer.json()
    assert told["settings"]["name"] == "Kiosk by the door"
    assert told["locked"] is None
